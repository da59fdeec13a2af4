/** A report for people: one column for each row of the report while there are few, otherwise one line. */
import type { Report, Row } from "./report.ts";

/** Sentences are broken at this many characters, so that four systems fit beside each other. */
const cellWidthMax = 26;

/** Of which numbers still stand beside each other on a screen. */
const columnsMax = 12;

export function renderTable(report: Report): string {
  const { bench, commit, machine, rows, ratios } = report;
  const byKey = keysOf(rows).map((key) => [key === "name" ? "" : key].concat(rows.map((row) => cell(row, key))));
  const texts = rows.length <= columnsMax ? byKey : byKey[0]!.map((_, i) => byKey.map((column) => column[i]!));
  const lines = texts.map((line) => line.map(wrap));
  const widths = lines[0]!.map((_, column) =>
    Math.max(...lines.flatMap((cells) => cells[column]!.map(({ length }) => length))),
  );
  return [
    `${bench} at ${commit}`,
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${machine.load_1min} at the start`,
    "",
    ...lines.flatMap((cells) => block(cells, widths)),
    "",
    ...Object.entries(ratios).map(([name, ratio]) => `${name} = ${ratio}`),
    "",
  ].join("\n");
}

/** In the order in which rows have them; what only a later row has stands behind what it has before that. */
function keysOf(rows: readonly Row[]): string[] {
  const keys: string[] = [];
  for (const row of rows) {
    let next = 0;
    for (const key of Object.keys(row)) {
      const at = keys.indexOf(key);
      if (at === -1) keys.splice(next++, 0, key);
      else next = at + 1;
    }
  }
  return keys;
}

function cell(row: Row, key: string): string {
  const value = row[key];
  if (value === undefined || value === null) return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return String(value);
}

/** One row of the table, on as many lines as its longest cell needs. */
function block(cells: readonly (readonly string[])[], widths: readonly number[]): string[] {
  const height = Math.max(...cells.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) =>
    cells
      .map((parts, column) => (parts[line] ?? "").padEnd(widths[column]!))
      .join("  ")
      .trimEnd(),
  );
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > cellWidthMax) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
