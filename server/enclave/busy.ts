/**
 * For how much of the time this thread has something to do: what a gateway looks at when it chooses where a new room goes.
 * Time in which the thread waits for a processor counts: it has something to do then.
 */

/** Of the event loop, as `performance.eventLoopUtilization` counts it. Both in ms, since the thread began. */
export interface LoopTimes {
  readonly idle: number;
  readonly active: number;
}

export class BusyShare {
  readonly #times: () => LoopTimes;
  #before: LoopTimes;
  #share = 0;

  constructor(times: () => LoopTimes = () => performance.eventLoopUtilization()) {
    this.#times = times;
    this.#before = times();
  }

  /** 0 to 1. */
  get share(): number {
    return this.#share;
  }

  /** To be called every second or so. What was counts half as much with each call. */
  look(): void {
    const now = this.#times();
    const active = now.active - this.#before.active;
    const all = active + now.idle - this.#before.idle;
    this.#before = now;
    if (all > 0) this.#share = (this.#share + Math.min(1, Math.max(0, active / all))) / 2;
  }
}
