/**
 * The workers behind this gateway, and which of them has which room. What it knows of rooms is what workers announce: each
 * names every room it has, also those that no lobby lists. A room that nobody has is brought back by whoever is asked for
 * it first, and that is always the same one.
 */
import { createHash } from "node:crypto";
import { EventEmitter } from "node:events";
import type { CreateRequest, Listing, Ready } from "#protocol/control.ts";
import { ProtocolError } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import type { LinkAddress } from "#protocol/link-address.ts";
import { EnclaveLink } from "./enclave-link.ts";
import type { Log } from "./log.ts";
import type { WorkerCommand } from "./supervisor.ts";

export interface WorkerPlace {
  /** What the operator calls it. */
  readonly name: string;
  /** Where it listens. */
  readonly address: LinkAddress;
  /** Starts it here and keeps it running; without it, somebody else does. */
  readonly command?: WorkerCommand | undefined;
}

/** Lower-case letters, digits and dashes. */
export const isWorkerName = (text: unknown): text is string =>
  typeof text === "string" && /^[a-z0-9][a-z0-9-]{0,31}$/.test(text);

/** One worker, as far as it is known. */
export class KnownWorker {
  readonly name: string;
  readonly link: EnclaveLink;
  /** Rooms it has. */
  readonly rooms = new Set<RoomId>();
  /** It is to get no more of them. */
  draining = false;

  constructor({ name, address }: WorkerPlace, log: Log) {
    this.name = name;
    this.link = new EnclaveLink(address, log);
  }

  get ready(): boolean {
    return this.link.ready !== undefined;
  }
}

interface Holder {
  readonly worker: KnownWorker;
  /** Of its opening; 0 from workers that do not say. */
  readonly term: number;
}

interface WorkersEvents {
  listing: [listing: Listing];
  /** No worker has this room any more. */
  gone: [room: RoomId];
  /** A worker is there. */
  ready: [worker: KnownWorker];
  /** A worker is gone, and with it its rooms; they are named in `gone`. */
  lost: [worker: KnownWorker];
}

export class Workers extends EventEmitter<WorkersEvents> {
  readonly all: readonly KnownWorker[];
  readonly #byRoom = new Map<RoomId, Holder>();
  readonly #moving = new Map<RoomId, Promise<unknown>>();

  constructor(places: readonly WorkerPlace[], log: Log) {
    super();
    this.all = places.map((place) => new KnownWorker(place, log));
    for (const worker of this.all) this.#follow(worker);
  }

  start(): void {
    for (const { link } of this.all) link.start();
  }

  close(): void {
    for (const { link } of this.all) link.close();
  }

  /** What players are told of the place: of the first worker that is there and stays. */
  get ready(): Ready | undefined {
    const there = this.all.filter(({ ready }) => ready);
    return (there.find(({ draining }) => !draining) ?? there[0])?.link.ready;
  }

  get seats(): number {
    return this.all.reduce((sum, { link }) => sum + link.seats, 0);
  }

  named(name: string): KnownWorker | undefined {
    return this.all.find((worker) => worker.name === name);
  }

  /** Who has this room; undefined if nobody does. */
  holder(room: RoomId): KnownWorker | undefined {
    return this.#byRoom.get(room)?.worker;
  }

  /**
   * Who has this room, or who should open it: of those that are there, the one whose name and this room's give the
   * highest hash, so that several gateways choose alike.
   *
   * @throws ProtocolError "worker-lost" while nobody is there.
   */
  forRoom(room: RoomId, except?: KnownWorker): KnownWorker {
    const holder = this.holder(room);
    if (holder !== undefined && holder !== except) return holder;
    const there = this.all.filter((worker) => worker.ready && worker !== except);
    const staying = there.filter(({ draining }) => !draining);
    const [first] = (staying.length > 0 ? staying : there)
      .map((worker) => ({ worker, weight: weightOf(worker.name, room) }))
      .sort((a, b) => (a.weight < b.weight ? 1 : -1));
    if (first === undefined) throw new ProtocolError("worker-lost");
    return first.worker;
  }

  /** Makes a room where the fewest are. @throws ProtocolError as `EnclaveLink.create`. */
  create(request: Omit<CreateRequest, "ref">): Promise<RoomId> {
    const [first] = this.all
      .filter(({ ready, draining }) => ready && !draining)
      .sort((a, b) => a.rooms.size - b.rooms.size);
    if (first === undefined) return Promise.reject(new ProtocolError("worker-lost"));
    return first.link.create(request);
  }

  /** Settles when this room has changed workers, or stayed; undefined while it does neither. */
  moving(room: RoomId): Promise<unknown> | undefined {
    return this.#moving.get(room);
  }

  /** Seats of this room wait until this is done. @throws ProtocolError "busy" if they do already. */
  async whileMoving(room: RoomId, work: () => Promise<void>): Promise<void> {
    if (this.#moving.has(room)) throw new ProtocolError("busy", "moving already");
    const done = work().finally(() => this.#moving.delete(room));
    this.#moving.set(
      room,
      done.catch(() => undefined),
    );
    await done;
  }

  #follow(worker: KnownWorker): void {
    const { link } = worker;
    link.on("ready", () => this.emit("ready", worker));
    link.on("holding", ({ room, term }) => this.#take(worker, room, term));
    link.on("listing", (listing) => {
      this.#take(worker, listing.room, 0);
      // A worker that has lost a room does not know it yet.
      if (this.holder(listing.room) === worker) this.emit("listing", listing);
    });
    link.on("gone", (room) => this.#leave(worker, room));
    link.on("lost", () => {
      for (const room of worker.rooms) this.#leave(worker, room);
      this.emit("lost", worker);
    });
  }

  /** Whoever opened a room last has it: the store lets nobody else write. The other one finds out, and says so. */
  #take(worker: KnownWorker, room: RoomId, term: number): void {
    const before = this.#byRoom.get(room);
    if (before !== undefined && before.term >= term) return;
    before?.worker.rooms.delete(room);
    worker.rooms.add(room);
    this.#byRoom.set(room, { worker, term });
  }

  #leave(worker: KnownWorker, room: RoomId): void {
    worker.rooms.delete(room);
    if (this.holder(room) !== worker) return;
    this.#byRoom.delete(room);
    this.emit("gone", room);
  }
}

const weightOf = (name: string, room: RoomId): string => createHash("sha256").update(`${name} ${room}`).digest("hex");
