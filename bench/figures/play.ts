/** The same game on several systems: one column for each, from one report of each bench. */
import type { Report, Row } from "../report.ts";
import { number, sourceLine, text } from "./cells.ts";

interface RowsOfSystem {
  readonly join: readonly Row[];
  readonly dot4: Row;
  /** Of rooms that outlast a crash; undefined where there are none. */
  readonly kept: Row | undefined;
}

/** One line of the table: what it says of a system, given that system's rows of both benches. */
type Line = readonly [title: string, of: (rows: RowsOfSystem) => string];

const lines: readonly Line[] = [
  ["joining a room, p50 / p95", ({ join }) => join.map(joinTimes).join("; ")],
  [
    "a move until the other sees it, p50 / p99",
    ({ dot4, kept }) => `${moveTimes(dot4)}${kept === undefined ? "" : `; kept on disk ${moveTimes(kept)}`}`,
  ],
  [
    "servers' processor time for a move",
    ({ dot4, kept }) => `${moveCost(dot4)}${kept === undefined ? "" : `; kept on disk ${moveCost(kept)}`}`,
  ],
  [
    "servers' memory, rooms of two at once",
    ({ dot4 }) => `${number(dot4, "servers_rss_mib")} MiB, ${number(dot4, "rooms")} rooms`,
  ],
  ["the operator sees", ({ dot4 }) => text(dot4, "operator_sees")],
  ["the opponent sees", ({ dot4 }) => text(dot4, "opponent_sees")],
];

/** The table, and below it where and from what it was measured. Paths are from the root. */
export function playFigures(join: Report, dot4: Report, paths: readonly string[]): string {
  const firsts = dot4.rows.filter(({ name }) => !name.includes(", "));
  const systems = firsts.map(({ name }) => name);
  const cells = firsts.map((row) => {
    const rows = {
      join: join.rows.filter(({ name }) => isOf(row.name, name)),
      dot4: row,
      kept: dot4.rows.find(({ name }) => name === `${row.name}, kept`),
    };
    return lines.map(([, of]) => of(rows));
  });
  const invalid = dot4.rows.filter(({ valid }) => valid === false).map(({ name }) => name);
  return [
    `| | ${systems.join(" | ")} |`,
    `| --- |${" --- |".repeat(systems.length)}`,
    ...lines.map(([title], i) => `| ${title} | ${cells.map((column) => column[i]).join(" | ")} |`),
    "",
    sourceLine(dot4, paths),
    ...(invalid.length === 0
      ? []
      : ["", `The bots could not keep up: the row does not count for ${invalid.join(", ")}.`]),
  ].join("\n");
}

const moveTimes = (row: Row): string => `${number(row, "p50_ms")} / ${number(row, "p99_ms")} ms`;
const moveCost = (row: Row): string => `${number(row, "server_cpu_ms_per_move")} ms`;

/** Rows of join may be several for one system: "phatroom, attested", "phatroom, resumed". */
const isOf = (system: string, row: string): boolean => row === system || row.startsWith(`${system}, `);

function joinTimes(row: Row): string {
  const [, how] = row.name.split(", ");
  return `${how === undefined ? "" : `${how} `}${number(row, "p50_ms")} / ${number(row, "p95_ms")} ms`;
}
