/** Absence and what it costs: who keeps an `all` room waiting and for how long still, and whose seat is held no longer. */
import type { Manifest } from "#protocol/manifest.ts";
import type { RoomInput } from "./inputs.ts";
import type { Seat, Seats } from "./seats.ts";
import type { Shown } from "./shown.ts";
import type { Standstill } from "./standstill.ts";

export class Presence {
  readonly #manifest: Manifest;
  readonly #seats: Seats;
  readonly #standstill: Standstill;
  readonly #shown: Pick<Shown, "owes">;
  #chargedAt: number;
  #abandoned = false;

  /** @param now in ms. */
  constructor(manifest: Manifest, seats: Seats, standstill: Standstill, shown: Pick<Shown, "owes">, now: number) {
    this.#manifest = manifest;
    this.#seats = seats;
    this.#standstill = standstill;
    this.#shown = shown;
    this.#chargedAt = now;
  }

  /** Whether the room is to end because somebody stays away. */
  get abandoned(): boolean {
    return this.#abandoned && this.#standstill.frozen === null;
  }

  /** Whether the room cannot go on without this player, because of what they have not shown. */
  needs(seat: Seat): boolean {
    return this.#shown.owes(seat);
  }

  /** Whoever is absent is waited for no longer. */
  abandon(): void {
    this.#abandoned = true;
  }

  /** The end of a room that is abandoned, to be applied at once. */
  abandonment(): RoomInput {
    this.#abandoned = false;
    return { input: "abandon", absent: this.#seats.absent().map(({ id }) => id) };
  }

  /**
   * In `all` rooms absence stops the clock; nothing is applied then and no view leaves. After an opening that holds before
   * the game has begun, too: whoever had a seat may have seen more of this room than this copy of it knows. And at any time
   * for whoever has not shown that they keep what happened, because nobody is told of it before.
   */
  settle(standing: { readonly started: boolean; readonly over: boolean }, now: number): void {
    const { started, over } = standing;
    const missed = this.#seats
      .absent()
      .some((seat) => (!over && (started || !seat.cameBack)) || this.#shown.owes(seat));
    this.#standstill.wait(this.#manifest.presence === "all" && missed, now);
  }

  /** Takes the time since the last charge off the budgets of those who keep somebody waiting. Before anybody comes or goes. */
  charge(now: number): void {
    const elapsed = now - this.#chargedAt;
    this.#chargedAt = now;
    if (!this.#counts || this.#nobodyHere) return;
    for (const seat of this.#seats.absent()) seat.pauseLeftMs -= elapsed;
  }

  /** Time in which a room was frozen is nobody's absence. */
  excuse(frozenMs: number): void {
    for (const seat of this.#seats.absent()) if (seat.absentSince !== undefined) seat.absentSince += frozenMs;
  }

  /** Whether somebody has kept the others waiting for too long, as of the last charge. */
  get exhausted(): boolean {
    return this.#counts && this.#seats.absent().some((seat) => seat.pauseLeftMs <= 0);
  }

  /** Those whose seats are held no longer. While the room waits for them, their budgets count instead. */
  overdue(now: number): Seat[] {
    if (this.#standstill.still) return [];
    return this.#seats.absent().filter(({ absentSince }) => now - (absentSince ?? now) >= this.#manifest.graceMs);
  }

  /** When the next absence runs out, in ms; Infinity if none will. */
  get expiresAt(): number {
    const absent = this.#seats.absent();
    if (absent.length === 0 || this.#standstill.frozen !== null) return Number.POSITIVE_INFINITY;
    if (!this.#standstill.waiting)
      return Math.min(...absent.map((seat) => (seat.absentSince ?? 0) + this.#manifest.graceMs));
    // While nobody is here, nobody is kept waiting.
    if (this.#nobodyHere) return Number.POSITIVE_INFINITY;
    return this.#chargedAt + Math.min(...absent.map((seat) => seat.pauseLeftMs));
  }

  /** Whether the room waits, and could go on if those were here. */
  get #counts(): boolean {
    return this.#standstill.waiting && this.#standstill.frozen === null;
  }

  get #nobodyHere(): boolean {
    return this.#seats.absent().length === this.#seats.taken;
  }
}
