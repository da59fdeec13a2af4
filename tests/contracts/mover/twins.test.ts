/** Mover in TypeScript and in AssemblyScript is one game: the same answers, rows and draws from the same log, to the bit. */
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import type { Call } from "#contract/abi.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { callAll, moverFrontEnds } from "./front-ends.ts";
import { anyLog } from "./logs.ts";

let frontEnds: readonly LoadedContract[];

beforeAll(async () => {
  frontEnds = await moverFrontEnds();
}, 240_000);

const key = new Uint8Array(32).fill(9);
const player = { id: "0".repeat(32), seat: 0 };
const steer = (direction: number): Call => ({ call: "move", tick: 0, player, move: { direction, walking: true } });

test("the same log gives the same answers, rows and draws in both languages and in plain Node", () => {
  fc.assert(
    fc.property(anyLog, (log) => {
      const instances = frontEnds.map((contract) => contract.instantiate());
      for (const call of log) callAll(instances, call);
    }),
    { seed: 7, numRuns: 12 },
  );
});

test("a minute of a hundred bodies is the same, also from a snapshot in its middle", () => {
  let instances = frontEnds.map((contract) => contract.instantiate());
  callAll(instances, { call: "open", tick: 0, key, options: {} });
  callAll(instances, { call: "join", tick: 0, key, player });
  callAll(instances, steer(5));
  for (let tick = 1; tick <= 1200; tick++) {
    if (tick === 600) instances = instances.map((instance, i) => frontEnds[i]!.restore(instance.snapshot()));
    callAll(instances, { call: "tick", tick });
  }
  callAll(instances, { call: "view", tick: 1200, viewers: [{ kind: "player", ...player }, { kind: "spectator" }] });
});

test("a difference of one move in one of them is noticed", () => {
  const instances = frontEnds.map((contract) => contract.instantiate());
  callAll(instances, { call: "open", tick: 0, key, options: {} });
  callAll(instances, { call: "join", tick: 0, key, player });
  instances[1]!.call(steer(6));
  instances[0]!.call(steer(5));
  instances[2]!.call(steer(5));
  expect(() => callAll(instances, { call: "tick", tick: 1 })).toThrow("other rows");
});
