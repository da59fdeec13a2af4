/**
 * Which moment of the room to draw: so far behind the newest news that the next has nearly always arrived when it is needed,
 * and no further.
 *
 * Each arrival says how late it was, compared with the earliest of the last few seconds. The delay grows at once when
 * something comes later than it allows for, and shrinks slowly.
 */

/** Arrivals that are remembered: 3.2 s at 20 Hz. */
const remembered = 64;
/** Arrivals of this part may come later than the delay allows for. */
const late = 1 / 32;
const delayMaxMs = 600;
/** How much of the unneeded delay is given up in a second. */
const shrinking = 0.15;
/** Drawn time goes between these parts of its true speed to where it should be, so that nobody sees it jump. */
const slowest = 0.7;
const fastest = 1.3;
/** So far off, it jumps all the same. */
const jumpMs = 1000;

export class Playback {
  readonly #tickMs: number;
  /** Of each arrival: its time, less that of its tick. */
  readonly #offsets: number[] = [];
  #next = 0;
  #base = 0;
  #delayMs: number;
  #wantedMs: number;
  #drawn: number | undefined;
  #drawnAt = 0;
  #newest = 0;

  /** @param hz ticks per second. */
  constructor(hz: number) {
    this.#tickMs = 1000 / hz;
    this.#delayMs = this.#tickMs;
    this.#wantedMs = this.#tickMs;
  }

  get delayMs(): number {
    return this.#delayMs;
  }

  /** News of a boundary is here. @param now in ms, monotonic. */
  arrived(tick: number, now: number): void {
    this.#newest = Math.max(this.#newest, tick);
    this.#offsets[this.#next] = now - tick * this.#tickMs;
    this.#next = (this.#next + 1) % remembered;
    const sorted = [...this.#offsets].sort((a, b) => a - b);
    this.#base = sorted[0]!;
    const lateness = sorted[Math.ceil(sorted.length * (1 - late)) - 1]! - this.#base;
    // One tick, because what lies between two boundaries needs both.
    this.#wantedMs = Math.min(delayMaxMs, this.#tickMs + lateness);
    this.#delayMs = Math.max(this.#delayMs, this.#wantedMs);
  }

  /** The room has stood still, or this is another connection. */
  restart(): void {
    this.#offsets.length = 0;
    this.#next = 0;
    this.#drawn = undefined;
  }

  /** The tick to draw, with fractions; never less than the last time. */
  at(now: number): number {
    if (this.#offsets.length === 0) return this.#drawn ?? this.#newest;
    const wanted = (now - this.#base - this.#delayMs) / this.#tickMs;
    const elapsed = Math.max(0, now - this.#drawnAt);
    this.#drawnAt = now;
    if (this.#drawn === undefined || Math.abs(wanted - this.#drawn) * this.#tickMs > jumpMs) {
      this.#drawn = this.#drawn === undefined ? wanted : Math.max(this.#drawn, wanted);
      return this.#drawn;
    }
    this.#delayMs = Math.max(
      this.#wantedMs,
      this.#delayMs - ((this.#delayMs - this.#wantedMs) * shrinking * elapsed) / 1000,
    );
    const step = elapsed / this.#tickMs;
    this.#drawn = Math.min(Math.max(wanted, this.#drawn + slowest * step), this.#drawn + fastest * step);
    return this.#drawn;
  }
}
