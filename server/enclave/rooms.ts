/** The rooms of this worker: made, found, put to sleep when nobody is there, and forgotten when nobody will come. */
import { bytesToHex, equalBytes } from "#protocol/bytes.ts";
import type { CreateRequest, HostedContract, Listing } from "#protocol/control.ts";
import { ProtocolError, type ErrorCode } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import type { OutsideRequest } from "#protocol/request.ts";
import { chooseOptions } from "#protocol/manifest.ts";
import { FaultBrake } from "./fault-brake.ts";
import { RecordChain } from "./room/record-chain.ts";
import type { ItemAward } from "./room/happenings.ts";
import { Room, type RoomSetup } from "./room/room.ts";
import { reopen, type Reopened } from "./moving/reopening.ts";
import { roomsLimits, type HostedRoom, type RoomsLimits, type RoomsSetup } from "./rooms-setup.ts";
import { SavePoints } from "./save-points.ts";
import { MachineError } from "./sandbox/machine.ts";
import { SandboxError, type LoadedContract } from "./sandbox/sandbox.ts";
import type { Opening } from "./vault/opening.ts";
import { beginning } from "./vault/room-log.ts";
import type { KeptRoom } from "./vault/kept-room.ts";

export { roomsLimits, type HostedRoom, type RoomsLimits, type RoomsSetup } from "./rooms-setup.ts";

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
  readonly #savePoints: SavePoints;

  constructor(setup: RoomsSetup) {
    this.#setup = setup;
    this.#limits = setup.limits ?? roomsLimits;
    this.#savePoints = new SavePoints(this.#limits.recordsPerSave);
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
    for (const hosted of this.#rooms.values()) await this.#savePoints.save(hosted, vault, failed);
  }

  /** Puts empty rooms to sleep and forgets old ones. Returns those forgotten. */
  tidy(now: number): HostedRoom[] {
    this.#now = now;
    const forgotten: HostedRoom[] = [];
    for (const hosted of this.#rooms.values()) {
      const { room } = hosted;
      if (room.emptySince === undefined) continue;
      const emptyMs = now - room.emptySince;
      if (emptyMs >= this.#limits.sleepAfterMs && !room.asleep && !this.#manages(hosted, () => room.sleep())) continue;
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
    this.#savePoints.begin(hosted, position.index);
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
    if (this.#manages(hosted, () => hosted.room.release(this.#now))) this.#setup.durable?.(hosted);
  }

  /** Whether this went well. What fails is this room's affair: others have their turn at the same time. */
  #manages(hosted: HostedRoom, work: () => void): boolean {
    const { failed } = this.#setup;
    try {
      work();
      return true;
    } catch (error) {
      if (failed === undefined) throw error;
      failed(hosted, error);
      return false;
    }
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
