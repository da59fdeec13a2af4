/**
 * One room in which everybody moves twenty times a second and sees sixty others: what it costs, where the time goes, and how
 * late it is; ours, ours without encryption, ours with far rows at 5 Hz, and plain Colyseus with a view for each client.
 *
 * Servers share one core, and clients have another. Most clients join as all do, send what all send, and only count what
 * they get; twenty read it.
 */
import type { Counted, CrowdAddress } from "./fanout/crowd.ts";
import { parts, type Part, type Parts } from "./fanout/profiling.ts";
import { canPin, cores, pin, startServers, type SystemName } from "./fanout/servers.ts";
import { hz, sides, tickMs } from "./fanout/steering.ts";
import type { Measured } from "./benches.ts";
import { UsageError, type Options } from "./options.ts";
import { Process } from "./processes/parent.ts";
import { progress } from "./progress.ts";
import type { Row } from "./report.ts";
import { percentile, rounded } from "./statistics.ts";
import { coresBetween, cpuMsBetween, momentOf, waitShareBetween, type Moment, type Named } from "./usage-window.ts";

const names: Readonly<Record<SystemName, string>> = {
  phatroom: "phatroom",
  "phatroom without encryption": "phatroom without encryption",
  "phatroom, far rows at 5 Hz": "phatroom, far rows at 5 Hz",
  colyseus: "Colyseus 0.18, StateView",
};

const sizes = [100, 300, 500, 1000];
const probes = 20;

/** Until both engines have compiled what they run: rooms of this kind live for hours. */
const warmUpSeconds = 20;

/** The clients are one process on one core; beyond this share of it, it is them who are slow. */
const clientShareMax = 0.85;
const saidShareMin = 0.95;

export async function measureFanout(options: Options): Promise<Measured> {
  const { quick, only, players: chosen, rounds } = options;
  if (chosen !== undefined && sides[chosen] === undefined)
    throw new UsageError(`--players ${chosen} is no size of this bench`);
  const rows: Row[] = [];
  for (const players of chosen !== undefined ? [chosen] : quick ? [50] : sizes) {
    const systems = (Object.keys(names) as SystemName[]).filter((system) => only === undefined || system === only);
    const found: Row[] = [];
    for (let round = 0; round < rounds; round++) {
      for (const system of systems) found.push(await measureSystem(system, players, options));
    }
    rows.push(...systems.map((_, at) => middleOf(found.filter((__, i) => i % systems.length === at))));
  }
  return { rows, ratios: ratiosOf(rows) };
}

/** Of each figure the median; of the costs, the range too. */
function middleOf(rows: readonly Row[]): Row {
  const [first, ...others] = rows as readonly [Row, ...Row[]];
  if (others.length === 0) return first;
  const figures = (key: string): number[] => rows.map((row) => row[key] as number);
  const middle = Object.entries(first).map(([key, value]) =>
    typeof value === "number" ? [key, percentile(figures(key), 50)] : [key, value],
  );
  const invalid = rows.find(({ valid }) => valid === false) ?? first;
  const costs = figures("server_cpu_us_per_frame");
  return {
    ...(Object.fromEntries(middle) as Row),
    valid: invalid["valid"]!,
    invalid_because: invalid["invalid_because"]!,
    rounds: rows.length,
    server_cpu_us_per_frame_least: Math.min(...costs),
    server_cpu_us_per_frame_most: Math.max(...costs),
  };
}

async function measureSystem(system: SystemName, players: number, options: Options): Promise<Row> {
  const { seconds, quick } = options;
  const warmUp = quick ? options.warmupSeconds : warmUpSeconds;
  const say = (text: string): void => progress(`fanout: ${names[system]}, ${players} players: ${text}`);
  const servers = await startServers(system, sides[players]!);
  const crowd = new Process("clients", "fanout/crowd.ts");
  pin(crowd, cores.clients);
  const processes: Named<Process> = { ...servers.processes, crowd };
  try {
    say("joining");
    await crowd.ask("enter", { ...servers.address, players, probes } satisfies CrowdAddress, say);
    await crowd.ask("play");
    say(`warming up for ${warmUp} s`);
    await pause(warmUp);
    await crowd.ask("reset");
    await servers.ticking.ask("ticks");
    const from = await momentOf(processes);
    say(`measuring for ${seconds} s`);
    await pause(seconds);
    const counted = await crowd.ask<Counted>("counted");
    const ticks = await servers.ticking.ask<number[]>("ticks");
    const to = await momentOf(processes);
    say("looking where the time goes");
    const split = await splitOf(servers.processes, servers.ticking, Math.max(2, Math.round(seconds / 4)));
    return rowOf(system, players, { from, to, counted, ticks, split });
  } finally {
    await crowd.stop();
    await servers.stop();
  }
}

