/**
 * Rooms as a worker hosts them: the worker's own rooms, due by its own schedule, all that are due together in one turn of
 * the event loop. What is missing is the way out: messages are encoded and dropped.
 */
import { encodeWorkerMessage } from "../../server/protocol/message.ts";
import type { PlayerId } from "../../server/protocol/identity.ts";
import type { Value } from "../../server/protocol/value.ts";
import { bytesToHex } from "../../server/protocol/bytes.ts";
import { Rooms, roomsLimits, type HostedRoom } from "../../server/enclave/rooms.ts";
import type { LoadedContract } from "../../server/enclave/sandbox/sandbox.ts";
import { Schedule } from "../../server/enclave/schedule.ts";

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** Without rooms, how often it is looked whether there are any. */
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
  readonly #schedule = new Schedule<HostedRoom>();
  readonly #wanted = new Map<HostedRoom, Wanted>();
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
      limits: { ...roomsLimits, roomsMax: Infinity },
    });
  }

  /** So many rooms with one player each, whose boundaries are spread over one tick. */
  open(count: number, wanted: Wanted): void {
    for (let i = 0; i < count; i++) {
      const now = performance.now();
      const hosted = this.#open(wanted, now);
      const gridMs = 1000 / hosted.room.manifest.hz;
      this.#schedule.set(hosted, now + gridMs * (1 + i / count));
    }
  }

  /** Ends the rooms of this contract. */
  close(contract: string): void {
    for (const [hosted, wanted] of this.#wanted) {
      if (wanted.contract !== contract) continue;
      this.#schedule.delete(hosted);
      this.#wanted.delete(hosted);
      this.#rooms.forget(hosted);
    }
  }

  start(): void {
    this.#arm();
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
    const delay = Math.max(0, Math.ceil(this.#schedule.next - performance.now()));
    setTimeout(() => this.#step(), Math.min(delay, idleMs));
  }

  /** As in `worker.ts`: rooms are due again once all that were due together have had their turn. */
  #step(): void {
    const now = performance.now();
    const stepped: HostedRoom[] = [];
    for (let hosted = this.#take(now); hosted !== undefined; hosted = this.#take(now)) stepped.push(hosted);
    for (const hosted of stepped) this.#reschedule(hosted, now);
    this.#busyMs += performance.now() - now;
    this.#arm();
  }

  #take(now: number): HostedRoom | undefined {
    const due = this.#schedule.next;
    const hosted = this.#schedule.take(now);
    if (hosted === undefined) return undefined;
    const lateMs = performance.now() - due;
    const course = this.#courseOf(hosted);
    course.lateMs.push(lateMs);
    course.missed += Math.floor((lateMs * hosted.room.manifest.hz) / 1000);
    hosted.room.boundary(now);
    return hosted;
  }

  #reschedule(hosted: HostedRoom, now: number): void {
    if (hosted.room.phase !== "ended") {
      const due = hosted.room.dueAt;
      const gridMs = 1000 / hosted.room.manifest.hz;
      this.#schedule.set(hosted, due >= now ? due : due + Math.ceil((now - due) / gridMs) * gridMs);
      return;
    }
    const wanted = this.#wanted.get(hosted)!;
    this.#wanted.delete(hosted);
    this.#rooms.forget(hosted);
    this.#courseOf(hosted).reopened += 1;
    const next = this.#open(wanted, now);
    this.#schedule.set(next, next.room.dueAt);
  }

  #courseOf({ contract }: HostedRoom): Course {
    const { name } = contract.manifest;
    const course = this.#courses.get(name) ?? { lateMs: [], missed: 0, reopened: 0 };
    this.#courses.set(name, course);
    return course;
  }
}
