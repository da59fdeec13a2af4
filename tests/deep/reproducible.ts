/** Contracts, worker and pages of the development world, built and measured in folders of other names: always the same hashes. */
import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { isDeepStrictEqual, promisify } from "node:util";
import { clone } from "../support/clone.ts";
import { SeededNumbers, type DeepCheck } from "./deep.ts";

export const reproducible: DeepCheck = {
  name: "reproducible",
  unit: "builds of the development world",
  full: 4,
  // In the package stage, with one contract.
  slice: 0,
  async run({ seed, count, progress }) {
    const numbers = new SeededNumbers(seed);
    let first: unknown;
    for (let done = 0; done < count; done++) {
      const folder = clone("x".repeat(1 + numbers.below(40)));
      try {
        const script = ["--disable-warning=ExperimentalWarning", "scripts/measure.ts", "--json"];
        const { stdout } = await promisify(execFile)(process.execPath, script, { cwd: folder });
        const report: unknown = JSON.parse(stdout);
        first ??= report;
        if (!isDeepStrictEqual(report, first)) throw new Error(`seed ${seed}: ${folder} gave ${stdout}`);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
      progress?.(done + 1);
    }
    return { count };
  },
};
