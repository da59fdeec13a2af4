/**
 * How much more rooms get done when a worker has them in several threads: the same rooms, which together want more than one
 * core, in one thread, two, and so on up to the cores there are. Nothing is held to a core: gateway and players use the same.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildContract } from "../server/cli/build-contract.ts";
import type { Measured } from "./benches.ts";
import type { Options } from "./options.ts";
import { Process } from "./processes/parent.ts";
import { progress } from "./progress.ts";
import { ratiosTo, type Row } from "./report.ts";

const hz = 20;

/** Together they want more than there is. */
const roomsPerCore = 16;

interface Busy {
  readonly rooms: number;
  readonly busy: number;
}

export async function measureThreads({ quick, seconds, warmupSeconds }: Options): Promise<Measured> {
  const cores = availableParallelism();
  const rooms = roomsPerCore * Math.max(2, cores);
  const rows: Row[] = [];
  for (let threads = 1; threads <= Math.max(2, cores); threads *= 2) {
    progress(`threads: ${rooms} rooms in ${threads}`);
    rows.push(await measured(threads, rooms, quick ? 5 : seconds, warmupSeconds));
  }
  return { rows, ratios: ratiosTo(rows, rows.at(-1)!.name, "ticks_per_s") };
}

async function measured(threads: number, rooms: number, seconds: number, warmupSeconds: number): Promise<Row> {
  const folder = await mkdtemp(join(tmpdir(), "phatroom-bench-"));
  const place = new Process("place", "threads/place.ts");
  const players = new Process("players", "threads/players.ts");
  try {
    const { bundle, hash } = await buildContract(fileURLToPath(new URL("threads/spinner.ts", import.meta.url)), {
      sourceMap: false,
    });
    await writeFile(join(folder, "spinner.bundle.js"), bundle);
    const { url } = await place.ask<{ url: string }>("start", { folder, threads });
    await players.ask("enter", { url, contract: hash, rooms });
    await pause(warmupSeconds);
    const before = await players.ask<number[]>("ticks");
    const from = performance.now();
    await pause(seconds);
    const after = await players.ask<number[]>("ticks");
    const elapsed = (performance.now() - from) / 1000;
    const busy = await place.ask<Busy[]>("threads");
    const perRoom = after.map((ticks, i) => (ticks - before[i]!) / elapsed);
    const all = perRoom.reduce((sum, each) => sum + each, 0);
    return {
      name: threads === 1 ? "1 thread" : `${threads} threads`,
      threads,
      rooms,
      ticks_per_s: all,
      wanted_share: all / (rooms * hz),
      slowest_room_ticks_per_s: Math.min(...perRoom),
      busiest_share: Math.max(...busy.map((each) => each.busy)),
      idlest_share: Math.min(...busy.map((each) => each.busy)),
      rooms_of_fullest: Math.max(...busy.map((each) => each.rooms)),
    };
  } finally {
    await players.stop();
    await place.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const pause = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
