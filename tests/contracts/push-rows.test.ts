/** Input rows reach rules in every front-end alike, and a room's log repeats them to the bit. */
import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { fileURLToPath } from "node:url";
import type { Call } from "#contract/abi.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { inProcess } from "#testing/in-process.ts";
import { bundleOf } from "../support/bundles.ts";
import { push } from "./fixtures/push/push.ts";
import { callAll } from "./mover/front-ends.ts";
import { appliedRow, appliedRows } from "../support/applied-rows.ts";

const folder = fileURLToPath(new URL("fixtures/push/", import.meta.url));

let frontEnds: readonly LoadedContract[];

beforeAll(async () => {
  const engine = await contractEngine();
  const built = async (entry: string): Promise<LoadedContract> => engine.load(await bundleOf(folder + entry));
  frontEnds = [inProcess(push), await built("push.ts"), await built("assembly/push.ts")];
}, 240_000);

const key = new Uint8Array(32).fill(9);
const player = (seat: number) => ({ id: String(seat).repeat(32), seat });

/** Rows of some seats, ascending; a few of them cleared before. */
const rows = fc
  .record({
    cleared: fc.subarray([0, 1, 2, 3]),
    pushed: fc.subarray([0, 1, 2, 3]).chain((seats) => fc.tuple(...seats.map(appliedRow))),
  })
  .map(({ cleared, pushed }) => appliedRows(cleared, pushed));

test("the same rows give the same answers and tables in both languages and in plain Node", () => {
  fc.assert(
    fc.property(fc.array(fc.option(rows, { nil: undefined }), { maxLength: 60 }), (ticks) => {
      const instances = frontEnds.map((contract) => contract.instantiate());
      callAll(instances, { call: "open", tick: 0, key, options: {} });
      for (const seat of [0, 1, 2]) callAll(instances, { call: "join", tick: 0, key, player: player(seat) });
      ticks.forEach((drawn, i) => {
        const call: Call = { call: "tick", tick: i + 1, ...(drawn === undefined ? {} : { rows: drawn }) };
        callAll(instances, call);
      });
      callAll(instances, { call: "view", tick: 99, viewers: [{ kind: "player", ...player(1) }] });
    }),
    { seed: 11, numRuns: 25 },
  );
});

test("rows are in the memory that is saved, and go on from there", () => {
  let instances = frontEnds.map((contract) => contract.instantiate());
  callAll(instances, { call: "open", tick: 0, key, options: {} });
  callAll(instances, { call: "join", tick: 0, key, player: player(0) });
  const row = { seat: 0, seen: 1, values: [100, -7, 1.5, 1] };
  callAll(instances, { call: "tick", tick: 1, rows: appliedRows([], [row]) });
  instances = instances.map((instance, i) => frontEnds[i]!.restore(instance.snapshot()));
  // Nothing came: what was wanted last is wanted still.
  for (let tick = 2; tick <= 40; tick++) callAll(instances, { call: "tick", tick });
  const x = new Float32Array(instances[0]!.tables().slice(40, 44).buffer)[0]!;
  expect(x).toBeGreaterThan(5);
});

test("a contract declares its input, and what cannot be one is refused", () => {
  expect(frontEnds.map(({ manifest }) => manifest.input)).toEqual(["Push", "Push", "Push"]);
  for (const wrong of [{ input: "Body" }, { input: "Nobody" }, { pace: "turns" as const, frameBytes: 0 }]) {
    expect(() => inProcess({ ...push, ...wrong })).toThrow(expect.objectContaining({ code: "bundle-refused" }));
  }
});
