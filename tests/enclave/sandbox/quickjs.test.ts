import { beforeAll, expect, test } from "vitest";
import { installedQuickJs } from "#enclave/sandbox/quickjs/installed.ts";
import type { Engine } from "#enclave/sandbox/sandbox.ts";
import { rawBundle } from "./raw.ts";

const done = { answer: "done", reason: null, effects: [] };
const open = { call: "open", tick: 0, key: new Uint8Array(32), options: {} } as const;
const say = (bytes: string): string => `return say(${bytes});`;

let engine: Engine;
beforeAll(async () => {
  engine = await installedQuickJs();
});

test("the engine's name pins the binary, so that another binary makes other contracts", async () => {
  const contract = await engine.load(rawBundle({ value: done }));
  expect(contract.engine).toMatch(/^quickjs-wasi 3\.6\.2 [0-9a-f]{16} phatroom hardener \d+ interface \d+$/);
});

test("console reaches the author, and a room is the same with and without one", async () => {
  const body = `
    console.log("dealt", { cards: 3 }, new TypeError("odd"));
    console.assert(1 === 2, "sums");
    ${say(`[0x83, 0xa6,97,110,115,119,101,114, 0xa4,100,111,110,101, 0xa6,114,101,97,115,111,110, 0xc0, 0xa7,101,102,102,101,99,116,115, 0x90]`)}`;
  const bundle = rawBundle({ body });
  const lines: string[] = [];
  const heard = (await engine.load(bundle, { log: (line) => lines.push(line) })).instantiate();
  const unheard = (await engine.load(bundle)).instantiate();
  expect(heard.call(open)).toEqual(done);
  expect(unheard.call(open)).toEqual(done);
  expect(lines).toEqual([expect.stringMatching(/^dealt {"cards":3} TypeError: odd/), "Assertion failed: sums"]);
  expect(heard.snapshot()).toEqual(unheard.snapshot());
});
