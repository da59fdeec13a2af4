/** What a bench says at the end: one JSON object, whose keys carry their units. */
import type { Machine } from "./machine.ts";
import { rounded } from "./statistics.ts";

/** One line: what was measured, and its numbers. A number that could not be measured is null. */
export interface Row {
  readonly name: string;
  readonly [key: string]: string | number | boolean | null;
}

export interface Report {
  readonly bench: string;
  /** Of the sources that were measured; "+" at its end: with changes that are not committed. */
  readonly commit: string;
  readonly machine: Machine;
  readonly rows: readonly Row[];
  /** One number over another of the same run, on a name that says which. */
  readonly ratios: Readonly<Record<string, number>>;
}

/**
 * `{ "<key>: <name> / <other>": number }` for every other row that has this key.
 *
 * @param name of the row that is compared with all others.
 */
export function ratiosTo(rows: readonly Row[], name: string, key: string): Record<string, number> {
  const own = rows.find((row) => row.name === name)?.[key];
  const ratios: Record<string, number> = {};
  if (typeof own !== "number") return ratios;
  for (const row of rows) {
    const other = row[key];
    if (row.name === name || typeof other !== "number" || other === 0) continue;
    ratios[`${key}: ${name} / ${row.name}`] = rounded(own / other);
  }
  return ratios;
}

/** With every number at a precision that means something. */
export const roundedRow = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      typeof value === "number" && !Number.isInteger(value) ? rounded(value) : value,
    ]),
  ) as Row;
