/** Mover in TypeScript and in AssemblyScript is one game: the same answers, rows and draws from the same log, to the bit. */
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { buildContract } from "#cli/build-contract.ts";
import { encodeAnswer, type Call } from "#contract/abi.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import type { Instance, LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { inProcess } from "#testing/in-process.ts";
import { mover } from "../../../contracts/mover/mover.ts";
import { anyLog } from "./logs.ts";

const folder = fileURLToPath(new URL("../../../contracts/mover/", import.meta.url));

let frontEnds: readonly LoadedContract[];

beforeAll(async () => {
  const engine = await contractEngine();
  const built = async (entry: string): Promise<LoadedContract> =>
    engine.load((await buildContract(folder + entry)).bundle);
  frontEnds = [inProcess(mover), await built("mover.ts"), await built("assembly/mover.ts")];
}, 240_000);

/** Whatever was drawn before, the next wanderer's place and course tell. */
const drawAgain: Call = { call: "leave", tick: 10_000, player: { id: "0".repeat(32), seat: 0 } };

function sameInAll(instances: readonly Instance[], call: Call): void {
  const answers = instances.map((instance) => bytesToHex(encodeAnswer(instance.call(call))));
  expect(new Set(answers).size, `answers to ${JSON.stringify(call)}`).toBe(1);
  const tables = instances.map((instance) => bytesToHex(instance.tables()));
  expect(new Set(tables).size, `tables after ${JSON.stringify(call)}`).toBe(1);
}

test("the same log gives the same answers, tables and draws in both languages and in plain Node", () => {
  fc.assert(
    fc.property(anyLog, (log) => {
      const instances = frontEnds.map((contract) => contract.instantiate());
      for (const call of log) sameInAll(instances, call);
      const seated = log.some((call) => call.call === "join" && call.player.seat === 0);
      const left = log.findLastIndex((call) => call.call === "leave" && call.player.seat === 0);
      const joined = log.findLastIndex((call) => call.call === "join" && call.player.seat === 0);
      if (seated && joined > left) sameInAll(instances, drawAgain);
    }),
    { seed: 7, numRuns: 12 },
  );
});

test("a minute of a hundred bodies is the same, also from a snapshot in its middle", () => {
  let instances = frontEnds.map((contract) => contract.instantiate());
  const key = new Uint8Array(32).fill(9);
  const player = { id: "0".repeat(32), seat: 0 };
  sameInAll(instances, { call: "open", tick: 0, key, options: {} });
  sameInAll(instances, { call: "join", tick: 0, key, player });
  sameInAll(instances, { call: "move", tick: 0, player, move: { direction: 5, walking: true } });
  for (let tick = 1; tick <= 1200; tick++) {
    if (tick === 600) instances = instances.map((instance, i) => frontEnds[i]!.restore(instance.snapshot()));
    sameInAll(instances, { call: "tick", tick });
  }
  sameInAll(instances, { call: "view", tick: 1200, viewers: [{ kind: "player", ...player }, { kind: "spectator" }] });
});
