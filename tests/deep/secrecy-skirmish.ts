/** The secrecy test on Skirmish in full: its fog, in the engine that the worker runs. */
import { secrecyTestCompiled } from "#testing/secrecy.ts";
import * as components from "../../contracts/skirmish/components.ts";
import { skirmishContract } from "../contracts/skirmish/arena.ts";
import { skirmishSecrecy } from "../contracts/skirmish/entitled.ts";
import type { DeepCheck } from "./deep.ts";

export const secrecySkirmish: DeepCheck = {
  name: "secrecy-skirmish",
  unit: "random steps in the fog",
  full: 100_000,
  // A test of the contract plays one.
  slice: 0,
  async run({ seed, count, progress }) {
    const report = secrecyTestCompiled(
      { loaded: await skirmishContract(), components },
      {
        ...skirmishSecrecy(),
        seed: String(seed),
        steps: count,
        stepsPerGame: 200,
        ...(progress === undefined ? {} : { progress }),
      },
    );
    const { games, gamesVaried, steps, framesCompared } = report;
    return {
      count: steps,
      figures: { games, gamesVaried, playerFrames: framesCompared.players, spectatorFrames: framesCompared.spectators },
    };
  },
};
