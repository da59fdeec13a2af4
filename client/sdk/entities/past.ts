/** The last few moments of every row's numbers, and what lies between them. Pure: ticks go in, numbers come out. */

/** Moments kept of each row: 0.8 s at 20 Hz. */
const kept = 16;

export type Blend = (from: number, to: number, part: number) => number;

export const between: Blend = (from, to, part) => from + (to - from) * part;

/** The shorter way round, in radians. */
export const betweenAngles: Blend = (from, to, part) => {
  const turn = 2 * Math.PI;
  const way = ((((to - from + Math.PI) % turn) + turn) % turn) - Math.PI;
  return from + way * part;
};

export class Past {
  readonly #blends: readonly Blend[];
  /** Ticks between two news of a row that is told of seldom; what did not change for longer stood still. */
  readonly #spacingMax: number;
  readonly #ticks: Float64Array;
  readonly #values: Float64Array;
  readonly #count: Uint8Array;
  readonly #newest: Uint8Array;
  /** How far behind the others a row is drawn, because news of it come seldom. */
  readonly #lag: Float64Array;

  /** @param blends one for each number that is kept. @param spacingMax in ticks. */
  constructor(capacity: number, blends: readonly Blend[], spacingMax: number) {
    this.#blends = blends;
    this.#spacingMax = spacingMax;
    this.#ticks = new Float64Array(capacity * kept);
    this.#values = new Float64Array(capacity * kept * blends.length);
    this.#count = new Uint8Array(capacity);
    this.#newest = new Uint8Array(capacity);
    this.#lag = new Float64Array(capacity);
  }

  /** Another row has this id. */
  forget(id: number): void {
    this.#count[id] = 0;
    this.#lag[id] = 0;
  }

  /** @param values of the row from this tick on. Ticks ascend. */
  add(id: number, tick: number, values: (number: number) => number): void {
    const newest = (this.#newest[id]! + 1) % kept;
    this.#newest[id] = newest;
    this.#count[id] = Math.min(kept, this.#count[id]! + 1);
    this.#ticks[id * kept + newest] = tick;
    for (let i = 0; i < this.#blends.length; i++) this.#values[this.#at(id, newest, i)] = values(i);
  }

  /**
   * Hands out what a row's numbers were at a tick.
   *
   * @param elapsed ticks since the last time.
   */
  read(id: number, tick: number, elapsed: number, take: (number: number, value: number) => void): void {
    const count = this.#count[id]!;
    if (count === 0) return;
    const newest = this.#newest[id]!;
    const drawn = tick - this.#settleLag(id, count, newest, elapsed);
    let later = newest;
    let i = 1;
    let earlier = newest;
    for (; i < count; i++) {
      earlier = (newest - i + kept) % kept;
      if (this.#ticks[id * kept + earlier]! <= drawn) break;
      later = earlier;
    }
    const part = i === count ? 1 : this.#part(id, earlier, later, drawn);
    for (let n = 0; n < this.#blends.length; n++) {
      const to = this.#values[this.#at(id, later, n)]!;
      take(n, part === 1 ? to : this.#blends[n]!(this.#values[this.#at(id, earlier, n)]!, to, part));
    }
  }

  /** How far between two moments it is; where they are far apart, the row stood still at first. */
  #part(id: number, earlier: number, later: number, drawn: number): number {
    const to = this.#ticks[id * kept + later]!;
    const from = Math.max(this.#ticks[id * kept + earlier]!, to - this.#spacingMax);
    return to <= from ? 1 : Math.min(1, Math.max(0, (drawn - from) / (to - from)));
  }

  #settleLag(id: number, count: number, newest: number, elapsed: number): number {
    const previous = (newest - 1 + kept) % kept;
    const gap = count < 2 ? 1 : this.#ticks[id * kept + newest]! - this.#ticks[id * kept + previous]!;
    // A row that stood still for long is no row that is told of seldom.
    const wanted = gap > this.#spacingMax ? 0 : gap - 1;
    const lag = this.#lag[id]!;
    const step = elapsed / 4;
    return (this.#lag[id] = Math.min(Math.max(wanted, lag - step), lag + step));
  }

  #at(id: number, moment: number, number: number): number {
    return (id * kept + moment) * this.#blends.length + number;
  }
}
