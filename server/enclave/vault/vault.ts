/** The rooms that are kept: their logs on their way to the store, and rooms on their way back. */
import { bytesToHex, equalBytes } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import { chainOfRoom, chainPrefixOf, hintOf, readRoomChain, roomChains } from "#protocol/room-chain.ts";
import { listMax, type ChainId, type Store, type StoreErrorCode } from "#protocol/store.ts";
import type { Witness } from "#protocol/witness.ts";
import type { Boundary } from "../room/inputs.ts";
import { readRoom, type KeptRoom } from "./kept-room.ts";
import { deriveRoomKeys } from "./keys.ts";
import type { Lineage } from "./lineages.ts";
import type { Opening } from "./opening.ts";
import { Outgoing, type LogHooks, type OutgoingSetup } from "./outgoing.ts";
import { beginning, RoomLog, type LogPosition } from "./room-log.ts";

export interface VaultSetup extends OutgoingSetup {
  readonly store: Store;
  /** 32 bytes. */
  readonly world: Uint8Array;
  readonly lineages: readonly Lineage[];
  /** Secret randomness of the enclave. */
  readonly random: (length: number) => Uint8Array;
}

export class Vault {
  readonly #setup: VaultSetup;
  readonly #byContract: ReadonlyMap<string, Lineage>;
  /** Where the newest snapshot of an opening stands. */
  readonly #saved = new WeakMap<RoomLog, number>();
  readonly #chains = new WeakMap<RoomLog, ChainId>();
  readonly #outgoing: Outgoing;

  constructor(setup: VaultSetup) {
    this.#setup = setup;
    this.#outgoing = new Outgoing(setup);
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
        this.#outgoing.push({ append: { chain, expected, head, record: bytes }, log, hooks });
      },
    });
    this.#chains.set(opened, chain);
    return opened;
  }

  /** Sends what was written. To be called once for all rooms, at the end of a turn. */
  flush(): void {
    this.#outgoing.flush();
  }

  /** Why the store takes nothing at the moment, as of the newest attempt; undefined if it does. */
  get trouble(): StoreErrorCode | undefined {
    return this.#outgoing.trouble;
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
    return lineage === undefined ? undefined : readRoom(this.#setup, room, lineage);
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
    return this.#outgoing.settled(log);
  }

  /** Waits until everything that was written is durable, the store fails, or it has not answered for so long. */
  close(patienceMs?: number): Promise<void> {
    return this.#outgoing.close(patienceMs);
  }

  /** Forgets a room for good. */
  forget(log: RoomLog): Promise<void> {
    return this.#setup.store.remove(this.#chainOf(log));
  }

  /** Of rooms that begin with this contract. @throws RangeError if none do here. */
  lineageOf(contract: Uint8Array): Lineage {
    const lineage = this.#byContract.get(bytesToHex(contract));
    if (lineage === undefined) throw new RangeError("no lineage of this contract");
    return lineage;
  }

  #lineageOfHint(hint: string): Lineage | undefined {
    for (const lineage of this.#byContract.values()) if (hintOf(lineage.lineage) === hint) return lineage;
    return undefined;
  }

  #chainOf(log: RoomLog): ChainId {
    return this.#chains.get(log)!;
  }
}
