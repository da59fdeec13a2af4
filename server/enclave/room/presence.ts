/** Absence and what it costs: who keeps an `all` room waiting and for how long still, and whose seat is held no longer. */
import type { Manifest } from "#protocol/manifest.ts";
import type { RoomClock } from "./clock.ts";
import type { Seat, Seats } from "./seats.ts";

export class Presence {
  readonly #manifest: Manifest;
  readonly #seats: Seats;
  readonly #clock: RoomClock;
  #chargedAt: number;

  /** @param now in ms. */
  constructor(manifest: Manifest, seats: Seats, clock: RoomClock, now: number) {
    this.#manifest = manifest;
    this.#seats = seats;
    this.#clock = clock;
    this.#chargedAt = now;
  }

  /**
   * In `all` rooms absence stops the clock; nothing is applied then and no view leaves.
   *
   * @param playing whether the room has started and has not ended.
   */
  settle(playing: boolean, now: number): void {
    const wait = playing && this.#manifest.presence === "all" && this.#seats.absent().length > 0;
    if (wait) this.#clock.pause(now);
    else this.#clock.resume(now);
  }

  /** Takes the time since the last charge off the budgets of those who keep somebody waiting. Before anybody comes or goes. */
  charge(now: number): void {
    const elapsed = now - this.#chargedAt;
    this.#chargedAt = now;
    if (!this.#clock.paused || this.#nobodyHere) return;
    for (const seat of this.#seats.absent()) seat.pauseLeftMs -= elapsed;
  }

  /** Whether somebody has kept the others waiting for too long, as of the last charge. */
  get exhausted(): boolean {
    return this.#clock.paused && this.#seats.absent().some((seat) => seat.pauseLeftMs <= 0);
  }

  /** Those whose seats are held no longer. While the room waits for them, their budgets count instead. */
  overdue(now: number): Seat[] {
    if (this.#clock.paused) return [];
    return this.#seats.absent().filter(({ absentSince }) => now - (absentSince ?? now) >= this.#manifest.graceMs);
  }

  /** When the next absence runs out, in ms; Infinity if none will. */
  get expiresAt(): number {
    const absent = this.#seats.absent();
    if (absent.length === 0) return Number.POSITIVE_INFINITY;
    if (!this.#clock.paused) return Math.min(...absent.map((seat) => (seat.absentSince ?? 0) + this.#manifest.graceMs));
    // While nobody is here, nobody is kept waiting.
    if (this.#nobodyHere) return Number.POSITIVE_INFINITY;
    return this.#chargedAt + Math.min(...absent.map((seat) => seat.pauseLeftMs));
  }

  get #nobodyHere(): boolean {
    return this.#seats.absent().length === this.#seats.taken;
  }
}
