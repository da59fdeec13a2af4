/**
 * Writes the tables of measured figures into README.md. The results that it names already stay, unless newer ones of the
 * same bench are given: `node scripts/readme-figures.ts bench/results/engine-….json …`.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { namedResults, readReport, withFigures } from "../bench/figures/readme.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = `${root}README.md`;
const text = readFileSync(readme, "utf8");
const given = process.argv.slice(2).map((path) => relative(root, path));
const newer = new Set(given.map((path) => readReport(`${root}${path}`).bench));
const kept = namedResults(text).filter((path) => !newer.has(readReport(`${root}${path}`).bench));
writeFileSync(
  readme,
  withFigures(text, [...kept, ...given], (path) => readReport(`${root}${path}`)),
);
execFileSync(`${root}node_modules/.bin/oxfmt`, [readme]);
