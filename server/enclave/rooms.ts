/** The rooms of this worker: made, found, put to sleep when nobody is there, and forgotten when nobody will come. */
import type { VoucherEntry } from "#protocol/award.ts";
import { bytesToHex, equalBytes } from "#protocol/bytes.ts";
import type { CreateRequest, HostedContract, Listing } from "#protocol/control.ts";
import { ProtocolError, type ErrorCode } from "#protocol/errors.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import type { OutsideRequest } from "#protocol/request.ts";
import type { TicketEntry } from "#protocol/travel.ts";
import type { Value } from "#protocol/value.ts";
import { chooseOptions } from "#protocol/manifest.ts";
import { FaultBrake } from "./fault-brake.ts";
import type { RoomOutput } from "./room/audience.ts";
import { RecordChain } from "./room/record-chain.ts";
import type { Consumption } from "./room/consuming.ts";
import type { ItemAward, Passage } from "./room/happenings.ts";
import type { Saving } from "./room/kept.ts";
import { Room, type RoomSetup } from "./room/room.ts";
import type { ContinuityLimits } from "./continuity.ts";
import { reopen, type Reopened } from "./moving/reopening.ts";
import type { Awarded } from "./reward/award.ts";
import { MachineError } from "./sandbox/machine.ts";
import { SandboxError, type LoadedContract } from "./sandbox/sandbox.ts";
import type { Lineage } from "./vault/lineages.ts";
import type { Opening } from "./vault/opening.ts";
import { beginning, type RoomLog } from "./vault/room-log.ts";
import type { KeptRoom } from "./vault/kept-room.ts";
import type { Vault } from "./vault/vault.ts";

export interface RoomsLimits {
  /** Rooms at once, asleep ones included: what fits the memory of a small worker. */
  readonly roomsMax: number;
  /** An empty room gives its memory back after so long. */
  readonly sleepAfterMs: number;
  /** A room that ended or never began is forgotten after being empty for so long. */
  readonly forgetAfterMs: number;
  /** A game in progress waits this long for its players. */
  readonly abandonAfterMs: number;
  /** See `continuity.ts`. */
  readonly continuity?: Partial<ContinuityLimits>;
  /**
   * Records after which a kept room is saved; default 256: repeating as many takes about as long as loading what was saved.
   */
  readonly recordsPerSave?: number;
}

export const roomsLimits: RoomsLimits = {
  roomsMax: 5000,
  sleepAfterMs: 30_000,
  forgetAfterMs: 10 * 60_000,
  abandonAfterMs: 7 * 24 * 60 * 60_000,
};

/**
 * Fuel after which a kept room is saved, however few its records: repeating it holds up every other room of its worker. Some
 * hundred milliseconds of work.
 */
const spentPerSave = 1_000_000_000;

interface Saved {
  readonly records: number;
  readonly spent: number;
}

export interface RoomsSetup {
  readonly contracts: readonly LoadedContract[];
  /** By which rooms may still be played, but none is made. */
  readonly earlier?: readonly LoadedContract[];
  readonly output: RoomOutput;
  readonly announce: (listing: Listing) => void;
  /** A room is here, in this opening. */
  readonly held?: (room: RoomId, term: number) => void;
  readonly gone: (room: RoomId) => void;
  /** A contract failed. `detail` is for its author and may hold secrets. */
  readonly fault: (contract: string, detail: string) => void;
  readonly random: (length: number) => Uint8Array;
  /** Of rooms that begin with this contract. */
  readonly lineageOf?: (contract: Uint8Array) => Lineage;
  /** Where rooms are kept; undefined where they live and die with this worker. */
  readonly vault?: () => Vault | undefined;
  /** A contract asks a server outside. Without it, what is asked stays without an answer. */
  readonly ask?: (room: HostedRoom, id: string, request: OutsideRequest) => void;
  /** A room of this lineage has awarded something: once that is durable, and items again each time it is opened. */
  readonly award?: (lineage: Uint8Array, awarded: Awarded) => void;
  /** A room uses up an item. */
  readonly consume?: (room: HostedRoom, consumption: Consumption) => void;
  /** How far what this player earned has come. */
  readonly vouchersOf?: (player: PlayerId) => readonly VoucherEntry[];
  /** Seals what lets a player of this room through to another one. */
  readonly ticket?: (room: HostedRoom, player: PlayerId, passage: Passage) => TicketEntry;
  /** A room keeps a record for a player. */
  readonly keep?: (room: HostedRoom, saving: Saving) => void;
  /** A room reports something to the world's moderator. */
  readonly report?: (room: HostedRoom, report: Value) => void;
  /** More of a kept room is durable. */
  readonly durable?: (room: HostedRoom) => void;
  /** Monotonic, in ms: what faults take. Without it they are owed for by fuel alone. */
  readonly clock?: () => number;
  readonly limits?: RoomsLimits;
}

