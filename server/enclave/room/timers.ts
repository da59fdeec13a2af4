/** What a contract scheduled. Fires at boundaries, by tick and then by the order in which it was scheduled. */
import { timersMax } from "#protocol/limits.ts";
import type { Value } from "#protocol/value.ts";

export interface Timer {
  readonly name: string;
  readonly tick: number;
  readonly payload: Value;
}

export class Timers {
  readonly #timers = new Map<string, Timer>();

  /** In the order in which they were scheduled, which decides between those that are due at once. */
  all(): Timer[] {
    return [...this.#timers.values()];
  }

  /** Earliest tick at which one is due; Infinity if there is none. */
  get next(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const timer of this.#timers.values()) next = Math.min(next, timer.tick);
    return next;
  }

  /** Whether there was room for it. */
  set(timer: Timer): boolean {
    this.#timers.delete(timer.name);
    if (this.#timers.size >= timersMax) return false;
    this.#timers.set(timer.name, timer);
    return true;
  }

  cancel(name: string): void {
    this.#timers.delete(name);
  }

  /** Removes and returns the first that is due. */
  takeDue(tick: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers.values()) {
      if (timer.tick <= tick && (first === undefined || timer.tick < first.tick)) first = timer;
    }
    if (first !== undefined) this.#timers.delete(first.name);
    return first;
  }
}
