/**
 * The rooms that are kept: their logs on their way to the store, and rooms on their way back.
 *
 * One append is under way at a time, with everything that all rooms wrote meanwhile; what is written during it goes with
 * the next. While the store cannot be reached the same append is made again: it is stored once, and until then no room
 * says anything that rests on it.
 */
import { bytesToHex, equalBytes } from "#protocol/bytes.ts";
import { ProtocolError } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { chainOfRoom, chainPrefixOf, hintOf, readRoomChain, roomChains } from "#protocol/room-chain.ts";
import {
  batchMax,
  listMax,
  StoreError,
  type Append,
  type Appended,
  type ChainId,
  type Store,
  type StoreErrorCode,
} from "#protocol/store.ts";
import { decodeUpgrade } from "#protocol/upgrade.ts";
import type { Witness } from "#protocol/witness.ts";
import { decodeCourse } from "../room/course-codec.ts";
import type { SavedCourse } from "../room/course.ts";
import type { Boundary } from "../room/inputs.ts";
import { VaultError } from "./errors.ts";
import { History } from "./history.ts";
import { deriveRoomKeys } from "./keys.ts";
import type { Lineage } from "./lineages.ts";
import type { Opening } from "./opening.ts";
import { beginning, RoomLog, type LogPosition } from "./room-log.ts";

export interface VaultSetup {
  readonly store: Store;
  /** 32 bytes. */
  readonly world: Uint8Array;
  readonly lineages: readonly Lineage[];
  /** Secret randomness of the enclave. */
  readonly random: (length: number) => Uint8Array;
  /** For the operator; names no room. */
  readonly log: (event: VaultEvent) => void;
  /** Resolves after so many ms; default: by this machine's clock. */
  readonly wait?: (ms: number) => Promise<void>;
}

export type VaultEvent =
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

/** A room as it was read back. */
export interface KeptRoom {
  readonly opening: Opening;
  /** Where its newest snapshot stands; undefined if it has none that can be read. */
  readonly course: SavedCourse | undefined;
  /** What happened since, under this opening's rules. */
  readonly boundaries: readonly Boundary[];
  readonly position: LogPosition;
  /** How it went on by other rules until then, as far as no snapshot stands for it. */
  readonly before?: Pick<KeptRoom, "opening" | "course" | "boundaries" | "before">;
  /** Missing where the contract began it, as long as it is the first. */
  readonly lineage?: Lineage;
}

interface Settling {
  readonly resolve: () => void;
  readonly reject: (error: ProtocolError) => void;
}

interface Written {
  readonly append: Append;
  readonly log: RoomLog;
  readonly hooks: LogHooks;
}

/** Bytes of records asked for at once. */
const readMax = 4 * 1024 * 1024;

/** Between two attempts to reach the store, in ms: first and longest. */
const retryMs = { first: 50, most: 2000 };

const byClock = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Of a log that lost its room to another worker. */
const lost = (): ProtocolError => new ProtocolError("room-moved");

export class Vault {
  readonly #setup: VaultSetup;
  readonly #byContract: ReadonlyMap<string, Lineage>;
  /** Where the newest snapshot of an opening stands. */
  readonly #saved = new WeakMap<RoomLog, number>();
  #outbox: Written[] = [];
  #writing: Promise<void> | undefined;
  /** Who waits until nothing of a log is outstanding. */
  readonly #settling = new Map<RoomLog, Settling[]>();
  readonly #chains = new WeakMap<RoomLog, ChainId>();
  #closed = false;
  #trouble: StoreErrorCode | undefined;

  constructor(setup: VaultSetup) {
    this.#setup = setup;
    this.#byContract = new Map(setup.lineages.map((lineage) => [bytesToHex(lineage.contract), lineage]));
  }

  /**
   * Opens a new room, or one that was read back, for writing. Its opening record leaves with the next `flush`.
   *
   * @param of the lineage of the room; by default the one that its contract begins.
   */
  open(
    room: RoomId,
    opening: Opening,
    hooks: LogHooks,
    position: LogPosition = beginning(),
    of: Lineage = this.lineageOf(opening.contract),
  ): RoomLog {
    const { world, random } = this.#setup;
    const { lineage, key } = of;
    const chain = chainOfRoom(room, lineage);
    const opened = new RoomLog({
      place: { world, lineage, room },
      keys: deriveRoomKeys(key, room),
      opening,
      position,
      random,
      send: ({ bytes, head, expected }, log) => {
        this.#outbox.push({ append: { chain, expected, head, record: bytes }, log, hooks });
      },
    });
    this.#chains.set(opened, chain);
    return opened;
  }

