/**
 * Random modules, hardened and run beside the same programs in plain V8: same results, same traps, same memory and
 * globals, the same cost each time, and an end whenever the budget ends. Broken modules are refused with a code.
 */
import { SeededNumbers, type DeepCheck } from "./deep.ts";
import { Differential } from "./hardener-differential.ts";
import { MutantFigures, tryMutants } from "./hardener-mutants.ts";

/** What once made a run fail, or never end. */
const keptSeeds = [2_408_654_451];

/** For each random module, so many broken ones. */
const mutantsEach = 1;

export const fuzzHardener: DeepCheck = {
  name: "hardener",
  unit: "random modules",
  full: 100_000,
  slice: 300,
  async run({ seed, count, progress }) {
    const differential = new Differential();
    const mutants = new MutantFigures();
    for (const kept of keptSeeds) differential.check(kept);
    const numbers = new SeededNumbers(seed);
    for (let done = 0; done < count; done++) {
      const moduleSeed = numbers.below(2 ** 32);
      try {
        differential.check(moduleSeed);
        tryMutants(moduleSeed, mutantsEach, mutants);
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new Error(`module seed ${moduleSeed} (module ${done} of seed ${seed}): ${why}`, { cause });
      }
      if (done % 200 !== 199) continue;
      progress?.(done + 1);
      // Memories that nobody holds are given back between turns of the event loop.
      await new Promise(setImmediate);
    }
    return { count, figures: { ...differential.figures, ...mutants.figures } };
  },
};
