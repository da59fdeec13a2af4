/** Random logs of mover in both languages and in plain Node: the same answers and rows after every call. */
import fc from "fast-check";
import { callAll, moverFrontEnds } from "../contracts/mover/front-ends.ts";
import { anyLog } from "../contracts/mover/logs.ts";
import type { DeepCheck } from "./deep.ts";

export const twinsMover: DeepCheck = {
  name: "twins-mover",
  unit: "calls of mover in two languages",
  full: 100_000,
  slice: 300,
  async run({ seed, count, progress }) {
    const frontEnds = await moverFrontEnds();
    let [calls, games] = [0, 0];
    for (; calls < count; games++) {
      const [log] = fc.sample(anyLog, { seed: seed + games, numRuns: 1 });
      const instances = frontEnds.map((contract) => contract.instantiate());
      for (const call of log!) callAll(instances, call);
      calls += log!.length;
      progress?.(calls);
    }
    return { count: calls, figures: { games } };
  },
};
