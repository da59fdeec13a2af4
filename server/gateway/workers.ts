/**
 * The workers behind this gateway, and which of them has which room. What it knows of rooms is what workers announce: each
 * names every room it has, also those that no lobby lists. A room that nobody has is brought back by whoever is asked for
 * it first, and that is always the same one.
 *
 * A worker may have rooms in several threads, and says so. Each of them is a worker here: `main` is the first thread of the
 * worker that the operator calls so, `main.2` its second. What the operator asks of `main` they all do.
 */
import { createHash } from "node:crypto";
import { EventEmitter } from "node:events";
import type { CreateRequest, Listing, Ready } from "#protocol/control.ts";
import { ProtocolError } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { threadAddress, type LinkAddress } from "#protocol/link-address.ts";
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

/** Lower-case letters, digits and dashes. No thread but the first has such a name. */
export const isWorkerName = (text: unknown): text is string =>
  typeof text === "string" && /^[a-z0-9][a-z0-9-]{0,31}$/.test(text);

/** What a room that was just made is taken for until its worker says how busy it is: a small one, with somebody in it. */
const newRoomShare = 0.01;

/** Workers whose shares differ by less are as busy as each other: then rooms are counted. */
const busyStep = 0.1;

/** One worker, or one thread of it, as far as it is known. */
export class KnownWorker {
  readonly name: string;
  /** Of the worker that it is a thread of; of the first thread, and of workers that have no others, its own. */
  readonly of: string;
  readonly address: LinkAddress;
  readonly link: EnclaveLink;
  /** Rooms it has. */
  readonly rooms = new Set<RoomId>();
  /** It is to get no more of them. */
  draining = false;
  #made = 0;

  constructor({ name, address }: WorkerPlace, of: string, log: Log) {
    this.name = name;
    this.of = of;
    this.address = address;
    // Which of them it was, is what an operator asks first.
    this.link = new EnclaveLink(address, (event) => log({ ...event, worker: name }));
    this.link.on("pulse", () => (this.#made = 0));
  }

  get ready(): boolean {
    return this.link.ready !== undefined;
  }

  /** How busy it is, in steps. */
  get load(): number {
    return Math.floor((this.link.busy + this.#made * newRoomShare) / busyStep);
  }

  /** @throws ProtocolError as `EnclaveLink.create`. */
  create(request: Omit<CreateRequest, "ref">): Promise<RoomId> {
    this.#made += 1;
    return this.link.create(request);
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
  readonly #log: Log;
  readonly #all: KnownWorker[] = [];
  readonly #followers: ((worker: KnownWorker) => void)[] = [];
  #started = false;
  readonly #byRoom = new Map<RoomId, Holder>();
  readonly #moving = new Map<RoomId, Promise<unknown>>();

  constructor(places: readonly WorkerPlace[], log: Log) {
    super();
    this.#log = log;
    for (const place of places) this.#add(place, place.name);
  }

  /** In no order that means anything. */
  get all(): readonly KnownWorker[] {
    return this.#all;
  }

  /** Calls `follow` for each worker that is known, and for each that becomes known before its link is started. */
  each(follow: (worker: KnownWorker) => void): void {
    this.#followers.push(follow);
    for (const worker of this.#all) follow(worker);
  }

  start(): void {
    this.#started = true;
    for (const { link } of this.#all) link.start();
  }

  /** They are about to stop, as they were told to. */
  letGo(): void {
    for (const { link } of this.#all) link.letGo();
  }

  close(): void {
    this.#started = false;
    for (const { link } of this.#all) link.close();
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

  /** What the operator means by this name: a worker with all of its threads, or one of those that are not the first. */
  meant(name: string): readonly KnownWorker[] {
    return this.all.filter((worker) => worker.of === name || worker.name === name);
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

  /** Makes a room where the least is done, and of several such where the fewest are. @throws ProtocolError as `EnclaveLink.create`. */
  create(request: Omit<CreateRequest, "ref">): Promise<RoomId> {
    const [first] = this.all
      .filter(({ ready, draining }) => ready && !draining)
      .sort((a, b) => a.load - b.load || a.rooms.size - b.rooms.size);
    if (first === undefined) return Promise.reject(new ProtocolError("worker-lost"));
    return first.create(request);
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
    link.on("ready", ({ threads = 1 }) => {
      // First of all, so that whoever is told next knows how many there are.
      if (worker.name === worker.of) this.#thread(worker, threads);
      this.emit("ready", worker);
    });
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

  /** A worker has so many threads, the first included. */
  #thread(worker: KnownWorker, threads: number): void {
    const addresses = Array.from({ length: threads }, (_, i) => threadAddress(worker.address, i + 1));
    for (const thread of this.#all.filter(({ of, name }) => of === worker.of && !isThread(name, of, threads))) {
      thread.link.close();
      this.#all.splice(this.#all.indexOf(thread), 1);
    }
    for (const [i, address] of addresses.entries()) {
      const name = nameOf(worker.of, i + 1);
      if (address === undefined || this.named(name) !== undefined) continue;
      const thread = this.#add({ name, address }, worker.of);
      thread.draining = worker.draining;
      if (this.#started) thread.link.start();
    }
  }

  #add(place: WorkerPlace, of: string): KnownWorker {
    const worker = new KnownWorker(place, of, this.#log);
    this.#all.push(worker);
    this.#follow(worker);
    for (const follow of this.#followers) follow(worker);
    return worker;
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

/** A point stands in no worker's name, so no thread has another worker's. */
const nameOf = (worker: string, n: number): string => (n === 1 ? worker : `${worker}.${n}`);

const isThread = (name: string, worker: string, threads: number): boolean =>
  Array.from({ length: threads }, (_, i) => nameOf(worker, i + 1)).includes(name);

const weightOf = (name: string, room: RoomId): string => createHash("sha256").update(`${name} ${room}`).digest("hex");
