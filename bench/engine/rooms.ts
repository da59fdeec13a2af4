/** How many rooms one core carries at 20 ticks a second, and what memory they take. */
import type { Usage } from "../processes/child.ts";
import { Process } from "../processes/parent.ts";
import { progress } from "../progress.ts";
import type { Row } from "../report.ts";
import { arenaAssembly, arenaScript, withFiles } from "./bundles.ts";
import type { Fared, Window } from "./rooms-process.ts";

interface Crowd {
  readonly name: string;
  readonly contract: string;
  /** Rooms at once, each number in a run of its own, until ticks are missed. */
  readonly rooms: readonly number[];
}

/** More missed ticks than this, and the core is full. */
const missedShareMax = 0.01;

/**
 * Until rooms are measured as they will be: by then V8 has compiled what is busy, and every room has been saved once, which
 * is when the system finds its pages (a room is saved after 256 calls, 13 seconds at 20 ticks).
 */
export const warmupSeconds = (quick: boolean): number => (quick ? 2 : 20);

export async function measureRooms(quick: boolean): Promise<Row[]> {
  const crowds: readonly Crowd[] = [
    { name: "AssemblyScript, W1 and W2", contract: "arena-assembly", rooms: quick ? [50] : [200, 500, 1000] },
    { name: "TypeScript, W1", contract: "arena-script", rooms: quick ? [5] : [20, 30, 40, 60] },
  ];
  return withFiles([await arenaAssembly(), await arenaScript()], async (paths) => {
    const rows: Row[] = [];
    for (const crowd of crowds) rows.push(...(await carried(crowd, paths, quick)));
    for (const crowd of crowds) rows.push(await memory(crowd, paths, quick ? [10, 50] : [100, 1000]));
    return rows;
  });
}

async function carried({ name, contract, rooms }: Crowd, paths: readonly string[], quick: boolean): Promise<Row[]> {
  const rows: Row[] = [];
  for (const count of rooms) {
    progress(`engine: ${count} rooms, ${name}`);
    const both = await withRooms(paths, async (process) => {
      await process.ask("open", { rooms: count, contract });
      await process.ask("start");
      const warmup = warmupSeconds(quick);
      return [
        await measured(process, `${count} rooms, ${name}, the first ${warmup} s`, count, contract, warmup),
        await measured(process, `${count} rooms, ${name}`, count, contract, quick ? 3 : 20),
      ];
    });
    rows.push(...both);
    if (Number(both[1]!["missed_share"]) > missedShareMax) break;
  }
  return rows;
}

async function measured(
  process: Process,
  name: string,
  rooms: number,
  contract: string,
  seconds: number,
): Promise<Row> {
  const before = await process.usage();
  const window = await process.ask<Window>("measure", seconds);
  return roomsRow(name, rooms, window.fared[contract]!, window, before, await process.usage());
}

export function roomsRow(
  name: string,
  rooms: number,
  { ticks, missed, p99LateMs, maxLateMs }: Fared,
  { elapsedMs, busyMs }: Pick<Window, "elapsedMs" | "busyMs">,
  before: Usage,
  after: Usage,
): Row {
  return {
    name,
    rooms,
    core_share: (after.cpuMs - before.cpuMs) / elapsedMs,
    busy_share: busyMs / elapsedMs,
    missed_share: missed / (ticks + missed),
    p99_late_ms: p99LateMs,
    max_late_ms: maxLateMs,
    wait_for_core_share:
      before.waitMs === null || after.waitMs === null ? null : (after.waitMs - before.waitMs) / elapsedMs,
  };
}

/** @param counts of rooms at once: the first after none, the second after the first. */
async function memory({ name, contract }: Crowd, paths: readonly string[], counts: readonly number[]): Promise<Row> {
  progress(`engine: memory of rooms, ${name}`);
  return withRooms(paths, async (process) => {
    const row: Record<string, string | number> = { name: `memory, ${name}` };
    // The first rooms bring code and heap that all others share.
    await process.ask("open", { rooms: 1, contract });
    await process.ask("collect");
    const { rss } = await process.usage();
    let open = 0;
    for (const count of counts) {
      await process.ask("open", { rooms: count - open, contract });
      open = count;
      await process.ask("collect");
      row[`kib_per_room_at_${count}`] = ((await process.usage()).rss - rss) / 1024 / count;
    }
    // Whatever looks at a page makes the system find one, on some systems also for pages that nobody wrote to.
    await process.ask("save");
    await process.ask("collect");
    row[`kib_per_saved_room_at_${open}`] = ((await process.usage()).rss - rss) / 1024 / open;
    return row as Row;
  });
}

/** A process that has loaded these contracts, for as long as `work` takes. */
export async function withRooms<T>(paths: readonly string[], work: (process: Process) => Promise<T>): Promise<T> {
  const process = new Process("rooms", "engine/rooms-process.ts");
  try {
    await process.ask("load", paths);
    return await work(process);
  } finally {
    await process.stop();
  }
}
