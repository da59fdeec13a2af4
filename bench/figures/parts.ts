/** What parts cost, each beside something that does the same: one line for each. */
import type { Report } from "../report.ts";
import { number, rowOf, sourceLine } from "./cells.ts";

/** The benches that the table is made from. */
export const partBenches = [
  "verify",
  "contract",
  "fanout",
  "encode",
  "soak",
  "hub",
  "frames",
  "mint",
  "log",
  "recovery",
  "engine",
] as const;

export type PartReports = Readonly<Record<(typeof partBenches)[number], Report>>;

type Line = readonly [title: string, ours: string, beside: string];

/** The table, and below it where and from what it was measured. Paths are from the root. */
export function partFigures(reports: PartReports, paths: readonly string[]): string {
  const { engine, contract, verify, fanout, encode, soak, hub, frames, mint, log, recovery } = reports;
  const lines = [
    verifyLine(verify),
    movesLine(contract),
    ...[100, 1000].map((players) => crowdLine(fanout, players)),
    encodeLine(encode),
    livedLine(soak, "in one room"),
    livedLine(hub, "living in the hub of Phala World"),
    framesLine(frames),
    mintLine(mint),
    durableLine(log),
    recoveryLine(recovery),
    engineLine(engine),
  ];
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

function crowdLine(fanout: Report, players: number): Line {
  const [ours, theirs] = ["phatroom", "Colyseus 0.18, StateView"].map((name) => {
    const row = rowOf(fanout, `${name}, ${players}`);
    const cost = `${number(row, "server_cpu_us_per_frame")} µs a frame, ${number(row, "kb_per_s_per_client")} KB/s each`;
    const late = `, ${number(row, "latency_p50_ms")} ms late`;
    return `${number(row, "ticks_per_s")} ticks/s, ${cost}${late}${row["valid"] === false ? " (clients too slow)" : ""}`;
  });
  return [`${players} in one room at 20 Hz, each sees 60, on one core`, ours!, `Colyseus 0.18 with views: ${theirs}`];
}

function encodeLine(encode: Report): Line {
  const [ours, theirs] = ["phatroom", "Colyseus"].map(
    (name) => `${number(rowOf(encode, `${name} 1000×60`), "cpu_ms_per_tick_p50")} ms a tick`,
  );
  return [
    "1,000 see 60 each, all of them changed: encoding, before encryption",
    ours!,
    `@colyseus/schema 5: ${theirs}`,
  ];
}

/** Of a run in five parts: what became of memory and ticks. */
function livedLine(run: Report, where: string): Line {
  const [early, late] = [rowOf(run, "part 2"), rowOf(run, "part 5")];
  const grown = (key: string): string => `${number(early, key)} → ${number(late, key)} MiB`;
  const held = "worker_held_mib" in late ? ` (holds ${grown("worker_held_mib")})` : "";
  const memory = `worker ${grown("worker_rss_mib")}${held}, gateway ${grown("gateway_rss_mib")}`;
  const ticks = `tick p99 ${number(early, "tick_p99_ms")} → ${number(late, "tick_p99_ms")} ms`;
  const minutes = (Number(late["seconds"]) * run.rows.length) / 60;
  return [
    `${number(late, "players")} ${where} for ${minutes} minutes, from the second fifth to the last`,
    `${memory}, ${ticks}`,
    "–",
  ];
}

function framesLine(frames: Report): Line {
  const drawn = (screen: string, level: string): string => {
    const row = rowOf(frames, `${screen}, ${level}, 100 avatars`);
    return `${number(row, "frames_per_s")} on a ${screen}'s screen (${number(row, "frame_alone_p50_ms")} ms each)`;
  };
  // As ANGLE says it: maker, card and how it is reached.
  const card = String(frames.rows[0]!["renderer"]).split(", ")[1]?.split("/")[0] ?? "unknown";
  return [
    `Phala World at its highest quality with 100 avatars: frames a second, of 60; drawn by ${card} on ${frames.machine.cores} cores`,
    `${drawn("laptop", "high")}, ${drawn("phone", "high")}`,
    "–",
  ];
}

function mintLine(mint: Report): Line {
  const batched = mint.rows.find(({ name }) => name.endsWith("awards that wait"))!;
  const single = rowOf(mint, "issuer, one award at a time");
  const rates = `${number(batched, "awards_per_s")} a second, ${number(batched, "awards_per_block")} in a block`;
  const final = `one alone is final after ${number(single, "award_to_final_p50_ms")} ms`;
  return ["awards to items on the local chain", `${rates}; ${final}`, "–"];
}

function durableLine(log: Report): Line {
  const of = (store: string): string => {
    const most = Math.max(...log.rows.filter(({ name }) => name.startsWith(store)).map(durable));
    const usual = rowOf(log, `${store}, 2,000 offered per second`);
    return `${most.toLocaleString("en")} a second at most; at 2,000 p99 ${number(usual, "p99_ms")} ms`;
  };
  return [
    "actions that are on the disk when they are acknowledged",
    of("SQLite"),
    `in PostgreSQL: ${of("PostgreSQL")}`,
  ];
}

const durable = ({ durable_per_s: perSecond }: Report["rows"][number]): number =>
  typeof perSecond === "number" ? perSecond : 0;

function recoveryLine(recovery: Report): Line {
  const [worker, gateway] = ["worker", "gateway"].map((part) =>
    recovery.rows.find(({ name }) => name.endsWith(`rooms, ${part} killed`)),
  );
  const back = `${number(worker!, "rooms_back")} back in ${number(worker!, "rooms_back_ms")} ms`;
  const waits = [worker!, gateway!].map((row) => `${number(row, "p99_ms")} ms`).join(" / ");
  return [
    "rooms whose worker is killed; until players play on, worker / gateway killed, p99",
    `${back}; ${waits}`,
    "–",
  ];
}

function engineLine(engine: Report): Line {
  const ratio = (work: string): string => `${engine.ratios[`${work}: AssemblyScript, hardened / plain V8`] ?? "–"}`;
  const { core_share: share } = rowOf(engine, "200 rooms, AssemblyScript, W1 and W2");
  return [
    "AssemblyScript as rooms run it, a tick / views of 100 entities",
    `${ratio("w1_tick")} / ${ratio("w2_views")} times; 200 arenas at 20 Hz take ${String(share)} of a core`,
    "the same in plain V8: 1",
  ];
}
