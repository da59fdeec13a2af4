/**
 * Whose turn it is: rooms that are due, first those whose boundaries are short.
 *
 * Nothing interrupts a boundary, so what neighbours must wait for is the longest one. Rooms whose boundaries are long are
 * stepped after all others, and no more of them once these took as long as one: so the others wait for one of them and little more,
 * however many there are. Those that are so long that others would miss ticks have a quarter of the time together, however
 * many there are. What a room does not get it loses as ticks of its own: a gap in its log, like that of a machine that
 * stood still. Where nobody else is to be stepped at all, nothing is held back: a large room that has a worker to itself may
 * use all of it.
 *
 * Counted is time of the processor. Fuel would be the same on every machine, but it is not what neighbours lose: a unit
 * costs between a fiftieth of a nanosecond and two, and memory that the machine must find first costs no fuel at all. Nor
 * is a room to blame for time in which the machine did something else.
 */
import { Schedule } from "./schedule.ts";

/** Boundaries longer than this are long: a tenth of the time between two ticks at 20 a second. */
const longMs = 5;

/** Longer than this, and rooms that tick 20 times a second would miss ticks behind one after the other. */
const tooLongMs = 25;

/** Of the time, for boundaries that are too long. */
const tooLongShare = 1 / 4;

/** Asking how much of the processor was used costs as much as a small room's boundary: it is asked no more often, in ms. */
const readEveryMs = 1;

/** How long a room is remembered by its longest boundary. */
const rememberedMs = 10_000;

export interface Turn<T> {
  /** In order; each has to be given its next time. */
  readonly stepped: readonly T[];
  /** How late the turn was for the first of those whose boundaries are short, in ms. */
  readonly lateMs: number;
}

/** @param hurried its boundaries are long: it must not take more than one tick now, however many it has missed. */
export type Step<T> = (item: T, hurried: boolean) => void;

export class Turns<T extends object> {
  readonly #schedule = new Schedule<T>();
  readonly #clock: () => number;
  readonly #spent: () => number;
  /** Of each room, the longest boundary that is remembered, and when it was. */
  readonly #longest = new WeakMap<T, { readonly ms: number; readonly at: number }>();
  /** Rooms that are due and whose boundaries are long: who came first is first. */
  readonly #waiting = new Map<T, { readonly at: number; readonly tooLong: boolean }>();
  /** Before this nothing is stepped that is too long. */
  #tooLongAt = Number.NEGATIVE_INFINITY;
  #heldBack = new Set<T>();
  /** Processor time as it was read last before a boundary, and when that was. */
  #spentBefore = 0;
  #readAt = Number.NEGATIVE_INFINITY;

  /**
   * @param clock monotonic, in ms.
   * @param spent processor time of this thread, in ms. It may go in steps of some milliseconds.
   */
  constructor(clock: () => number, spent: () => number) {
    this.#clock = clock;
    this.#spent = spent;
  }

  /** When the next turn has work, in ms; Infinity if there is none. */
  get next(): number {
    let next = this.#schedule.next;
    const alone = this.#schedule.size === 0 && this.#waiting.size === 1;
    for (const { at, tooLong } of this.#waiting.values()) {
      next = Math.min(next, tooLong && !alone ? Math.max(at, this.#tooLongAt) : at);
    }
    return next;
  }

  /** @param at when it is due, in ms; Infinity takes it out. One that is due already and waits keeps its place. */
  set(item: T, at: number): void {
    if (at === Number.POSITIVE_INFINITY) this.delete(item);
    else if (!this.#waiting.has(item)) this.#schedule.set(item, at);
  }

  /** Whether its turn is at `now`, or was and it waits. */
  isDue(item: T, now: number): boolean {
    return this.#waiting.has(item) || this.#schedule.dueAt(item) <= now;
  }

  delete(item: T): void {
    this.#schedule.delete(item);
    this.#waiting.delete(item);
  }

  /** Those that were due and had to wait because they are too long, since this was last asked. */
  takeHeldBack(): ReadonlySet<T> {
    const heldBack = this.#heldBack;
    this.#heldBack = new Set();
    return heldBack;
  }

  /** Steps what is due at `now`. */
  take(now: number, step: Step<T>): Turn<T> {
    const stepped: T[] = [];
    let lateMs = 0;
    for (let at = this.#schedule.next; at <= now; at = this.#schedule.next) {
      const item = this.#schedule.take(now)!;
      const lengthMs = this.#lengthOf(item, now);
      if (lengthMs > longMs) {
        this.#waiting.set(item, { at, tooLong: lengthMs > tooLongMs });
        continue;
      }
      lateMs = Math.max(lateMs, now - at);
      this.#step(item, false, step);
      stepped.push(item);
    }
    const until = this.#clock() + longMs;
    const alone = stepped.length === 0 && this.#schedule.size === 0 && this.#waiting.size === 1;
    for (let long = this.#nextOfWaiting(now, alone); long !== undefined; long = this.#nextOfWaiting(now, alone)) {
      this.#waiting.delete(long);
      this.#step(long, true, step);
      stepped.push(long);
      if (this.#clock() >= until) break;
    }
    return { stepped, lateMs };
  }

  /** @param alone nobody else is to be stepped, now or later. */
  #nextOfWaiting(now: number, alone: boolean): T | undefined {
    for (const [item, { tooLong }] of this.#waiting) {
      if (!tooLong || alone || now >= this.#tooLongAt) return item;
      this.#heldBack.add(item);
    }
    return undefined;
  }

  #step(item: T, hurried: boolean, step: Step<T>): void {
    const from = this.#clock();
    if (from - this.#readAt >= readEveryMs) {
      this.#readAt = from;
      this.#spentBefore = this.#spent();
    }
    try {
      step(item, hurried);
    } finally {
      const now = this.#clock();
      this.#remember(item, this.#lengthSince(from, now), now);
    }
  }

  /** Of a boundary that is short by the clock, nobody wants to know more. */
  #lengthSince(from: number, now: number): number {
    const ms = now - from;
    return ms <= longMs ? ms : Math.min(ms, this.#spent() - this.#spentBefore);
  }

  #remember(item: T, ms: number, now: number): void {
    if (ms > tooLongMs) this.#tooLongAt = Math.max(this.#tooLongAt, now - ms) + ms / tooLongShare;
    if (ms >= this.#lengthOf(item, now)) this.#longest.set(item, { ms, at: now });
  }

  #lengthOf(item: T, now: number): number {
    const longest = this.#longest.get(item);
    return longest === undefined || now - longest.at > rememberedMs ? 0 : longest.ms;
  }
}
