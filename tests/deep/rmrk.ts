/** Random sequences of RMRK interactions, legal and not: against a model of the rules, and against `rmrk-tools`. */
import { missing } from "../oracles/rmrk-tools.ts";
import { broader, differentNames, OracleStory, stricter } from "../rmrk/support/oracle-story.ts";
import { Story } from "../rmrk/support/story.ts";
import { SeededNumbers, type DeepCheck } from "./deep.ts";

/** Sayings of one sequence behind its prelude of eleven. */
const lengthMax = 30;

export const rmrk: DeepCheck = {
  name: "rmrk",
  unit: "sequences of RMRK interactions",
  full: 100_000,
  slice: 150,
  async run({ seed, count, progress }) {
    const numbers = new SeededNumbers(seed);
    const seen = new Set<string>();
    let sayings = 0;
    for (let done = 0; done < count; done++) {
      const story = new Story(seed + done);
      const length = 1 + numbers.below(lengthMax);
      story.tell(length);
      sayings += length;
      for (const key of story.seen.keys()) seen.add(key);
      if (done % 100 === 0) progress?.(done);
    }
    return { count, figures: { sayings, codes: seen.size } };
  },
};

export const rmrkOracle: DeepCheck = {
  name: "rmrk-oracle",
  unit: "RMRK interactions beside rmrk-tools",
  full: 100_000,
  slice: 400,
  async run({ seed, count, progress }) {
    await installOracles();
    const met = new Set<string>();
    let told = 0;
    for (let at = 0; told < count; at++) {
      const story = new OracleStory(seed + at);
      await story.tell(lengthMax);
      told += story.told;
      for (const key of story.met) met.add(key);
      progress?.(told);
    }
    const listed = Object.keys(stricter).length + Object.keys(broader).length + differentNames.length;
    return { count: told, figures: { "differences met": met.size, "differences listed": listed } };
  },
};

/** What only tests compare with is not among the project's own dependencies. */
async function installOracles(): Promise<void> {
  if (missing === undefined) return;
  const { install } = (await import(new URL("../../scripts/install.mjs", import.meta.url).href)) as {
    readonly install: (folder: string) => boolean;
  };
  install("tests/oracles");
}
