/**
 * Records on their way to the store. One append is under way at a time, with everything that all rooms wrote meanwhile; what
 * is written during it goes with the next. While the store cannot be reached the same append is made again: it is stored
 * once, and until then no room says anything that rests on it.
 */
import { ProtocolError } from "#protocol/errors.ts";
import { batchMax, StoreError, type Append, type Appended, type Store, type StoreErrorCode } from "#protocol/store.ts";
import { byClock, retryMs } from "./patience.ts";
import type { RoomLog } from "./room-log.ts";

export interface OutgoingSetup {
  readonly store: Pick<Store, "append">;
  /** For the operator; names no room. */
  readonly log: (event: OutgoingEvent) => void;
  /** Resolves after so many ms; default: by this machine's clock. */
  readonly wait?: (ms: number) => Promise<void>;
}

export type OutgoingEvent =
  | { readonly event: "store-unreachable"; readonly code: string }
  | { readonly event: "store-reached" }
  | { readonly event: "room-lost" };

/** What a room is told of its log. */
export interface LogHooks {
  /** More of it is durable. */
  readonly durable: () => void;
  /** Somebody else has written to this room: this copy of it is over. */
  readonly lost: () => void;
}

interface Settling {
  readonly resolve: () => void;
  readonly reject: (error: ProtocolError) => void;
}

export interface Written {
  readonly append: Append;
  readonly log: RoomLog;
  readonly hooks: LogHooks;
}

/** Of a log that lost its room to another worker. */
const lost = (): ProtocolError => new ProtocolError("room-moved");

export class Outgoing {
  readonly #setup: OutgoingSetup;
  #outbox: Written[] = [];
  #writing: Promise<void> | undefined;
  /** Who waits until nothing of a log is outstanding. */
  readonly #settling = new Map<RoomLog, Settling[]>();
  #closed = false;
  #trouble: StoreErrorCode | undefined;

  constructor(setup: OutgoingSetup) {
    this.#setup = setup;
  }

  /** Leaves with the next `flush`. */
  push(written: Written): void {
    this.#outbox.push(written);
  }

  /** Sends what was written. To be called once for all rooms, at the end of a turn. */
  flush(): void {
    if (this.#outbox.length > 0 && !this.#closed) this.#writing ??= this.#write();
  }

  /** Why the store takes nothing at the moment, as of the newest attempt; undefined if it does. */
  get trouble(): StoreErrorCode | undefined {
    return this.#trouble;
  }

  /** Resolves once all that was written to this log is durable. @throws ProtocolError "room-moved" if it never will be. */
  settled(log: RoomLog): Promise<void> {
    this.flush();
    if (log.durable === log.recorded) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#settling.set(log, [...(this.#settling.get(log) ?? []), { resolve, reject }]);
    });
  }

  /** Waits until everything that was written is durable, the store fails, or it has not answered for so long. */
  async close(patienceMs = 2000): Promise<void> {
    this.flush();
    this.#closed = true;
    const { promise: enough, resolve } = Promise.withResolvers<void>();
    const impatience = setTimeout(resolve, patienceMs);
    await Promise.race([this.#writing, enough]);
    clearTimeout(impatience);
  }

  async #write(): Promise<void> {
    // Not in the turn in which it was asked for: others may write in it, too.
    await Promise.resolve();
    while (this.#outbox.length > 0) {
      const batch = this.#outbox.splice(0, batchMax);
      const answers = await this.#append(batch.map(({ append }) => append));
      if (answers === undefined) return;
      this.#settle(batch, answers);
    }
    this.#writing = undefined;
  }

  /**
   * A room's newest record in the batch speaks for all of its records: a batch that is made again finds the earlier ones
   * in the way of themselves, and heads bind everything before them.
   */
  #settle(batch: readonly Written[], answers: readonly Appended[]): void {
    const newest = new Map<RoomLog, boolean>();
    batch.forEach(({ log }, i) => newest.set(log, answers[i]?.answer === "stored"));
    const told = new Map<RoomLog, LogHooks>();
    for (const { log, hooks } of batch) {
      if (newest.get(log) === true) log.stored();
      else if (!told.has(log)) this.#lose(log, hooks);
      told.set(log, hooks);
    }
    for (const [log, { durable }] of told) {
      if (newest.get(log) !== true) continue;
      durable();
      if (log.durable === log.recorded) for (const { resolve } of this.#takeSettling(log)) resolve();
    }
  }

  /** Until the store has answered. Undefined once the vault is closed and the store does not. */
  async #append(batch: readonly Append[]): Promise<readonly Appended[] | undefined> {
    for (let wait = retryMs.first; ; wait = Math.min(2 * wait, retryMs.most)) {
      try {
        const answers = await this.#setup.store.append(batch);
        if (wait > retryMs.first) this.#setup.log({ event: "store-reached" });
        this.#trouble = undefined;
        return answers;
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        this.#trouble = error.code;
        if (wait === retryMs.first) this.#setup.log({ event: "store-unreachable", code: error.code });
        if (this.#closed) return undefined;
        await (this.#setup.wait ?? byClock)(wait);
      }
    }
  }

  /** Another worker has this room. Nothing more of ours is written to it. */
  #lose(log: RoomLog, hooks: LogHooks): void {
    this.#outbox = this.#outbox.filter((written) => written.log !== log);
    this.#setup.log({ event: "room-lost" });
    hooks.lost();
    for (const { reject } of this.#takeSettling(log)) reject(lost());
  }

  #takeSettling(log: RoomLog): readonly Settling[] {
    const settling = this.#settling.get(log) ?? [];
    this.#settling.delete(log);
    return settling;
  }
}
