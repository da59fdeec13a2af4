/**
 * Which rows of a table a viewer may see now: what the table's audience says, and nothing that was.
 *
 * `near` has a uniform grid whose cells are as wide as its radius. A row comes into sight a little nearer than it goes
 * out of it, so that one that walks along the border does not come and go; it is never seen beyond the radius.
 */
import { choicesOf, ticksApart } from "#protocol/tables.ts";
import { RowIndex } from "./row-index.ts";
import type { TableRows } from "./table-rows.ts";

/** Who looks, and from where. */
export interface Beholder {
  /** -1 for a spectator. */
  readonly seat: number;
  /** NaN for none. */
  readonly team: number;
  /** Where the player's focus is; NaN if there is none. */
  readonly x: number;
  readonly z: number;
}

/** A row comes into sight at this part of the radius. */
const entering = 15 / 16;

export class Sight {
  /** The rows that the last beholder sees, each once; only the first `count`. In no order that means anything. */
  readonly rows: Uint16Array;
  count = 0;
  readonly #table: TableRows;
  readonly #byOwner: RowIndex | undefined;
  readonly #byTeam: RowIndex | undefined;
  readonly #byCell: RowIndex | undefined;
  readonly #revealed: boolean;
  readonly #radius: number = 0;
  /** Infinity if nothing near is far. */
  readonly #full: number = Number.POSITIVE_INFINITY;
  /** Ticks between two news of what is far. */
  readonly farEvery: number = 1;
  /** At which glance a row was last seen, and at which it was only seen because it is near, and far. */
  readonly #seenAt: Uint32Array;
  readonly #farAt: Uint32Array;
  #glance = 0;

  /** @param ticks whether the room ticks: elsewhere nothing is far. */
  constructor(table: TableRows, ticks: boolean) {
    const { capacity } = table.wire;
    const choices = choicesOf(table.layout.audience);
    const indexFor = (who: string): RowIndex | undefined =>
      choices.some((choice) => choice.who === who) ? new RowIndex(capacity) : undefined;
    this.#table = table;
    this.#byOwner = indexFor("owner");
    this.#byTeam = indexFor("team");
    this.#byCell = indexFor("near");
    this.#revealed = choices.some(({ who }) => who === "revealed");
    const near = choices.find((choice) => choice.who === "near");
    if (near !== undefined) {
      this.#radius = near.radius;
      if (ticks && near.full !== undefined) {
        this.#full = near.full;
        this.farEvery = ticksApart(near);
      }
    }
    this.rows = new Uint16Array(capacity);
    this.#seenAt = new Uint32Array(capacity);
    this.#farAt = new Uint32Array(capacity);
  }

  /** After every look at the table. */
  prepare(): void {
    const { rows, count, owner, reseated, xs, zs } = this.#table;
    const byOwner = this.#byOwner;
    const byTeam = this.#byTeam;
    const byCell = this.#byCell;
    if (byOwner !== undefined && reseated) {
      byOwner.clear();
      for (let i = 0; i < count; i++) byOwner.add(rows[i]!, owner[rows[i]!]!);
    }
    if (byTeam !== undefined) {
      byTeam.clear();
      for (let i = 0; i < count; i++) byTeam.add(rows[i]!, this.#table.team(rows[i]!) | 0);
    }
    if (byCell !== undefined) {
      byCell.clear();
      for (let i = 0; i < count; i++) {
        const row = rows[i]!;
        byCell.add(row, cellKey(this.#cell(xs[row]!), this.#cell(zs[row]!)));
      }
    }
  }

  /**
   * Fills in `rows`.
   *
   * @param known by row: not 0 if the beholder has it in sight already.
   */
  behold(beholder: Beholder, known: Uint16Array): void {
    this.count = 0;
    this.#glance += 1;
    if (beholder.seat === -1) return;
    if (this.#byOwner !== undefined) this.#seeOwn(this.#byOwner, beholder.seat);
    if (this.#byTeam !== undefined && !Number.isNaN(beholder.team)) this.#seeTeam(this.#byTeam, beholder.team);
    if (this.#revealed) this.#seeRevealed(beholder.seat);
    if (this.#byCell !== undefined && !Number.isNaN(beholder.x)) this.#seeNear(this.#byCell, beholder, known);
  }

  /** Whether the last beholder sees this row. */
  sees(row: number): boolean {
    return this.#seenAt[row] === this.#glance;
  }

  /** Whether the last beholder sees it from afar, and for no other reason. */
  isFar(row: number): boolean {
    return this.#farAt[row] === this.#glance;
  }

  #see(row: number): void {
    if (this.#seenAt[row] === this.#glance) return;
    this.#seenAt[row] = this.#glance;
    this.rows[this.count++] = row;
  }

  #seeOwn(index: RowIndex, seat: number): void {
    for (let row = index.first(seat); row !== -1; row = index.next(row)) this.#see(row);
  }

  #seeTeam(index: RowIndex, team: number): void {
    for (let row = index.first(team | 0); row !== -1; row = index.next(row)) {
      if (this.#table.team(row) === team) this.#see(row);
    }
  }

  #seeRevealed(seat: number): void {
    const { serial, revealed, placed } = this.#table;
    if (placed.revealed === undefined || seat >= placed.revealed.seats) return;
    const words = placed.revealed.stride >> 2;
    const start = seat * words;
    for (let word = 0; word < words; word++) {
      let bits = revealed[start + word]!;
      while (bits !== 0) {
        const row = (word << 5) + 31 - Math.clz32(bits & -bits);
        bits &= bits - 1;
        // A bit may stand behind the last row, and of a row that is free.
        if (row < serial.length && serial[row] !== 0) this.#see(row);
      }
    }
  }

  #seeNear(index: RowIndex, { x, z }: Beholder, known: Uint16Array): void {
    const table = this.#table;
    const { xs, zs } = table;
    const cellX = this.#cell(x);
    const cellZ = this.#cell(z);
    const leaveAt = this.#radius * this.#radius;
    const enterAt = leaveAt * entering * entering;
    const farAt = this.#full * this.#full;
    for (let i = -1; i <= 1; i++) {
      for (let j = -1; j <= 1; j++) {
        const key = cellKey((cellX + i) | 0, (cellZ + j) | 0);
        for (let row = index.first(key); row !== -1; row = index.next(row)) {
          const dX = xs[row]! - x;
          const dZ = zs[row]! - z;
          const distance = dX * dX + dZ * dZ;
          // Not `>`: where a place is no number, this is false too.
          if (!(distance <= (known[row] === 0 ? enterAt : leaveAt))) continue;
          if (this.#seenAt[row] === this.#glance) continue;
          this.#see(row);
          if (distance > farAt) this.#farAt[row] = this.#glance;
        }
      }
    }
  }

  /** Which column or line of cells a place is in. Beyond 32 bits they repeat, which costs time and changes nothing. */
  #cell(place: number): number {
    return Math.floor(place / this.#radius) | 0;
  }
}

/** Two cells may share a key: who is near is decided by distance, and a row is seen once. */
const cellKey = (x: number, z: number): number => (Math.imul(x, 0x9e37_79b1) ^ Math.imul(z, 0x85eb_ca77)) | 0;
