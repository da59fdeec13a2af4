/**
 * Rooms as a worker hosts them: the worker's own rooms, stepped in its own turns. What is missing is the way out: messages
 * are encoded and dropped.
 */
import { encodeWorkerMessage } from "../../server/protocol/message.ts";
import type { PlayerId } from "../../server/protocol/identity.ts";
import type { Value } from "../../server/protocol/value.ts";
import { bytesToHex } from "../../server/protocol/bytes.ts";
import { ProtocolError } from "../../server/protocol/errors.ts";
import { Rooms, roomsLimits, type HostedRoom } from "../../server/enclave/rooms.ts";
import type { LoadedContract } from "../../server/enclave/sandbox/sandbox.ts";
import { Turns } from "../../server/enclave/turns.ts";

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

function processorTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Without rooms, how often it is looked whether there are any; and how often a room that was stopped asks to be opened. */
const idleMs = 20;

/** What happened to the rooms of one contract. */
export interface Course {
  /** Of each boundary: how long after it was due its room was stepped, in ms. */
  readonly lateMs: number[];
  /** Boundaries that the next one of their room overtook. */
  missed: number;
  /** Rooms that ended and were opened again. */
  reopened: number;
}

export interface Wanted {
  readonly contract: string;
  /** Made once by the player of each room. */
  readonly move?: Value;
}

export class Hosting {
  readonly #rooms: Rooms;
  readonly #turns = new Turns<HostedRoom>(() => performance.now(), processorTime);
  readonly #wanted = new Map<HostedRoom, Wanted>();
  readonly #dueAt = new Map<HostedRoom, number>();
  /** To be opened again, once they may. */
  #stopped: Wanted[] = [];
  readonly #courses = new Map<string, Course>();
  #connections = 0;
  #busyMs = 0;

  constructor(contracts: readonly LoadedContract[]) {
    this.#rooms = new Rooms({
      contracts,
      output: { send: (_connection, message) => void encodeWorkerMessage(message), close: () => undefined },
      announce: () => undefined,
      gone: () => undefined,
      fault: () => undefined,
      random,
      clock: () => performance.now(),
      limits: { ...roomsLimits, roomsMax: Infinity },
    });
  }

  /** So many rooms with one player each, whose boundaries are spread over one tick; those that have to wait come later. */
  open(count: number, wanted: Wanted): void {
    for (let i = 0; i < count; i++) {
      const now = performance.now();
      const hosted = this.#tryOpen(wanted, now);
      if (hosted === undefined) continue;
      const gridMs = 1000 / hosted.room.manifest.hz;
      this.#due(hosted, now + gridMs * (1 + i / count));
    }
  }

  /** Ends the rooms of this contract. */
  close(contract: string): void {
    this.#stopped = this.#stopped.filter((wanted) => wanted.contract !== contract);
    for (const [hosted, wanted] of this.#wanted) {
      if (wanted.contract !== contract) continue;
      this.#turns.delete(hosted);
      this.#forget(hosted);
    }
  }

  start(): void {
    this.#arm();
  }

  /** Each room as a snapshot, which nobody keeps. */
  save(): void {
    for (const { room } of this.#wanted.keys()) room.save();
  }

  /** Since this was last asked. */
  take(): { readonly busyMs: number; readonly courses: Readonly<Record<string, Course>> } {
    const taken = { busyMs: this.#busyMs, courses: Object.fromEntries(this.#courses) };
    this.#busyMs = 0;
    this.#courses.clear();
    return taken;
  }

  #open(wanted: Wanted, now: number): HostedRoom {
    const hosted = this.#rooms.create({ contract: wanted.contract, options: {}, listed: false }, now);
    const connection = ++this.#connections;
    const player = bytesToHex(random(16)) as PlayerId;
    hosted.room.enter(connection, { player, want: "play", name: "Player", entropy: random(32) }, now);
    if (wanted.move !== undefined) hosted.room.receive(connection, { type: "move", n: 1, move: wanted.move }, now);
    this.#wanted.set(hosted, wanted);
    return hosted;
  }

  #arm(): void {
    const delay = Math.max(0, Math.ceil(this.#turns.next - performance.now()));
    setTimeout(() => this.#step(), Math.min(delay, idleMs));
  }

  /** As in `worker.ts`: rooms are due again once the turn is over. */
  #step(): void {
    const now = performance.now();
    const { stepped } = this.#turns.take(now, (hosted, hurried) => {
      this.#count(hosted);
      this.#rooms.boundary(hosted, now, hurried);
    });
    for (const hosted of stepped) this.#reschedule(hosted, now);
    this.#reopen(now);
    this.#busyMs += performance.now() - now;
    this.#arm();
  }

  #reschedule(hosted: HostedRoom, now: number): void {
    if (hosted.room.phase !== "ended") {
      const due = hosted.room.dueAt;
      const gridMs = 1000 / hosted.room.manifest.hz;
      this.#due(hosted, due >= now ? due : due + Math.ceil((now - due) / gridMs) * gridMs);
      return;
    }
    this.#stopped.push(this.#wanted.get(hosted)!);
    this.#forget(hosted);
    this.#courseOf(hosted).reopened += 1;
  }

  #reopen(now: number): void {
    const stopped = this.#stopped;
    this.#stopped = [];
    for (const wanted of stopped) {
      const hosted = this.#tryOpen(wanted, now);
      if (hosted !== undefined) this.#due(hosted, hosted.room.dueAt);
    }
  }

  /** Undefined if it has to wait, as rooms do whose contract faulted too often. */
  #tryOpen(wanted: Wanted, now: number): HostedRoom | undefined {
    try {
      return this.#open(wanted, now);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#stopped.push(wanted);
      return undefined;
    }
  }

  #due(hosted: HostedRoom, at: number): void {
    this.#dueAt.set(hosted, at);
    this.#turns.set(hosted, at);
  }

  #forget(hosted: HostedRoom): void {
    this.#dueAt.delete(hosted);
    this.#wanted.delete(hosted);
    this.#rooms.forget(hosted);
  }

  #count(hosted: HostedRoom): void {
    const lateMs = performance.now() - this.#dueAt.get(hosted)!;
    const course = this.#courseOf(hosted);
    course.lateMs.push(lateMs);
    course.missed += Math.floor((lateMs * hosted.room.manifest.hz) / 1000);
  }

  #courseOf({ contract }: HostedRoom): Course {
    const { name } = contract.manifest;
    const course = this.#courses.get(name) ?? { lateMs: [], missed: 0, reopened: 0 };
    this.#courses.set(name, course);
    return course;
  }
}
