/** The tables of measured figures in README.md, made from the results that it names. */
import { readFileSync } from "node:fs";
import type { Report } from "../report.ts";
import { partBenches, partFigures, type PartReports } from "./parts.ts";
import { playFigures } from "./play.ts";

/** Between two such lines of README.md, with the table's name, it is replaced. */
const marks = (name: string): readonly [begin: string, end: string] => [
  `<!-- figures: ${name} -->`,
  `<!-- /figures: ${name} -->`,
];

export const readReport = (path: string): Report => JSON.parse(readFileSync(path, "utf8")) as Report;

/** Paths of the results that README.md names. */
export const namedResults = (readme: string): readonly string[] => [
  ...new Set([...readme.matchAll(/`(bench\/results\/[\w.+-]+\.json)`/g)].map(([, path]) => path!)),
];

/**
 * README.md with the figures of these results, named by paths from the root.
 *
 * @throws Error if a bench is missing among them, or the marks are not there.
 */
export function withFigures(readme: string, paths: readonly string[], read: (path: string) => Report): string {
  const named = new Map(paths.map((path) => [read(path).bench, { path, report: read(path) }]));
  const of = (bench: string): { readonly path: string; readonly report: Report } => {
    const found = named.get(bench);
    if (found === undefined) throw new Error(`no results of the bench ${bench} are named`);
    return found;
  };
  const [join, dot4] = ["join", "dot4"].map(of);
  const play = playFigures(join!.report, dot4!.report, [join!.path, dot4!.path]);
  const parts = partBenches.map((bench) => [bench, of(bench)] as const);
  const reports = Object.fromEntries(parts.map(([bench, { report }]) => [bench, report])) as PartReports;
  const measured = partFigures(
    reports,
    parts.map(([, { path }]) => path),
  );
  return withTable(withTable(readme, "play", play), "parts", measured);
}

function withTable(readme: string, name: string, table: string): string {
  const [begin, end] = marks(name);
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md has no ${begin} … ${end}`);
  return `${readme.slice(0, from + begin.length)}\n\n${table}\n\n${readme.slice(to)}`;
}
