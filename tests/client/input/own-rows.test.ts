/** Own rows ahead of the room: only what it has not used is done again, and a module that misbehaves is given up. */
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import binaryen from "binaryen";
import { harden } from "#enclave/sandbox/hardener/harden.ts";
import { loadPredictor, type Predictor } from "#client/input/predictor.ts";
import { layoutsOf } from "#contract/components.ts";
import { predictorOf } from "../../support/bundles.ts";
import { ownRowsOf, predictions } from "../../support/predictions.ts";
import * as components from "../../contracts/fixtures/push/components.ts";

const folder = fileURLToPath(new URL("../../contracts/fixtures/push/", import.meta.url));
const layouts = layoutsOf(components);
const [body, drift] = ["Body", "Drift"].map((table) => layouts.findIndex(({ name }) => name === table)) as [
  number,
  number,
];
const owned = new Set([body, drift]);
const east = [100, 0, 0, 0];

let predictor: Predictor;
let other: Predictor;
beforeAll(async () => {
  predictor = await loadPredictor(await predictorOf(`${folder}push.ts`));
  other = await loadPredictor(await predictorOf(`${folder}assembly/push.ts`));
}, 240_000);

/** A room that has heard nothing, then says where the body is. */
const told = (x: number, drifting: number) => (table: number, field: number) =>
  field === 0 ? (table === body ? x : drifting) : 0;

test("both languages predict alike, to the bit", () => {
  expect(predictions(other, "languages")).toEqual(predictions(predictor, "languages"));
});

test("rows that the room has used are not done again, and those that it has not are", () => {
  const own = ownRowsOf(predictor);
  own.told(0, owned, () => 0, 0);
  for (let n = 1; n <= 4; n++) own.sent(n, east, n * 50);
  const ahead = own.drawn(body, 0, 250);
  const steps = [1, 2, 3, 4].map((n) => (0.2 * (1 - 0.75 ** n)) / 0.25);
  expect(ahead).toBeCloseTo(steps.reduce((sum, step) => sum + step));
  // The room has used two, and they did what was predicted.
  own.told(2, owned, told(Math.fround(steps[0]! + steps[1]!), Math.fround(steps[1]!)), 250);
  expect(own.drawn(body, 0, 250)).toBeCloseTo(ahead, 5);
  expect(own.errors).toMatchObject({ compared: 1, corrections: 0 });
  // It has used all four, and something else happened meanwhile.
  own.told(4, owned, told(-3, 0), 300);
  expect(own.drawn(body, 0, 300)).toBeCloseTo(ahead, 5);
  expect(own.drawn(body, 0, 1500)).toBeCloseTo(-3, 4);
  expect(own.errors.corrections).toBe(1);
  expect(own.errors.max).toBeCloseTo(ahead + 3, 4);
});

test("nothing is predicted of a player without a row, and it begins when there is one", () => {
  const own = ownRowsOf(predictor);
  own.sent(1, east, 0);
  expect([own.active, own.owns(body)]).toEqual([false, false]);
  own.told(0, owned, () => 0, 10);
  expect(own.owns(body)).toBe(true);
  expect(own.drawn(body, 0, 60)).toBeCloseTo(0.2);
  own.told(1, new Set(), () => 0, 60);
  expect(own.owns(body)).toBe(false);
});

/** A hardened module with this body for `predict`. */
async function misbehaving(wat: string): Promise<Predictor> {
  const module = binaryen.parseText(
    `(module (memory (export "memory") 1)
       (func (export "predict_tables") (result i32) (i32.const 0))
       (func (export "predict") (param i32 i32) ${wat}))`,
  );
  const { bytes } = harden(module.emitBinary(), { imports: new Set(), pagesMax: 64 });
  module.dispose();
  return loadPredictor(bytes);
}

test.for([
  ["never ends", "(loop (br 0))"],
  ["gives up", "(unreachable)"],
  ["leaves its memory", "(i32.store (i32.const 100000) (i32.const 1))"],
] as const)("a module that %s is given up: what the room says is what is shown", async ([, wat]) => {
  const own = ownRowsOf(await misbehaving(wat));
  own.told(0, owned, () => 0, 0);
  expect(own.active).toBe(true);
  own.sent(1, east, 50);
  expect([own.active, own.owns(body)]).toEqual([false, false]);
  own.told(1, owned, told(5, 0), 100);
  expect(own.active).toBe(false);
});

test("a module of another contract is refused", async () => {
  const small = binaryen.parseText(
    `(module (memory (export "memory") 1) (func (export "predict_tables") (result i32) (i32.const 65500))
       (func (export "predict") (param i32 i32)))`,
  );
  const { bytes } = harden(small.emitBinary(), { imports: new Set(), pagesMax: 64 });
  small.dispose();
  const loaded = await loadPredictor(bytes);
  expect(() => ownRowsOf(loaded)).toThrow(RangeError);
});
