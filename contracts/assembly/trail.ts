/** Where rows were in the last few ticks: whoever shoots at what they saw hits what was there when they saw it. */

/**
 * Begin and put at the end of every tick; `at(Push.seen[seat])` names the moment that a player saw, and `has`, `x` and `z`
 * say what was where then.
 */
export class Trail {
  /** Moments since the beginning. The newest `ticks` of them are kept, one after the other around. */
  private begun: i32 = 0;
  /** By place. */
  private kept: StaticArray<i64>;
  /** By place, then by row: 1 + generation; 0 where there was none. */
  private tenants: StaticArray<i32>;
  private xs: StaticArray<f32>;
  private zs: StaticArray<f32>;

  constructor(
    /** Rows. */
    readonly capacity: i32,
    /** That are kept: one more than `seen` may be ago. */
    readonly ticks: i32,
  ) {
    this.kept = new StaticArray<i64>(ticks);
    this.tenants = new StaticArray<i32>(ticks * capacity);
    this.xs = new StaticArray<f32>(ticks * capacity);
    this.zs = new StaticArray<f32>(ticks * capacity);
  }

  /** What is put from now on is of this tick, which is later than those before. */
  begin(tick: i64): void {
    const place = this.begun % this.ticks;
    this.kept[place] = tick;
    for (let at = place * this.capacity; at < (place + 1) * this.capacity; at++) this.tenants[at] = 0;
    this.begun += 1;
  }

  put(row: i32, generation: i32, x: f32, z: f32): void {
    const at = ((this.begun - 1) % this.ticks) * this.capacity + row;
    this.tenants[at] = generation + 1;
    this.xs[at] = x;
    this.zs[at] = z;
  }

  /** Names the moment that was the newest at this tick; the oldest that is kept, if that was before all of them. */
  at(tick: i64): i32 {
    const oldest = this.begun > this.ticks ? this.begun - this.ticks : 0;
    for (let moment = this.begun - 1; moment > oldest; moment--) {
      if (this.kept[moment % this.ticks] <= tick) return moment % this.ticks;
    }
    return oldest % this.ticks;
  }

  /** Whether the row was there then, and was the same tenant's as now. */
  has(moment: i32, row: i32, generation: i32): bool {
    return this.tenants[moment * this.capacity + row] == generation + 1;
  }

  x(moment: i32, row: i32): f32 {
    return this.xs[moment * this.capacity + row];
  }

  z(moment: i32, row: i32): f32 {
    return this.zs[moment * this.capacity + row];
  }
}