export interface HostedRoom {
  readonly room: Room;
  /** The rules it is played by now. */
  readonly contract: LoadedContract;
  /** Missing where nobody derives any. */
  readonly lineage?: Lineage | undefined;
  /** Undefined if nobody keeps it. */
  readonly log: RoomLog | undefined;
}

export class Rooms {
  readonly #setup: RoomsSetup;
  readonly #limits: RoomsLimits;
  readonly #contracts = new Map<string, LoadedContract>();
  readonly #rooms = new Map<RoomId, HostedRoom>();
  readonly #listings = new Map<RoomId, Listing>();
  readonly #brake = new FaultBrake();
  /** Faults in what is being done now. */
  #faults = 0;
  /** As of when this was last told the time. */
  #now = 0;
  /** How far a room was at its newest snapshot. */
  readonly #saved = new WeakMap<HostedRoom, Saved>();

  constructor(setup: RoomsSetup) {
    this.#setup = setup;
    this.#limits = setup.limits ?? roomsLimits;
    for (const contract of setup.contracts) this.#contracts.set(contract.manifest.name, contract);
  }

  get size(): number {
    return this.#rooms.size;
  }

  all(): Iterable<HostedRoom> {
    return this.#rooms.values();
  }

  /** What the lobby knows of each, for a gateway that has just connected. */
  listings(): Iterable<Listing> {
    return this.#listings.values();
  }

