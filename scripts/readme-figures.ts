/**
 * Writes the table of measured figures into README.md, from results that `npm run bench` has kept:
 * `node scripts/readme-figures.ts bench/results/join-….json bench/results/dot4-….json`.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { figures, readReport, withFigures } from "../bench/figures.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const [join, dot4] = process.argv.slice(2);
if (join === undefined || dot4 === undefined) {
  console.error("name two results: node scripts/readme-figures.ts bench/results/join-….json bench/results/dot4-….json");
  process.exit(2);
}
const readme = `${root}README.md`;
const paths = [join, dot4].map((path) => relative(root, path));
writeFileSync(readme, withFigures(readFileSync(readme, "utf8"), figures(readReport(join), readReport(dot4), paths)));
execFileSync(`${root}node_modules/.bin/oxfmt`, [readme]);
