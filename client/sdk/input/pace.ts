/**
 * When the next row is to be sent: one a tick, so early that it has nearly always arrived when its tick comes, and no
 * earlier. Pure: times go in, times come out.
 *
 * The room says how long the row that it used had waited. Of each of the last seconds the shortest wait is kept, as it would be
 * with what is sent now; rows are sent so much later, or sooner, that all but one of these are a little above nothing. So one
 * bad moment in six seconds costs its ticks their rows, and does not make everything late that comes after it.
 */

/** Rows sent at once after a pause of this device: what came before them is no longer wanted. */
const atOnceMax = 4;

/** What rows are to wait at least, in ticks: less is lost to what a timer and a busy device are off. */
const margin = 3 / 32;
/** Less is not worth a change, in ticks. */
const tolerance = 1 / 32;

/** Windows of about a second whose shortest waits are kept. */
const windowsKept = 6;
/** With so many, the shortest of them is left out. */
const windowsForOutlier = 4;
const firstWindowTicks = 5;

export class Pace {
  readonly #tickMs: number;
  /** Ticks of a window. */
  readonly #window: number;
  #due: number | undefined;
  /** Rows up to this one were sent before the last change, by so many ticks sooner than those after them. */
  #settledAt = 0;
  #changedBy = 0;
  /** Shortest waits of the last windows and of this one, in ticks. */
  #kept: number[] = [];
  #shortest = Number.POSITIVE_INFINITY;
  #judged = 0;
  #last: { readonly tick: number; readonly applied: number } | undefined;
  #missed = 0;

  /** @param hz ticks a second. */
  constructor(hz: number) {
    this.#tickMs = 1000 / hz;
    this.#window = Math.max(firstWindowTicks, hz);
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

  /**
   * The room has used rows up to `applied` by this tick.
   *
   * @param ahead how long the last of them had waited, in ticks.
   * @param sent number of the newest.
   */
  acknowledged(tick: number, applied: number, ahead: number, sent: number): void {
    const last = this.#last;
    if (last !== undefined && tick <= last.tick) return;
    this.#last = { tick, applied };
    if (last === undefined || last.applied === 0) return;
    const [ticks, rows] = [tick - last.tick, applied - last.applied];
    this.#missed += Math.max(0, ticks - rows);
    // For each tick without a row all later ones wait for one more; for each row that was left out, for one less.
    this.#allWait(ticks - rows);
    if (rows > 0) this.#shortest = Math.min(this.#shortest, ahead - (applied <= this.#settledAt ? this.#changedBy : 0));
    this.#judged += ticks;
    if (this.#judged < (this.#kept.length === 0 ? firstWindowTicks : this.#window)) return;
    if (Number.isFinite(this.#shortest)) this.#kept.push(this.#shortest);
    if (this.#kept.length > windowsKept) this.#kept.shift();
    this.#begin();
    if (applied > this.#settledAt) this.#settle(sent);
  }

  /** The room stands still, or this is another connection. */
  restart(): void {
    this.#due = undefined;
    this.#last = undefined;
    this.#settledAt = 0;
    this.#kept = [];
    this.#begin();
  }

  #settle(sent: number): void {
    const sorted = this.#kept.toSorted((a, b) => a - b);
    const [shortest, next] = sorted;
    const wait = this.#kept.length < windowsForOutlier ? shortest : next;
    if (wait === undefined || this.#due === undefined || Math.abs(wait - margin) <= tolerance) return;
    const later = wait - margin;
    this.#due += later * this.#tickMs;
    this.#settledAt = sent;
    this.#changedBy = later;
    this.#allWait(-later);
  }

  #allWait(ticks: number): void {
    if (ticks === 0) return;
    this.#kept = this.#kept.map((wait) => wait + ticks);
    this.#shortest += ticks;
  }

  #begin(): void {
    this.#shortest = Number.POSITIVE_INFINITY;
    this.#judged = 0;
  }
}