/** Milliseconds a tick of each part, over all servers. */
async function splitOf(servers: Named<Process>, ticking: Process, seconds: number): Promise<Parts> {
  await ticking.ask("ticks");
  for (const server of Object.values(servers)) await server.ask("profile");
  await pause(seconds);
  const { length: ticks } = await ticking.ask<number[]>("ticks");
  const sums = Object.fromEntries(parts.map((part) => [part, 0])) as Record<Part, number>;
  for (const server of Object.values(servers)) {
    const found = await server.ask<Parts>("profiled");
    for (const part of parts) sums[part] += found[part] / ticks;
  }
  return sums;
}

interface Found {
  readonly from: Moment;
  readonly to: Moment;
  readonly counted: Counted;
  readonly ticks: readonly number[];
  readonly split: Parts;
}

function rowOf(system: SystemName, players: number, { from, to, counted, ticks, split }: Found): Row {
  const servers = Object.keys(from.usages).filter((name) => name !== "crowd");
  const clientShare = coresBetween(from, to, ["crowd"]);
  const seconds = (to.at - from.at) / 1000;
  const invalid = invalidBecause(clientShare, counted.said);
  return {
    name: `${names[system]}, ${players}`,
    valid: invalid === null,
    invalid_because: invalid,
    players,
    visible: counted.visible,
    ticks_per_s: ticks.length / seconds,
    overrun_share: overrunShare(ticks, seconds),
    tick_p50_ms: percentile(ticks, 50),
    tick_p99_ms: percentile(ticks, 99),
    latency_p50_ms: counted.p50,
    latency_p99_ms: counted.p99,
    kb_per_s_per_client: counted.bytes / 1000 / seconds / players,
    frames_per_s_per_client: counted.frames / seconds / players,
    server_cpu_us_per_frame: (cpuMsBetween(from, to, servers) * 1000) / counted.frames,
    ...Object.fromEntries(servers.map((name) => [`${name}_cores`, coresBetween(from, to, [name])])),
    ...Object.fromEntries(parts.map((part) => [`${part}_ms_per_tick`, split[part]])),
    client_core_share: clientShare,
    wait_for_core_share: waitShareBetween(from, to, [...servers, "crowd"]),
  };
}

/** Of the ticks that were due: those that took longer than there is time, and those that were left out. */
function overrunShare(ticks: readonly number[], seconds: number): number {
  const due = Math.floor(seconds * hz);
  const late = ticks.filter((ms) => ms > tickMs).length;
  return Math.min(1, (late + Math.max(0, due - 1 - ticks.length)) / due);
}

function invalidBecause(clientShare: number, said: number): string | null {
  if (!canPin) return "there is one core, or processes cannot be held to one";
  if (clientShare > clientShareMax) return `the clients used ${Math.round(clientShare * 100)} % of their core`;
  if (said < saidShareMin) return `${Math.round(said * 100)} % of the inputs were sent in time`;
  return null;
}

function ratiosOf(rows: readonly Row[]): Record<string, number> {
  const ratios: Record<string, number> = {};
  for (const players of new Set(rows.map((row) => row["players"] as number))) {
    const row = (system: SystemName): Row | undefined =>
      rows.find(({ name }) => name === `${names[system]}, ${players}`);
    const [ours, plain, theirs] = [row("phatroom"), row("phatroom without encryption"), row("colyseus")];
    const cpu = "server_cpu_us_per_frame";
    if (ours !== undefined && theirs !== undefined) {
      ratios[`${players}: ${cpu}, phatroom / Colyseus`] = over(ours, theirs, cpu);
      const spent = (ours["encoding_ms_per_tick"] as number) + (ours["encryption_ms_per_tick"] as number);
      ratios[`${players}: encoding and encryption, phatroom / encoding, Colyseus`] = rounded(
        spent / (theirs["encoding_ms_per_tick"] as number),
      );
    }
    if (ours !== undefined && plain !== undefined) {
      ratios[`${players}: part of ${cpu} that is encryption`] = rounded(1 - over(plain, ours, cpu));
    }
  }
  return ratios;
}

const over = (a: Row, b: Row, key: string): number => rounded((a[key] as number) / (b[key] as number));

const pause = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
