/** How soon a thread that ended is started again, and when that makes no sense any more. */

export interface RestartTimes {
  /** Before the first restart; twice as long each time a thread ends young, up to `restartMaxMs`. */
  readonly restartMs: number;
  readonly restartMaxMs: number;
  /** A thread that lived so long is not failing at start. */
  readonly settledMs: number;
  /** All threads together may end so often in `recentMs`: a process that keeps losing them had better be started anew. */
  readonly endsMax: number;
  readonly recentMs: number;
}

export const restartTimes: RestartTimes = {
  restartMs: 200,
  restartMaxMs: 10_000,
  settledMs: 30_000,
  endsMax: 16,
  recentMs: 5 * 60_000,
};

export class Restarts {
  readonly #times: RestartTimes;
  /** When threads ended, lately. */
  #ends: number[] = [];
  /** By thread: what the next restart waits. */
  readonly #waits = new Map<number, number>();

  constructor(times: RestartTimes = restartTimes) {
    this.#times = times;
  }

  /**
   * A thread has ended.
   *
   * @param livedMs since it was started.
   * @param now monotonic, in ms.
   * @returns how long to wait before it is started again, in ms; undefined if it should not be.
   */
  ended(thread: number, livedMs: number, now: number): number | undefined {
    const { restartMs, restartMaxMs, settledMs, endsMax, recentMs } = this.#times;
    this.#ends = this.#ends.filter((at) => now - at < recentMs);
    this.#ends.push(now);
    if (this.#ends.length > endsMax) return undefined;
    const wait = livedMs > settledMs ? restartMs : (this.#waits.get(thread) ?? restartMs);
    this.#waits.set(thread, Math.min(restartMaxMs, wait * 2));
    return wait;
  }
}
