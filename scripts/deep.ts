/**
 * The checks that issues name with large counts, in full: `npm run deep`, or `npm run deep -- fuzz-worker --seed 7`. Prints
 * seed, count and time of each; the log is kept in tests/deep/log.jsonl. With `--arm64` what was recorded on this
 * processor is replayed on another one.
 */
import { execFileSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { checks as always, checksOnRequest } from "../tests/deep/checks.ts";
import { buildContracts } from "./build.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: "string" }, count: { type: "string" }, arm64: { type: "boolean" } },
});
const named = values.arm64 === true ? [...positionals, "determinism-arm64"] : positionals;
const all = [...always, ...checksOnRequest];
const unknown = named.filter((name) => !all.some((check) => check.name === name));
if (unknown.length > 0) {
  console.error(`There is no check ${unknown.join(", ")}. Checks: ${all.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}
const checks = named.length === 0 ? always : all.filter(({ name }) => named.includes(name));

const log = new URL("../tests/deep/log.jsonl", import.meta.url);
const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
const seed = Number(values.seed ?? Math.floor(Date.now() / 1000) % 2 ** 31);

await buildContracts();
let failed = 0;
for (const check of checks) {
  const count = Number(values.count ?? check.full);
  console.log(`${check.name}: seed ${seed}, ${count.toLocaleString("en")} ${check.unit} …`);
  const from = performance.now();
  const seconds = (): number => Math.round((performance.now() - from) / 100) / 10;
  let shown = 0;
  try {
    const result = await check.run({
      seed,
      count,
      progress: (done) => {
        if (seconds() - shown < 10) return;
        shown = seconds();
        process.stderr.write(`  ${done.toLocaleString("en")} after ${shown} s\n`);
      },
    });
    const line = { check: check.name, commit, seed, count: result.count, seconds: seconds(), ...result.figures };
    appendFileSync(log, `${JSON.stringify(line)}\n`);
    console.log(
      `  passed: ${result.count.toLocaleString("en")} ${check.unit} in ${seconds()} s ${JSON.stringify(result.figures ?? {})}`,
    );
  } catch (error) {
    failed += 1;
    console.error(
      `  FAILED after ${seconds()} s: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
}
process.exit(failed > 0 ? 1 : 0);
