/**
 * Moves rooms between workers, and brings back those that nobody has. The workers do it and the store decides; a gateway
 * that asks for nonsense gets rooms closed and opened again, and nothing worse.
 */
import { ProtocolError } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import type { Introduction } from "#protocol/moving.ts";
import { readRoomChain, roomChains } from "#protocol/room-chain.ts";
import { listMax, StoreError, type Store } from "#protocol/store.ts";
import { atOnce } from "./at-once.ts";
import { errorName, type Log } from "./log.ts";
import type { KnownWorker, Workers } from "./workers.ts";

/** Rooms on their way at once: more would wait for each other at the store. */
const movingMax = 4;

/** Rooms that are brought back at once, as in a worker that starts: each waits for the store, and its players for it. */
const returningMax = 8;

/** How long rooms wait for workers that are still starting, before others open them. */
const patienceMs = 2000;

export interface MovesPorts {
  readonly workers: Workers;
  /** Where rooms are kept; without it they live and die with their worker. */
  readonly store: Store | undefined;
  readonly log: Log;
}

export interface Drained {
  readonly moved: number;
  /** Still there. */
  readonly stayed: number;
}

export class Moves {
  readonly #ports: MovesPorts;
  #patience: NodeJS.Timeout | undefined;
  #returning = false;
  #onceMore = false;
  #stopped = false;

  constructor(ports: MovesPorts) {
    this.#ports = ports;
  }

  /** Brings rooms back whenever a worker comes or goes. */
  follow(): void {
    const { workers } = this.#ports;
    workers.on("ready", () => this.#bringBackSoon());
    workers.on("lost", () => this.#bringBackSoon());
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#patience);
  }

  /**
   * Moves a room, wherever it is, to this worker. If that cannot open it the room goes back, or to any other.
   *
   * @throws ProtocolError "worker-refused" if the two do not trust each other, "room-not-found", "store-unavailable",
   *   "worker-lost", "busy". The room is with one of the workers then, or comes back when it is asked for.
   */
  async move(room: RoomId, to: KnownWorker): Promise<void> {
    const { workers } = this.#ports;
    const from = workers.holder(room);
    if (from === to) return;
    const introduction = from === undefined ? null : await introduce(to, from);
    await workers.whileMoving(room, async () => {
      await this.#release(room, from, introduction);
      try {
        await to.link.ask({ ask: "open", room });
      } catch (error) {
        // What was never kept is nowhere else either: the operator has mistyped it.
        if (!(error instanceof ProtocolError && error.code === "room-not-found")) await this.#openElsewhere(room, to);
        throw error;
      }
    });
  }

  /** Moves all rooms away from these, which get no new ones. What cannot be moved stays. Never rejects. */
  async drain(workers: readonly KnownWorker[]): Promise<Drained> {
    for (const worker of workers) worker.draining = true;
    let moved = 0;
    const waiting = workers.flatMap((worker) => [...worker.rooms].map((room) => ({ room, worker })));
    await atOnce(movingMax, waiting, async ({ room, worker }) => {
      // It may have rooms again.
      if (!worker.draining) return;
      try {
        const to = this.#ports.workers.forRoom(room, worker);
        // From one to another of those that are to have none.
        if (to.draining) throw new ProtocolError("worker-lost", "nobody stays");
        await this.move(room, to);
        moved += 1;
      } catch (error) {
        // One room that cannot be moved keeps no other from it.
        if (error instanceof ProtocolError) this.#ports.log({ event: "room-stayed", code: error.code });
        else this.#ports.log({ event: "bug", error: errorName(error) });
      }
    });
    return { moved, stayed: workers.reduce((sum, { rooms }) => sum + rooms.size, 0) };
  }

  /** A worker that dies while it lets go has let go: whatever it wrote last stands in the store. */
  async #release(room: RoomId, from: KnownWorker | undefined, to: Introduction | null): Promise<void> {
    try {
      await from?.link.ask({ ask: "release", room, to });
    } catch (error) {
      if (!(error instanceof ProtocolError) || error.code !== "worker-lost") throw error;
    }
  }

  /** To the one that had it or any other: the room is nobody's now. */
  async #openElsewhere(room: RoomId, except: KnownWorker): Promise<void> {
    try {
      await this.#ports.workers.forRoom(room, except).link.ask({ ask: "open", room });
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#ports.log({ event: "room-unopened", code: error.code });
    }
  }

  /** Where there is only one worker, it does so by itself. */
  #bringBackSoon(): void {
    clearTimeout(this.#patience);
    if (this.#stopped || this.#ports.workers.all.length < 2) return;
    const all = this.#ports.workers.all.every(({ ready }) => ready);
    this.#patience = setTimeout(() => this.#bringBack(), all ? 0 : patienceMs);
  }

  #bringBack(): void {
    // Somebody else came or went meanwhile: some of their rooms may have been passed by.
    this.#onceMore = this.#returning;
    if (this.#returning) return;
    this.#returning = true;
    this.#bringAllBack()
      .catch((error: unknown) => {
        // Rooms have clocks: they cannot wait until the store works again and somebody asks for them.
        if (error instanceof StoreError) this.#patience = setTimeout(() => this.#bringBack(), patienceMs);
        else if (!(error instanceof ProtocolError)) this.#ports.log({ event: "bug", error: errorName(error) });
      })
      .finally(() => {
        this.#returning = false;
        if (this.#stopped) clearTimeout(this.#patience);
        else if (this.#onceMore) this.#bringBack();
      });
  }

  async #bringAllBack(): Promise<void> {
    const { store, workers } = this.#ports;
    if (store === undefined) return;
    for (let after = ""; ;) {
      const page = await store.list(roomChains, after, listMax);
      await atOnce(returningMax, page, async ({ chain }) => {
        const room = readRoomChain(chain)?.room;
        if (room === undefined || workers.holder(room) !== undefined || workers.moving(room) !== undefined) return;
        // One that cannot be read says so in its worker's log.
        await workers.forRoom(room).link.ask({ ask: "open", room }).catch(ignoreRefusal);
      });
      if (page.length < listMax) return;
      after = page.at(-1)!.chain;
    }
  }
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof ProtocolError)) throw error;
}

/** One worker's word about itself, made for the other. */
async function introduce(worker: KnownWorker, to: KnownWorker): Promise<Introduction> {
  const instance = await to.link.ask({ ask: "instance" });
  if (!(instance instanceof Uint8Array)) throw new ProtocolError("malformed", "no instance");
  const introduction = await worker.link.ask({ ask: "introduce", to: instance });
  if (introduction === null || introduction instanceof Uint8Array) throw new ProtocolError("malformed", "no word");
  return introduction;
}
