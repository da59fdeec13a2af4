/** Room time: boundaries counted since the room opened, standing still while it is paused. Milliseconds come in from outside. */

export class RoomClock {
  readonly hz: number;
  /** The moment that tick 0 would have been, had the room never paused and lived all its time here. */
  #origin: number;
  #pausedAt: number | undefined;

  /**
   * @param now the enclave's monotonic clock, in ms.
   * @param tick that it is then.
   */
  constructor(hz: number, now: number, tick = 0) {
    this.hz = hz;
    this.#origin = now - (tick * 1000) / hz;
  }

  get paused(): boolean {
    return this.#pausedAt !== undefined;
  }

  /** The boundary that is due or past at `now`. */
  tick(now: number): number {
    // The epsilon keeps a boundary that is due exactly now from being missed by a rounding of 1000 / hz.
    return Math.max(0, Math.floor((((this.#pausedAt ?? now) - this.#origin) * this.hz) / 1000 + 1e-6));
  }

  /** When a tick is due, in ms; never while paused. */
  dueAt(tick: number): number {
    return this.paused ? Number.POSITIVE_INFINITY : this.#origin + (tick * 1000) / this.hz;
  }

  pause(now: number): void {
    this.#pausedAt ??= now;
  }

  resume(now: number): void {
    if (this.#pausedAt === undefined) return;
    this.#origin += now - this.#pausedAt;
    this.#pausedAt = undefined;
  }
}