  hosted(): HostedContract[] {
    return [...this.#contracts.values()].map(({ manifest, hash }) => ({
      name: manifest.name,
      hash: bytesToHex(hash),
      players: manifest.players,
      spectators: manifest.spectators,
      options: manifest.options,
    }));
  }

  find(room: RoomId): HostedRoom | undefined {
    return this.#rooms.get(room);
  }

  /**
   * @param now monotonic, in ms.
   * @throws ProtocolError "contract-unknown", "options-refused", "busy", "room-faulted".
   */
  create(request: Omit<CreateRequest, "ref">, now: number): HostedRoom {
    const contract = this.#contracts.get(request.contract);
    if (contract === undefined) throw new ProtocolError("contract-unknown");
    this.#now = now;
    if (this.#brake.holds(contract.manifest, now)) throw new ProtocolError("busy");
    const options = chooseOptions(contract.manifest, request.options);
    if (this.#rooms.size >= this.#limits.roomsMax) throw new ProtocolError("busy");
    const id = bytesToHex(this.#setup.random(10)) as RoomId;
    const opening: Opening = {
      contract: contract.hash,
      options,
      listed: request.listed,
      seed: this.#setup.random(32),
      ...(contract.manifest.reveal === "at-end" ? { reveal: true } : {}),
    };
    return this.#host(id, { opening, course: undefined, boundaries: [], position: beginning() }, now);
  }

  /**
   * Goes on with a room that was read back.
   *
   * @throws ProtocolError "contract-unknown", "busy", "room-faulted".
   */
  adopt(id: RoomId, kept: KeptRoom, now: number): HostedRoom {
    if (this.#rooms.size >= this.#limits.roomsMax) throw new ProtocolError("busy");
    return this.#host(id, kept, now);
  }

  /** Steps a room that is due; see `Room.boundary`. */
  boundary({ room, contract }: HostedRoom, now: number, hurried: boolean): void {
    this.#now = now;
    this.#owing(contract, () => room.boundary(now, hurried));
  }

  /** Seals what is worth it, so that reading a room back takes no longer than making one. */
  async save(failed: (error: unknown) => void): Promise<void> {
    const vault = this.#setup.vault?.();
    if (vault === undefined) return;
    const { recordsPerSave = 256 } = this.#limits;
    for (const hosted of this.#rooms.values()) {
      const { room, log } = hosted;
      if (log === undefined || room.frozen !== null) continue;
      const saved = this.#saved.get(hosted) ?? { records: 0, spent: 0 };
      if (log.length - saved.records < recordsPerSave && room.spent - saved.spent < spentPerSave) continue;
      this.#saved.set(hosted, { records: log.length, spent: room.spent });
      const [course, records] = [room.save(), log.recorded];
      await new Promise<void>((resolve) => {
        log.onceDurable(() => void vault.save(log, course, records).catch(failed).then(resolve));
      });
    }
  }

  /** Puts empty rooms to sleep and forgets old ones. Returns those forgotten. */
  tidy(now: number): HostedRoom[] {
    this.#now = now;
    const forgotten: HostedRoom[] = [];
    for (const hosted of this.#rooms.values()) {
      const { room } = hosted;
      if (room.emptySince === undefined) continue;
      const emptyMs = now - room.emptySince;
      if (emptyMs >= this.#limits.sleepAfterMs && !room.asleep) room.sleep();
      const patience =
        room.phase === "ended" || room.phase === "open" ? this.#limits.forgetAfterMs : this.#limits.abandonAfterMs;
      if (emptyMs >= patience) forgotten.push(hosted);
    }
    for (const hosted of forgotten) {
      this.forget(hosted);
      // Whoever keeps it may be away; then it is forgotten by the next worker that finds it over.
      // A revealed log is everybody's: how long it is kept is for whoever keeps it.
      if (hosted.log !== undefined && hosted.log.revealed === undefined) {
        this.#setup
          .vault?.()
          ?.forget(hosted.log)
          .catch(() => undefined);
      }
    }
    return forgotten;
  }

  /** The contract of this hash, if it is loaded here. */
  loaded(hash: Uint8Array): LoadedContract | undefined {
    const all = [...this.#contracts.values(), ...(this.#setup.earlier ?? [])];
    return all.find((contract) => equalBytes(contract.hash, hash));
  }

  #host(id: RoomId, kept: KeptRoom, now: number): HostedRoom {
    const { random, output, ask, award, vouchersOf } = this.#setup;
    const { position } = kept;
    const { course, contract } = this.#owing(this.loaded(kept.opening.contract), () => this.#reopen(kept));
    const opening = { ...kept.opening, contract: contract.hash };
    const vault = this.#setup.vault?.();
    const lineage = kept.lineage ?? (this.#setup.lineageOf ?? vault?.lineageOf.bind(vault))?.(contract.hash);
    const log = vault?.open(
      id,
      opening,
      { durable: () => this.#durable(hosted), lost: () => this.forget(hosted, "room-moved") },
      position,
      lineage,
    );
    const room = new Room({
      id,
      course,
      journal: log ?? new RecordChain(random(32), id, 1),
      options: opening.options,
      listed: opening.listed,
      output,
      announce: (listing) => {
        this.#listings.set(id, listing);
        this.#setup.announce(listing);
      },
      ...(ask === undefined ? {} : { ask: (asked: string, request: OutsideRequest) => ask(hosted, asked, request) }),
      ...(award === undefined || lineage === undefined
        ? {}
        : { award: (given: ItemAward) => award(lineage.lineage, { room: id, ...given }) }),
      ...(vouchersOf === undefined ? {} : { vouchersOf }),
      ...this.#ways(() => hosted),
      now,
    });
    const hosted: HostedRoom = { room, contract, log, lineage };
    // What was repeated just now would be repeated again.
    this.#saved.set(hosted, { records: position.index, spent: 0 });
    this.#rooms.set(id, hosted);
    this.#setup.held?.(id, room.term);
    return hosted;
  }

  /** Out of a room that is only being made. */
  #ways(hosted: () => HostedRoom): Pick<RoomSetup, "ticket" | "keep" | "report" | "consume"> {
    const { ticket, keep, report, consume } = this.#setup;
    return {
      ...(ticket === undefined ? {} : { ticket: (player, passage) => ticket(hosted(), player, passage) }),
      ...(keep === undefined ? {} : { keep: (saving) => queueMicrotask(() => keep(hosted(), saving)) }),
      ...(consume === undefined ? {} : { consume: (one) => queueMicrotask(() => consume(hosted(), one)) }),
      ...(report === undefined ? {} : { report: (said) => report(hosted(), said) }),
    };
  }

  /** Does something with a contract, which owes for what it took if it faulted. */
  #owing<T>(contract: LoadedContract | undefined, work: () => T): T {
    const { clock } = this.#setup;
    if (contract === undefined || clock === undefined) return work();
    this.#faults = 0;
    const from = clock();
    try {
      return work();
    } finally {
      if (this.#faults > 0) this.#brake.took(contract.manifest, this.#faults, clock() - from, this.#now);
    }
  }

  #reopen(kept: KeptRoom): Reopened {
    const fault = ({ manifest }: LoadedContract, detail: string): void => {
      this.#faults += 1;
      this.#brake.fault(manifest, this.#now);
      this.#setup.fault(manifest.name, detail);
    };
    try {
      return reopen(kept, { contract: (hash) => this.loaded(hash), fault });
    } catch (error) {
      if (error instanceof SandboxError) throw new ProtocolError("room-faulted");
      if (error instanceof MachineError) throw new ProtocolError("busy");
      throw error;
    }
  }

  #durable(hosted: HostedRoom): void {
    hosted.room.release();
    this.#setup.durable?.(hosted);
  }

  /** Ends a room, tells whoever is in it, and gives its memory back. Does nothing if it is not here any more. */
  forget(hosted: HostedRoom, code?: ErrorCode): void {
    const { room } = hosted;
    if (this.#rooms.get(room.id) !== hosted) return;
    room.close(code);
    this.#rooms.delete(room.id);
    this.#listings.delete(room.id);
    this.#setup.gone(room.id);
  }
}
