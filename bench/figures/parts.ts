/** What parts cost, each beside something that does the same: one line for each. */
import type { Report } from "../report.ts";
import { number, rowOf, sourceLine } from "./cells.ts";

/** Results of the benches of parts. */
export interface PartReports {
  readonly engine: Report;
  readonly contract: Report;
  readonly verify: Report;
}

type Line = readonly [title: string, ours: string, beside: string];

/** The table, and below it where and from what it was measured. Paths are from the root. */
export function partFigures({ engine, contract, verify }: PartReports, paths: readonly string[]): string {
  const lines = [verifyLine(verify), movesLine(contract), workLine(engine), roomsLine(engine), newRoomLine(engine)];
  return [
    "| | phatroom | beside it |",
    "| --- | --- | --- |",
    ...lines.map((cells) => `| ${cells.join(" | ")} |`),
    "",
    sourceLine(engine, paths),
  ].join("\n");
}

function verifyLine(verify: Report): Line {
  const [ours, theirs] = ["phatroom, Chromium", "@phala/dcap-qvl 0.3.9, Chromium"].map((name) => {
    const row = rowOf(verify, name);
    return `${number(row, "p50_ms")} ms, ${number(row, "script_kib_gzipped")} KiB of script`;
  });
  return ["verifying a TDX quote in Chromium, and the script for it", ours!, `dcap-qvl 0.3.9: ${theirs}`];
}

function movesLine(contract: Report): Line {
  const rate = (name: string): string => number(rowOf(contract, name), "moves_per_s");
  const ours = `AssemblyScript ${rate("phatroom, AssemblyScript")}, TypeScript ${rate("phatroom, TypeScript")}`;
  const evm = rate("EVM, a block for each move");
  return [
    "Dot4 moves through the rules in a second",
    ours,
    `EVM on one machine ${evm}; a chain with 12 s blocks ${rate("a public chain, 12 s blocks")}`,
  ];
}

function workLine({ ratios }: Report): Line {
  const ratio = (work: string): string => `${ratios[`${work}: AssemblyScript, hardened / plain V8`] ?? "–"}`;
  return [
    "AssemblyScript as rooms run it, a tick / views of 100 entities",
    `${ratio("w1_tick")} / ${ratio("w2_views")} times`,
    "the same in plain V8: 1",
  ];
}

function roomsLine(engine: Report): Line {
  const row = rowOf(engine, "200 rooms, AssemblyScript, W1 and W2");
  return ["200 arenas in AssemblyScript at 20 ticks a second", `${number(row, "core_share")} of a core`, "–"];
}

function newRoomLine(engine: Report): Line {
  const each = ["TypeScript", "AssemblyScript"].map(
    (language) => `${language} ${number(rowOf(engine, `mover, ${language}`), "instantiate_ms")} ms`,
  );
  return ["a new room's memory and rules", each.join(", "), "–"];
}
