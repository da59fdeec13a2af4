/** Why a room's time stands still: it waits for somebody absent, or it is frozen. */
import type { FrozenReason } from "#protocol/message.ts";
import type { RoomClock } from "./clock.ts";

export class Standstill {
  readonly #clock: RoomClock;
  #waiting = false;
  #frozen: FrozenReason | null = null;
  #frozenAt = 0;

  constructor(clock: RoomClock) {
    this.#clock = clock;
  }

  /** While it is, nothing is applied, no clock runs and no view leaves. */
  get still(): boolean {
    return this.#waiting || this.#frozen !== null;
  }

  /** Whether it waits for somebody, frozen or not. */
  get waiting(): boolean {
    return this.#waiting;
  }

  get frozen(): FrozenReason | null {
    return this.#frozen;
  }

  wait(waiting: boolean, now: number): void {
    this.#waiting = waiting;
    this.#settle(now);
  }

  freeze(reason: FrozenReason, now: number): void {
    if (this.#frozen === null) this.#frozenAt = now;
    this.#frozen = reason;
    this.#settle(now);
  }

  /** Returns for how long it was frozen, in ms. */
  thaw(now: number): number {
    if (this.#frozen === null) return 0;
    this.#frozen = null;
    this.#settle(now);
    return now - this.#frozenAt;
  }

  #settle(now: number): void {
    if (this.still) this.#clock.pause(now);
    else this.#clock.resume(now);
  }
}
