/** The secrecy test on Dot4 in full: in plain Node, and through the engine that the worker runs, with Node beside it. */
import { buildContract } from "#cli/build-contract.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { secrecyTest } from "#testing/secrecy.ts";
import { fileURLToPath } from "node:url";
import { dot4 } from "../../contracts/dot4/dot4.ts";
import { dot4Secrecy } from "../contracts/dot4/entitled.ts";
import type { DeepCheck, DeepOptions, DeepResult } from "./deep.ts";

export const secrecyDot4: DeepCheck = {
  name: "secrecy-dot4",
  unit: "random steps",
  full: 100_000,
  slice: 800,
  run: (options) => Promise.resolve(play(options)),
};

export const secrecyDot4Engine: DeepCheck = {
  name: "secrecy-dot4-engine",
  unit: "random steps through the engine",
  full: 1000,
  slice: 80,
  async run(options) {
    const { bundle } = await buildContract(fileURLToPath(new URL("../../contracts/dot4/dot4.ts", import.meta.url)));
    const engine = await contractEngine();
    return play(options, await engine.load(bundle));
  },
};

function play({ seed, count, progress }: DeepOptions, engine?: LoadedContract): DeepResult {
  const { games, gamesVaried, steps, framesCompared } = secrecyTest(dot4, {
    ...dot4Secrecy,
    seed: String(seed),
    steps: count,
    ...(progress === undefined ? {} : { progress }),
    ...(engine === undefined ? {} : { engine }),
  });
  const { players, spectators, host } = framesCompared;
  return {
    count: steps,
    figures: { games, gamesVaried, playerFrames: players, spectatorFrames: spectators, hostFrames: host },
  };
}
