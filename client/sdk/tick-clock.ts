/** Where the room's clock stands between two updates. An estimate: it lags by the time an update is on its way. */

export class TickClock {
  readonly #now: () => number;
  #hz = 0;
  #tick = 0;
  /** When `#tick` was told, in ms of our own clock. */
  #since = 0;
  #running = false;

  /** @param now a monotonic clock, in ms. */
  constructor(now: () => number) {
    this.#now = now;
  }

  get hz(): number {
    return this.#hz;
  }

  /** The boundary of the newest update. */
  get tick(): number {
    return this.#tick;
  }

  /** With fractions. */
  estimate(): number {
    return this.#running ? this.#tick + ((this.#now() - this.#since) * this.#hz) / 1000 : this.#tick;
  }

  /** @param running whether the room's own clock goes on from here. */
  set(tick: number, hz: number, running: boolean): void {
    this.#tick = tick;
    this.#hz = hz;
    this.#since = this.#now();
    this.#running = running;
  }

  /** Keeps the estimate where it is until the next update: nobody knows whether the room goes on. */
  stop(): void {
    this.#tick = this.estimate();
    this.#running = false;
  }
}
