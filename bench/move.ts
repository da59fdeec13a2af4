/** How long players wait for an answer while their room goes to another worker, beside how long they wait when it stays. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildContract } from "../server/cli/build-contract.ts";
import type { Measured } from "./benches.ts";
import type { Options } from "./options.ts";
import { Process } from "./processes/parent.ts";
import { progress } from "./progress.ts";
import type { Row } from "./report.ts";
import { percentile } from "./statistics.ts";

interface Look {
  readonly waits: readonly number[];
  readonly verified: number;
}

/** Long enough for everybody to have moved several times since the room arrived. */
const windowMs = 1500;

export async function measureMoves({ quick }: Options): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), "phatroom-bench-"));
  const place = new Process("place", "moving/place.ts");
  const players = new Process("players", "moving/players.ts");
  try {
    progress("move: a place with two workers");
    const { bundle, hash } = await buildContract(fileURLToPath(new URL("moving/crowd.ts", import.meta.url)), {
      sourceMap: false,
    });
    await writeFile(join(folder, "crowd.bundle.js"), bundle);
    const { url } = await place.ask<{ url: string }>("start", { folder, contracts: folder });
    const rows: Row[] = [];
    for (const count of quick ? [20] : [2, 100]) {
      progress(`move: ${count} players`);
      const { room } = await players.ask<{ room: string }>("enter", { url, contract: hash, players: count });
      // Code is compiled by then, at both workers.
      for (let i = 0; i < 4; i++) await moved(place, players, room);
      rows.push(...(await measured(place, players, { room, count, moves: quick ? 3 : 30 })));
      await players.ask("leave");
    }
    return { rows, ratios: {} };
  } finally {
    await players.stop();
    await place.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measured(
  place: Process,
  players: Process,
  { room, count, moves }: { readonly room: string; readonly count: number; readonly moves: number },
): Promise<Row[]> {
  const staying: number[] = [];
  const moving: number[] = [];
  const asked: number[] = [];
  let verified = 0;
  for (let i = 0; i < moves; i++) {
    progress(`move: ${count} players, ${i + 1} of ${moves}`);
    await players.ask("look");
    await pause(windowMs);
    staying.push(...(await players.ask<Look>("look")).waits);
    const { ms, look } = await moved(place, players, room);
    asked.push(ms);
    moving.push(...look.waits);
    verified += look.verified;
  }
  return [
    waitsRow(`${count} players, the room stays`, count, staying),
    {
      ...waitsRow(`${count} players, the room moves`, count, moving),
      operator_p50_ms: percentile(asked, 50),
      verified_anew_per_player: verified / count / moves,
    },
  ];
}

async function moved(place: Process, players: Process, room: string): Promise<{ ms: number; look: Look }> {
  await players.ask("look");
  const ms = await place.ask<number>("move", { room });
  await pause(windowMs);
  return { ms, look: await players.ask<Look>("look") };
}

/** @param waits the longest of each player in each window, in ms. */
export const waitsRow = (name: string, players: number, waits: readonly number[]): Row => ({
  name,
  players,
  windows: waits.length,
  p50_ms: percentile(waits, 50),
  p99_ms: percentile(waits, 99),
  max_ms: percentile(waits, 100),
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
