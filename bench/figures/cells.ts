/** What tables of figures are made of. */
import type { Report, Row } from "../report.ts";

/** A figure of a row as a person writes it; a dash if it was not measured. */
export const number = (row: Row, key: string): string => {
  const value = row[key];
  return typeof value === "number" ? value.toLocaleString("en") : "–";
};

export const text = (row: Row, key: string): string => {
  const value = row[key];
  return typeof value === "string" ? value : "–";
};

/** @throws Error if the report has no such row. */
export function rowOf({ bench, rows }: Report, name: string): Row {
  const row = rows.find((each) => each.name === name);
  if (row === undefined) throw new Error(`the results of ${bench} have no row ${name}`);
  return row;
}

/** Where and from what a table was measured. Paths are from the root. */
export function sourceLine({ machine: { cpu, cores, node } }: Report, paths: readonly string[]): string {
  const named = paths.map((path) => `\`${path}\``);
  const last = named.pop()!;
  const from = named.length === 0 ? last : `${named.join(", ")} and ${last}`;
  return `${cpu}, ${cores} cores, Node ${node}. From ${from}.`;
}
