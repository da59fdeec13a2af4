/**
 * When the next row is to be sent: one a tick, so early that it has nearly always arrived when its tick comes, and no
 * earlier. Pure: times go in, times come out.
 *
 * The room says which row it used and how many wait. If a tick found none, rows are sent half a tick sooner from then on; if
 * some wait at every tick of a second, later. What is changed is judged by the rows that were sent since, not before.
 */

/** Rows sent at once after a pause of this device: what came before them is no longer wanted. */
const atOnceMax = 4;

export class Pace {
  readonly #tickMs: number;
  /** Acknowledgements after which it is judged whether rows are sent too early. */
  readonly #window: number;
  #due: number | undefined;
  /** Rows up to this one were sent before the last change. */
  #settledAt = 0;
  #fewest = Number.POSITIVE_INFINITY;
  #judged = 0;
  #last: { readonly tick: number; readonly applied: number } | undefined;
  #missed = 0;

  /** @param hz ticks a second. */
  constructor(hz: number) {
    this.#tickMs = 1000 / hz;
    this.#window = Math.max(4, hz);
  }

  /** Ticks for which the room had no row. */
  get missed(): number {
    return this.#missed;
  }

  /** In ms; now, before the first row. */
  dueAt(now: number): number {
    return this.#due ?? now;
  }

  /** How many rows are to be sent now. */
  take(now: number): number {
    this.#due ??= now;
    let count = 0;
    for (; this.#due <= now && count < atOnceMax; count++) this.#due += this.#tickMs;
    if (this.#due <= now) this.#due = now + this.#tickMs;
    return count;
  }

  /** The room has used rows up to `applied` by this tick, and so many wait. @param sent number of the newest. */
  acknowledged(tick: number, applied: number, waiting: number, sent: number): void {
    const last = this.#last;
    this.#last = { tick, applied };
    if (last === undefined || tick <= last.tick || last.applied === 0) return;
    const missed = Math.max(0, tick - last.tick - (applied - last.applied));
    this.#missed += missed;
    if (applied <= this.#settledAt) return;
    this.#fewest = Math.min(this.#fewest, waiting);
    this.#judged += tick - last.tick;
    if (missed > 0) return this.#shift(-this.#tickMs / 2, sent);
    if (this.#judged < this.#window) return;
    if (this.#fewest > 0) this.#shift((this.#tickMs * Math.min(this.#fewest, 2)) / 2, sent);
    else this.#begin();
  }

  /** The room stands still, or this is another connection. */
  restart(): void {
    this.#due = undefined;
    this.#last = undefined;
    this.#settledAt = 0;
    this.#begin();
  }

  #shift(ms: number, sent: number): void {
    if (this.#due !== undefined) this.#due += ms;
    this.#settledAt = sent;
    this.#begin();
  }

  #begin(): void {
    this.#fewest = Number.POSITIVE_INFINITY;
    this.#judged = 0;
  }
}
