/** What is near a place: everything in buckets of four metres, sorted anew at every tick. */

const width: f64 = 4;
/** Along one side of the largest field. */
const alongMax: i32 = 64;

/** Along one side of this one. */
let along: i32 = alongMax;

/** @param side of the field. */
export function fitBuckets(side: f64): void {
  along = <i32>Math.ceil(side / width);
}

function bucketAlong(place: f64): i32 {
  return max(0, min(along - 1, <i32>(place / width)));
}

export class Near {
  /** Where a bucket's members begin; the last is where they all end. */
  private starts: StaticArray<u16> = new StaticArray<u16>(alongMax * alongMax + 1);
  private members: StaticArray<u16>;
  private added: StaticArray<u16>;
  private bucketOf: StaticArray<u16>;
  private count: i32 = 0;
  /** The buckets of an area, row by row, and where in one the next member is. */
  private lastX: i32 = 0;
  private lastZ: i32 = 0;
  private firstX: i32 = 0;
  private z: i32 = 0;
  private at: i32 = 0;
  private end: i32 = 0;

  /** @param most members at once. */
  constructor(most: i32) {
    this.members = new StaticArray<u16>(most);
    this.added = new StaticArray<u16>(most);
    this.bucketOf = new StaticArray<u16>(most);
  }

  clear(): void {
    this.count = 0;
  }

  add(member: i32, x: f64, z: f64): void {
    const i = this.count++;
    unchecked((this.added[i] = <u16>member));
    unchecked((this.bucketOf[i] = <u16>(bucketAlong(z) * along + bucketAlong(x))));
  }

  /** Once all are added. Members of a bucket are in the order in which they were. */
  sort(): void {
    const starts = this.starts;
    const buckets = along * along;
    memory.fill(changetype<usize>(starts), 0, 2 * (buckets + 1));
    for (let i = 0; i < this.count; i++) {
      const bucket = unchecked(this.bucketOf[i]);
      unchecked((starts[bucket] += 1));
    }
    let end: u16 = 0;
    for (let bucket = 0; bucket <= buckets; bucket++) {
      end += unchecked(starts[bucket]);
      unchecked((starts[bucket] = end));
    }
    for (let i = this.count - 1; i >= 0; i--) {
      const bucket = unchecked(this.bucketOf[i]);
      const place = unchecked(starts[bucket]) - 1;
      unchecked((starts[bucket] = place));
      unchecked((this.members[place] = unchecked(this.added[i])));
    }
  }

  /** Begins to go through all that are in the buckets of a square around a place: more than those that are near. */
  around(x: f64, z: f64, reach: f64): void {
    this.firstX = bucketAlong(x - reach);
    this.lastX = bucketAlong(x + reach);
    this.z = bucketAlong(z - reach);
    this.lastZ = bucketAlong(z + reach);
    this.enterRow();
  }

  /** The next of them; -1 if there is none. */
  @inline
  next(): i32 {
    while (this.at >= this.end) {
      if (this.z >= this.lastZ) return -1;
      this.z++;
      this.enterRow();
    }
    return unchecked(this.members[this.at++]);
  }

  /** Buckets of a row lie side by side, and so do their members. */
  private enterRow(): void {
    const first = this.z * along;
    this.at = unchecked(this.starts[first + this.firstX]);
    this.end = unchecked(this.starts[first + this.lastX + 1]);
  }
}
