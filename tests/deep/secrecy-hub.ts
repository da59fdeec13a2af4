/** The secrecy test on the hub of Phala World in full. */
import { secrecyTest } from "#testing/secrecy.ts";
import { hubSecrecy, watchedHub } from "../contracts/phala-world/entitled.ts";
import type { DeepCheck } from "./deep.ts";

export const secrecyHub: DeepCheck = {
  name: "secrecy-hub",
  unit: "random steps",
  full: 20_000,
  slice: 60,
  run({ seed, count, progress }) {
    const { games, gamesVaried, steps, framesCompared } = secrecyTest(watchedHub(), {
      ...hubSecrecy,
      seed: String(seed),
      steps: count,
      stepsPerGame: 100,
      ...(progress === undefined ? {} : { progress }),
    });
    const { players, spectators } = framesCompared;
    return Promise.resolve({
      count: steps,
      figures: { games, gamesVaried, playerFrames: players, spectatorFrames: spectators },
    });
  },
};
