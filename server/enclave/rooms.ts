/** The rooms of this worker: made, found, put to sleep when nobody is there, and forgotten when nobody will come. */
import { bytesToHex } from "#protocol/bytes.ts";
import type { CreateRequest, HostedContract, Listing } from "#protocol/control.ts";
import { ProtocolError } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { chooseOptions } from "#protocol/manifest.ts";
import type { RoomOutput } from "./room/audience.ts";
import { Course } from "./room/course.ts";
import { RecordChain } from "./room/record-chain.ts";
import { Room } from "./room/room.ts";
import { SandboxError, type LoadedContract } from "./sandbox/sandbox.ts";

export interface RoomsLimits {
  /** Rooms at once, asleep ones included: what fits the memory of a small worker. */
  readonly roomsMax: number;
  /** An empty room gives its memory back after so long. */
  readonly sleepAfterMs: number;
  /** A room that ended or never began is forgotten after being empty for so long. */
  readonly forgetAfterMs: number;
  /** A game in progress waits this long for its players. */
  readonly abandonAfterMs: number;
}

export const roomsLimits: RoomsLimits = {
  roomsMax: 5000,
  sleepAfterMs: 30_000,
  forgetAfterMs: 10 * 60_000,
  abandonAfterMs: 7 * 24 * 60 * 60_000,
};

export interface RoomsSetup {
  readonly contracts: readonly LoadedContract[];
  readonly output: RoomOutput;
  readonly announce: (listing: Listing) => void;
  readonly gone: (room: RoomId) => void;
  /** A contract failed. `detail` is for its author and may hold secrets. */
  readonly fault: (contract: string, detail: string) => void;
  readonly random: (length: number) => Uint8Array;
  readonly limits?: RoomsLimits;
}

export interface HostedRoom {
  readonly room: Room;
  readonly contract: LoadedContract;
}

export class Rooms {
  readonly #setup: RoomsSetup;
  readonly #limits: RoomsLimits;
  readonly #contracts = new Map<string, LoadedContract>();
  readonly #rooms = new Map<RoomId, HostedRoom>();
  readonly #listings = new Map<RoomId, Listing>();

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
    const options = chooseOptions(contract.manifest, request.options);
    if (this.#rooms.size >= this.#limits.roomsMax) throw new ProtocolError("busy");
    const id = bytesToHex(this.#setup.random(10)) as RoomId;
    const room = this.#open(id, contract, options, request.listed, now);
    const hosted = { room, contract };
    this.#rooms.set(id, hosted);
    return hosted;
  }

  /** Puts empty rooms to sleep and forgets old ones. Returns those forgotten. */
  tidy(now: number): HostedRoom[] {
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
    for (const hosted of forgotten) this.forget(hosted);
    return forgotten;
  }

  #open(id: RoomId, contract: LoadedContract, options: Room["options"], listed: boolean, now: number): Room {
    const { random, output, fault } = this.#setup;
    try {
      return new Room({
        id,
        course: new Course({
          contract,
          options,
          seed: random(32),
          fault: (detail) => fault(contract.manifest.name, detail),
        }),
        journal: new RecordChain(random(32), id, 1),
        options,
        listed,
        output,
        announce: (listing) => {
          this.#listings.set(id, listing);
          this.#setup.announce(listing);
        },
        now,
      });
    } catch (error) {
      if (error instanceof SandboxError) throw new ProtocolError("room-faulted");
      throw error;
    }
  }

  /** Ends a room, tells whoever is in it, and gives its memory back. */
  forget({ room }: HostedRoom): void {
    room.close();
    this.#rooms.delete(room.id);
    this.#listings.delete(room.id);
    this.#setup.gone(room.id);
  }
}
