/**
 * What players notice when a process is killed in the middle of their games: hundreds of rooms of Dot4 with two bots each, a
 * store on this machine's disk, and the worker, the gateway or both gone at once and started again.
 */
import { join } from "node:path";
import type { Address } from "./bots/places.ts";
import type { Measured } from "./benches.ts";
import type { Options } from "./options.ts";
import { writeFiles, type Files } from "./ours/files.ts";
import type { Recovered } from "./ours/worker.ts";
import { Process } from "./processes/parent.ts";
import { progress } from "./progress.ts";
import type { Row } from "./report.ts";
import { percentile } from "./statistics.ts";

type Part = "worker" | "gateway";

const kills: readonly (readonly Part[])[] = [["worker"], ["gateway"], ["worker", "gateway"]];

/** Between two moves in a room, by one player or the other. */
const intervalMs = 2000;

export async function measureRecovery({ rooms, warmupSeconds }: Options): Promise<Measured> {
  const files = await writeFiles();
  const place = new KilledPlace(files);
  const bots = new Process("bots", "bots/main.ts");
  try {
    await bots.ask("enter", await place.start());
    await bots.ask("seat", { rooms }, (text) => progress(`recovery: opening rooms: ${text}`));
    await bots.ask("play", { intervalMs });
    const rows: Row[] = [];
    for (const parts of kills) {
      progress(`recovery: ${rooms} rooms, killing ${parts.join(" and ")}`);
      await new Promise((resolve) => setTimeout(resolve, warmupSeconds * 1000));
      rows.push(await measureKill(place, bots, parts, rooms));
    }
    await bots.ask("check");
    return { rows, ratios: {} };
  } finally {
    await bots.stop();
    await place.stop();
    await files.remove();
  }
}

async function measureKill(place: KilledPlace, bots: Process, parts: readonly Part[], rooms: number): Promise<Row> {
  // Of each room, when the first move since then was seen by the other player.
  const seen = bots.ask<number[]>("nextSeen", { intervalMs });
  const { startMs, recovered } = await place.kill(parts);
  const waits = await seen;
  return {
    name: `${rooms} rooms, ${parts.join(" and ")} killed`,
    rooms,
    start_ms: startMs,
    rooms_back: recovered?.rooms ?? null,
    rooms_back_ms: recovered?.ms ?? null,
    p50_ms: percentile(waits, 50),
    p99_ms: percentile(waits, 99),
    max_ms: percentile(waits, 100),
  };
}

/** Gateway and worker as processes that end like any that are killed. */
class KilledPlace {
  readonly #files: Files;
  readonly #parts = new Map<Part, Process>();
  #port = 0;

  constructor(files: Files) {
    this.#files = files;
  }

  async start(): Promise<Address> {
    await this.#start("worker");
    await this.#start("gateway");
    const url = `http://127.0.0.1:${this.#port}`;
    return { system: "phatroom", url, contract: this.#files.contract };
  }

  /** Resolves when they answer again and rooms are back; `startMs` is how long processes took until they answered. */
  async kill(parts: readonly Part[]): Promise<{ readonly startMs: number; readonly recovered: Recovered | null }> {
    await Promise.all(parts.map((part) => this.#parts.get(part)!.kill()));
    const from = performance.now();
    for (const part of parts) await this.#start(part);
    const startMs = performance.now() - from;
    const worker = this.#parts.get("worker")!;
    return { startMs, recovered: parts.includes("worker") ? await worker.ask<Recovered>("recovered") : null };
  }

  async stop(): Promise<void> {
    for (const part of ["gateway", "worker"] as const) await this.#parts.get(part)?.stop();
  }

  async #start(part: Part): Promise<void> {
    const running = new Process(part, `ours/${part}.ts`);
    this.#parts.set(part, running);
    if (part === "worker") return running.ask("start", this.#files);
    const store = { kind: "sqlite", directory: join(this.#files.contracts, "store") };
    const { port } = await running.ask<{ port: number }>("start", { link: this.#files.link, port: this.#port, store });
    this.#port = port;
  }
}
