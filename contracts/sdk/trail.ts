/**
 * Where rows were in the last few ticks: whoever shoots at what they saw hits what was there when they saw it.
 *
 * ```ts
 * const trail = new Trail(Body.capacity, 1 + context.seconds(0.25));   // in open; `seen` is at most so long ago
 * // at the end of every tick
 * trail.begin(context.tick);
 * for (const row of bodies) trail.put(row, Body.generation[row]!, Body.x[row]!, Body.z[row]!);
 * // when somebody shoots
 * const then = trail.at(Push.seen[seat]!);
 * if (trail.has(then, row, Body.generation[row]!)) aimAt(trail.x(then, row), trail.z(then, row));
 * ```
 */

export class Trail {
  readonly capacity: number;
  readonly ticks: number;
  /** Moments since the beginning. The newest `ticks` of them are kept, one after the other around. */
  begun = 0;
  /** By place. */
  readonly kept: Float64Array;
  /** By place, then by row: 1 + generation; 0 where there was none. */
  readonly tenants: Uint32Array;
  readonly xs: Float32Array;
  readonly zs: Float32Array;

  /**
   * @param capacity rows.
   * @param ticks that are kept.
   */
  constructor(capacity: number, ticks: number) {
    this.capacity = capacity;
    this.ticks = ticks;
    this.kept = new Float64Array(ticks);
    this.tenants = new Uint32Array(ticks * capacity);
    this.xs = new Float32Array(ticks * capacity);
    this.zs = new Float32Array(ticks * capacity);
  }

  /** What is put from now on is of this tick, which is later than those before. */
  begin(tick: number): void {
    const place = this.begun % this.ticks;
    this.kept[place] = tick;
    this.tenants.fill(0, place * this.capacity, (place + 1) * this.capacity);
    this.begun += 1;
  }

  put(row: number, generation: number, x: number, z: number): void {
    const at = ((this.begun - 1) % this.ticks) * this.capacity + row;
    this.tenants[at] = generation + 1;
    this.xs[at] = x;
    this.zs[at] = z;
  }

  /** Names the moment that was the newest at this tick; the oldest that is kept, if that was before all of them. */
  at(tick: number): number {
    const oldest = Math.max(0, this.begun - this.ticks);
    for (let moment = this.begun - 1; moment > oldest; moment--) {
      if (this.kept[moment % this.ticks]! <= tick) return moment % this.ticks;
    }
    return oldest % this.ticks;
  }

  /** Whether the row was there then, and was the same tenant's as now. @param moment as `at` names it. */
  has(moment: number, row: number, generation: number): boolean {
    return this.tenants[moment * this.capacity + row] === generation + 1;
  }

  x(moment: number, row: number): number {
    return this.xs[moment * this.capacity + row]!;
  }

  z(moment: number, row: number): number {
    return this.zs[moment * this.capacity + row]!;
  }
}
