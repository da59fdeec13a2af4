/** Many rooms of Dot4 with two bots each, all at the same pace: what they cost, and when the opponent sees a move. */
import type { Latencies } from "./bots/main.ts";
import type { Options } from "./options.ts";
import { Process } from "./processes/parent.ts";
import { progress } from "./progress.ts";
import { ratiosTo, type Row } from "./report.ts";
import type { System } from "./systems.ts";
import { coresBetween, momentOf, waitShareBetween, type Moment, type Named } from "./usage-window.ts";

/** Rooms that are there before memory is first read, so that what a server needs but once is not counted per room. */
const firstRooms = 10;

/** The bots are one process on one core; beyond this share of it, it is them who are slow. */
const clientShareMax = 0.85;
/** The moves that were to be made and were not were the slow ones. */
const movesShareMin = 0.95;

export async function measureDot4(system: System, options: Options): Promise<Row> {
  const { rooms, rate, seconds, warmupSeconds } = options;
  const running = await system.start();
  const bots = new Process("bots", "bots/main.ts");
  const processes: Named<Process> = { ...running.servers, bots };
  const say = (text: string): void => progress(`dot4: ${system.name}: ${text}`);
  try {
    await bots.ask("enter", running.address);
    const seat = (count: number): Promise<void> => bots.ask("seat", { rooms: count }, say);
    say("opening rooms");
    await seat(Math.min(firstRooms, rooms));
    const before = await momentOf(running.servers);
    await seat(Math.max(0, rooms - firstRooms));
    await bots.ask("play", { intervalMs: 1000 / rate });
    say(`warming up for ${warmupSeconds} s`);
    await pause(warmupSeconds);
    await bots.ask("reset");
    const from = await momentOf(processes);
    say(`measuring for ${seconds} s`);
    await pause(seconds);
    const latencies = await bots.ask<Latencies>("latencies");
    const to = await momentOf(processes);
    await bots.ask("check");
    return dot4Row(system.name, options, { before, from, to, latencies });
  } finally {
    await bots.stop();
    await running.stop();
  }
}

const pause = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

export interface Measured {
  /** With `firstRooms` open, servers only. */
  readonly before: Moment;
  /** Beginning and end of the window. */
  readonly from: Moment;
  readonly to: Moment;
  readonly latencies: Latencies;
}

export function dot4Row(name: string, options: Pick<Options, "rooms" | "rate">, measured: Measured): Row {
  const { before, from, to, latencies } = measured;
  const { rooms, rate } = options;
  const servers = Object.keys(before.usages);
  const serverCores = coresBetween(from, to, servers);
  const clientShare = coresBetween(from, to, ["bots"]);
  const movesPerSecond = latencies.moves / ((to.at - from.at) / 1000);
  const invalid = invalidBecause(clientShare, movesPerSecond / (rooms * rate));
  const perRoom = Object.fromEntries(
    servers.map((server) => [
      `${server}_kib_per_room`,
      rooms > firstRooms ? (to.usages[server]!.rss - before.usages[server]!.rss) / 1024 / (rooms - firstRooms) : null,
    ]),
  );
  return {
    name,
    valid: invalid === null,
    invalid_because: invalid,
    rooms,
    moves_per_s: movesPerSecond,
    p50_ms: latencies.p50,
    p99_ms: latencies.p99,
    max_ms: latencies.max,
    ...Object.fromEntries(servers.map((server) => [`${server}_cores`, coresBetween(from, to, [server])])),
    rooms_per_core: rooms / serverCores,
    server_cpu_ms_per_move: (serverCores * 1000) / movesPerSecond,
    servers_rss_mib: servers.reduce((total, server) => total + to.usages[server]!.rss, 0) / 2 ** 20,
    ...perRoom,
    client_core_share: clientShare,
    wait_for_core_share: waitShareBetween(from, to, [...servers, "bots"]),
  };
}

function invalidBecause(clientShare: number, movesShare: number): string | null {
  if (clientShare > clientShareMax) return `the bots used ${Math.round(clientShare * 100)} % of their core`;
  if (movesShare < movesShareMin) return `${Math.round(movesShare * 100)} % of the moves were made in time`;
  return null;
}

export const dot4Ratios = (rows: readonly Row[]): Record<string, number> => ({
  ...ratiosTo(rows, "phatroom", "p99_ms"),
  ...ratiosTo(rows, "phatroom", "server_cpu_ms_per_move"),
  ...ratiosTo(rows, "phatroom", "servers_rss_mib"),
});
