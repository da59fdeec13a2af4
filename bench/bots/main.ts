/** The process with the bots: it does what it is asked and keeps the time. */
import { answer, report } from "../processes/child.ts";
import { percentile } from "../statistics.ts";
import type { OurPlayer } from "../ours/place.ts";
import { placeAt, type Address } from "./places.ts";
import type { Place, Player } from "./player.ts";
import { scriptLength, writeScript, type Script } from "./script.ts";
import { Table } from "./table.ts";

/** Games that are different; tables share them. */
const scriptsMax = 50;
/** Rooms being opened at once: enough to keep the server busy, too few to queue for long. */
const openingMax = 8;

export interface Latencies {
  readonly moves: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

let place: Place;
let scripts: readonly Script[] | undefined;
let tables: Table[] = [];
let latencies: number[] = [];
/** Rooms with one player in them, for those who join. */
let waiting: { readonly room: string; readonly player: Player }[] = [];
let joined: Player[] = [];

answer({
  async enter(address: Address) {
    place = await placeAt(address);
  },

  /** Opens so many more tables, two bots at each, with bombs hidden. */
  async seat({ rooms }: { readonly rooms: number }) {
    scripts ??= Array.from({ length: scriptsMax }, (_, i) => writeScript(i, scriptLength));
    const games = scripts;
    const before = tables.length;
    await inTurn(rooms, openingMax, async (i) => {
      const { room, player } = await place.open("ada");
      const opponent = await place.join(room, "bob");
      tables.push(await Table.begin([player, opponent], games[i % games.length]!));
      if ((tables.length - before) % 25 === 0) report(`${tables.length - before} of ${rooms} rooms`);
    });
  },

  /** At every table a drop each so many ms, spread evenly over time. */
  play({ intervalMs }: { readonly intervalMs: number }) {
    const seen = (ms: number): void => void latencies.push(ms);
    tables.forEach((table, i) => table.play({ intervalMs, delayMs: (intervalMs * i) / tables.length }, { seen }));
  },

  /** For each table, ms from now until somebody has seen a move that is made from now on. They play on. */
  nextSeen({ intervalMs }: { readonly intervalMs: number }): Promise<number[]> {
    const from = performance.now();
    const next = (table: Table, i: number): Promise<number> =>
      new Promise((resolve) =>
        table.play(
          { intervalMs, delayMs: (intervalMs * i) / tables.length },
          { seen: () => resolve(performance.now() - from) },
        ),
      );
    return Promise.all(tables.map(next));
  },

  /** What was seen so far does not count. */
  reset() {
    latencies = [];
  },

  latencies: (): Latencies => ({
    moves: latencies.length,
    p50: percentile(latencies, 50),
    p99: percentile(latencies, 99),
    max: percentile(latencies, 100),
  }),

  /** Everybody stops, and looks whether the board is right. */
  async check() {
    for (const table of tables) table.stop();
    await Promise.all(tables.map((table) => table.check()));
  },

  leave() {
    for (const table of tables) table.close();
    for (const player of [...joined, ...waiting.map(({ player: first }) => first)]) player.close();
    [tables, joined, waiting] = [[], [], []];
  },

  /** Opens rooms with one player, for `join`. */
  async prepare({ rooms }: { readonly rooms: number }) {
    await inTurn(rooms, openingMax, async () => void waiting.push(await place.open("ada")));
  },

  /** The second player joins each prepared room, one after the other: ms from the call to the first view. */
  async join(): Promise<number[]> {
    const times: number[] = [];
    for (const { room, player } of waiting) {
      const from = performance.now();
      const second = await place.join(room, "bob");
      times.push(performance.now() - from);
      joined.push(player, second);
    }
    waiting = [];
    return times;
  },

  /** Each of them loses the line and comes back. */
  async resume(): Promise<number[]> {
    const times: number[] = [];
    for (const player of joined) times.push(await (player as OurPlayer).resume());
    return times;
  },
});

/** Calls `work` with 0 to `count - 1`, at most `width` at a time. */
async function inTurn(count: number, width: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