  /** Sends what was written. To be called once for all rooms, at the end of a turn. */
  flush(): void {
    if (this.#outbox.length > 0 && !this.#closed) this.#writing ??= this.#write();
  }

  /** Rooms there are of contracts that this worker hosts. */
  async rooms(): Promise<readonly RoomId[]> {
    const found: RoomId[] = [];
    for (let after = ""; ;) {
      const page = await this.#setup.store.list(roomChains, after, listMax);
      for (const { chain } of page) {
        const read = readRoomChain(chain);
        if (read !== undefined && this.#lineageOfHint(read.hint) !== undefined) found.push(read.room);
      }
      if (page.length < listMax) return found;
      after = page.at(-1)!.chain;
    }
  }

  /**
   * Reads a room back; undefined if there is none, or none of a contract that this worker hosts.
   *
   * @throws VaultError if what the store gave is not this room's history; StoreError if the store cannot be asked.
   */
  async read(room: RoomId): Promise<KeptRoom | undefined> {
    const [state] = await this.#setup.store.list(chainPrefixOf(room), "", 1);
    const read = state === undefined ? undefined : readRoomChain(state.chain);
    const lineage = read === undefined ? undefined : this.#lineageOfHint(read.hint);
    return lineage === undefined ? undefined : this.#read(room, lineage);
  }

  /** Why the store takes nothing at the moment, as of the newest attempt; undefined if it does. */
  get trouble(): StoreErrorCode | undefined {
    return this.#trouble;
  }

  /**
   * Whether our history holds what this witness speaks for.
   *
   * @throws VaultError "not-ours" if no worker of this room made it, or the store gave other heads than there were;
   * StoreError if the store cannot be asked.
   */
  holds(log: RoomLog, bytes: Uint8Array): boolean | Promise<boolean> {
    const compared = log.compare(bytes);
    if (compared.found !== "old") return compared.found === "known";
    const { witness, from, count } = compared;
    return this.#setup.store
      .heads(this.#chainOf(log), from, count)
      .then((heads) => equalBytes(log.headIn(heads, witness.index - 1), witness.head));
  }

  /** Whether the store says that it has the record that this witness speaks for. Records prove it, if they are read. */
  async offers(log: RoomLog, { index, head }: Witness): Promise<boolean> {
    const heads = await this.#setup.store.heads(this.#chainOf(log), index - 1, 1);
    return equalBytes(heads, head);
  }

  /** Keeps a snapshot of a room, of so many records of this opening, and forgets records that no snapshot needs. */
  async save(log: RoomLog, course: Uint8Array, records = log.recorded): Promise<void> {
    const { store } = this.#setup;
    const chain = this.#chainOf(log);
    const snapshot = log.snapshot(course, records);
    // Asking the store which one that was would be asking for all of its bytes.
    const earlier = this.#saved.get(log);
    if ((await store.save({ chain, ...snapshot })) !== "stored") return;
    this.#saved.set(log, snapshot.index);
    // What may be revealed is kept whole.
    if (earlier !== undefined && !log.revealable) await store.compact(chain, earlier);
  }

  /**
   * Writes a room's last record of this opening and keeps a snapshot of it, so that whoever opens it next has nothing to
   * repeat. Nothing else may be written to the log any more.
   *
   * @param course as it is when everything that was written is durable; asked for then.
   * @throws ProtocolError "room-moved" if somebody else has written to the room.
   */
  async release(log: RoomLog, course: () => Uint8Array, last: Boundary): Promise<void> {
    await this.settled(log);
    const { store } = this.#setup;
    const snapshot = log.snapshot(course());
    log.record(last);
    const kept = store.save({ chain: this.#chainOf(log), ...snapshot });
    // It saves time and nothing else: what it would have held is in the records.
    await Promise.all([this.settled(log), kept.catch(() => undefined)]);
  }

  /** Resolves once all that was written to this log is durable. @throws ProtocolError "room-moved" if it never will be. */
  settled(log: RoomLog): Promise<void> {
    this.flush();
    if (log.durable === log.recorded) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#settling.set(log, [...(this.#settling.get(log) ?? []), { resolve, reject }]);
    });
  }

  /** Forgets a room for good. */
  forget(log: RoomLog): Promise<void> {
    return this.#setup.store.remove(this.#chainOf(log));
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

  async #read(room: RoomId, lineage: Lineage): Promise<KeptRoom> {
    const { store, world } = this.#setup;
    const chain = chainOfRoom(room, lineage.lineage);
    const place = { world, lineage: lineage.lineage, room };
    const keys = deriveRoomKeys(lineage.key, room);
    const snapshot = await store.snapshot(chain);
    const { history, course } =
      snapshot === undefined
        ? { history: History.fromBeginning(place, keys), course: undefined }
        : History.fromSnapshot(place, keys, snapshot);
    let boundaries: Boundary[] = [];
    let saved = course === undefined ? undefined : decodeCourse(course);
    let before: KeptRoom["before"];
    if (saved?.upgrade !== undefined) history.announced(decodeUpgrade(saved.upgrade.bytes).to);
    for (;;) {
      const records = await store.records(chain, history.position.index, readMax);
      if (records.length === 0) break;
      for (const record of records) {
        const { opening } = history;
        const boundary = history.read(record);
        if (boundary !== undefined) boundaries.push(boundary);
        if (opening === undefined || equalBytes(opening.contract, history.opening!.contract)) continue;
        before = { opening, course: saved, boundaries, ...(before === undefined ? {} : { before }) };
        saved = undefined;
        boundaries = [];
      }
    }
    const { opening, position } = history;
    if (opening === undefined) throw new VaultError("not-ours", "a room without an opening");
    return { opening, course: saved, boundaries, position, lineage, ...(before === undefined ? {} : { before }) };
  }

  #lineageOfHint(hint: string): Lineage | undefined {
    for (const lineage of this.#byContract.values()) if (hintOf(lineage.lineage) === hint) return lineage;
    return undefined;
  }

  #chainOf(log: RoomLog): ChainId {
    return this.#chains.get(log)!;
  }

  /** Of rooms that begin with this contract. @throws RangeError if none do here. */
  lineageOf(contract: Uint8Array): Lineage {
    const lineage = this.#byContract.get(bytesToHex(contract));
    if (lineage === undefined) throw new RangeError("no lineage of this contract");
    return lineage;
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
