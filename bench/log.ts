/**
 * What an acknowledgement costs: actions per second that become durable, each a sealed record behind the one before it in
 * its room, and how long each waits for that, by open-loop load through the real link into a real store.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StoreConfig } from "../server/gateway/store/open.ts";
import type { Measured } from "./benches.ts";
import { syncTimes } from "./log/disk.ts";
import type { Borne, Load } from "./log/worker.ts";
import type { Options } from "./options.ts";
import { Process } from "./processes/parent.ts";
import { PostgresServer, postgresPrograms } from "./processes/postgres.ts";
import { progress } from "./progress.ts";
import type { Row } from "./report.ts";
import { percentile } from "./statistics.ts";
import { cpuMsBetween, momentOf } from "./usage-window.ts";

const rates = [2_000, 5_000, 10_000, 20_000, 30_000, 50_000, 75_000];
const ratesQuick = [1_000, 5_000, 10_000];
const rooms = 1000;

/** What an acknowledgement may take, and how many a second are wanted at least and at best. */
const aim = { p99Ms: 15, perSecond: 50_000, perSecondLeast: 10_000 };

/** Less than this of what was offered is a store that does not keep up. */
const keptUp = 0.95;

export async function measureLog({ quick }: Options): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "phatroom-bench-log-"));
  try {
    const rows = await measureStore("SQLite", { kind: "sqlite", directory: join(folder, "store") }, folder, quick);
    if (postgresPrograms === undefined) {
      progress("log: PostgreSQL is not installed and not measured");
      return { rows, ratios: {} };
    }
    const postgres = await PostgresServer.start();
    try {
      const others = await measureStore("PostgreSQL", { kind: "postgres", url: postgres.url }, folder, quick);
      return { rows: [...rows, ...others], ratios: {} };
    } finally {
      await postgres.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureStore(name: string, store: StoreConfig, folder: string, quick: boolean): Promise<Row[]> {
  const syncs = syncTimes(folder, quick ? 100 : 1000);
  const disk = { fsync_p50_ms: percentile(syncs, 50), fsync_p99_ms: percentile(syncs, 99) };
  const worker = new Process("worker", "log/worker.ts");
  const gateway = new Process("gateway", "log/gateway.ts");
  try {
    const link = join(folder, `${name}.sock`);
    await worker.ask("listen", link);
    await gateway.ask("start", { link, store });
    await worker.ask("open", rooms);
    const seconds = quick ? 2 : 10;
    await worker.ask<Borne>("bear", { rate: 2000, seconds: quick ? 1 : 5 } satisfies Load);
    const rows: Row[] = [];
    for (const rate of quick ? ratesQuick : rates) {
      progress(`log: ${name}: ${rate.toLocaleString("en")} actions per second`);
      const row = await measureRate({ worker, gateway }, rate, seconds);
      rows.push({ name: `${name}, ${rate.toLocaleString("en")} offered per second`, ...row, ...disk });
      if (row.durable_per_s < keptUp * rate) break;
    }
    return [...rows, summary(name, rows)];
  } finally {
    await gateway.stop();
    await worker.stop();
  }
}

async function measureRate(
  processes: { readonly worker: Process; readonly gateway: Process },
  rate: number,
  seconds: number,
) {
  const { worker, gateway } = processes;
  const from = await momentOf(processes);
  const before = await gateway.ask<{ records: number; batches: number }>("counts");
  const { durable, latencies, outstanding } = await worker.ask<Borne>("bear", { rate, seconds } satisfies Load);
  const after = await gateway.ask<{ records: number; batches: number }>("counts");
  const to = await momentOf(processes);
  return {
    offered_per_s: rate,
    durable_per_s: durable / seconds,
    p50_ms: percentile(latencies, 50),
    p99_ms: percentile(latencies, 99),
    max_ms: percentile(latencies, 100),
    outstanding,
    records_per_append: (after.records - before.records) / (after.batches - before.batches),
    worker_cpu_us_per_action: (1000 * cpuMsBetween(from, to, ["worker"])) / (after.records - before.records),
    gateway_cpu_us_per_action: (1000 * cpuMsBetween(from, to, ["gateway"])) / (after.records - before.records),
  };
}

/** The most that was borne while everybody was acknowledged in time. */
function summary(name: string, rows: readonly Row[]): Row {
  const borne = rows.filter((row) => Number(row["p99_ms"]) <= aim.p99Ms && kept(row));
  const most = Math.max(0, ...borne.map((row) => Number(row["durable_per_s"])));
  return {
    name: `${name}, most at p99 of ${aim.p99Ms} ms`,
    durable_per_s: most,
    aim_per_s: aim.perSecond,
    least_per_s: aim.perSecondLeast,
    rooms,
  };
}

const kept = (row: Row): boolean => Number(row["durable_per_s"]) >= keptUp * Number(row["offered_per_s"]);
