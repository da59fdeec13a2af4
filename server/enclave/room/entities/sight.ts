/**
 * Which rows of a table a viewer may see now: what the table's audience says, and nothing that was.
 *
 * `near` has a uniform grid whose cells are as wide as its radius. A row comes into sight a little nearer than it goes
 * out of it, so that one that walks along the border does not come and go; it is never seen beyond the radius.
 */
import { choicesOf, ticksApart } from "#protocol/tables.ts";
import { PlaceIndex } from "./place-index.ts";
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
  readonly #byPlace: PlaceIndex | undefined;
  readonly #revealed: boolean;
  readonly #radius: number = 0;
  /** Infinity if nothing near is far. */
  readonly #full: number = Number.POSITIVE_INFINITY;
  /** Ticks between two news of what is far. */
  readonly farEvery: number = 1;
  /** By row: at which glance it was last seen. The last beholder sees those of the newest glance. */
  readonly seenAt: Uint32Array;
  glance = 0;
  /** At which it was only seen because it is near, and far. */
  readonly #farAt: Uint32Array;

  /** @param ticks whether the room ticks: elsewhere nothing is far. */
  constructor(table: TableRows, ticks: boolean) {
    const { capacity } = table.wire;
    const choices = choicesOf(table.layout.audience);
    const indexFor = (who: string): RowIndex | undefined =>
      choices.some((choice) => choice.who === who) ? new RowIndex(capacity) : undefined;
    this.#table = table;
    this.#byOwner = indexFor("owner");
    this.#byTeam = indexFor("team");
    this.#revealed = choices.some(({ who }) => who === "revealed");
    const near = choices.find((choice) => choice.who === "near");
    if (near !== undefined) {
      this.#radius = near.radius;
      this.#byPlace = new PlaceIndex(capacity, near.radius);
      if (ticks && near.full !== undefined) {
        this.#full = near.full;
        this.farEvery = ticksApart(near);
      }
    }
    this.rows = new Uint16Array(capacity);
    this.seenAt = new Uint32Array(capacity);
    this.#farAt = new Uint32Array(capacity);
  }

  /** After every look at the table. */
  prepare(): void {
    const { rows, count, owner, reseated, xs, zs } = this.#table;
    const byOwner = this.#byOwner;
    const byTeam = this.#byTeam;
    if (byOwner !== undefined && reseated) {
      byOwner.clear();
      for (let i = 0; i < count; i++) byOwner.add(rows[i]!, owner[rows[i]!]!);
    }
    if (byTeam !== undefined) {
      byTeam.clear();
      for (let i = 0; i < count; i++) byTeam.add(rows[i]!, this.#table.team(rows[i]!) | 0);
    }
    this.#byPlace?.fill(rows, count, xs, zs);
  }

  /**
   * Fills in `rows`.
   *
   * @param known by row: not 0 if the beholder has it in sight already.
   */
  behold(beholder: Beholder, known: Uint16Array): void {
    this.count = 0;
    this.glance += 1;
    if (beholder.seat === -1) return;
    if (this.#byOwner !== undefined) this.#seeOwn(this.#byOwner, beholder.seat);
    if (this.#byTeam !== undefined && !Number.isNaN(beholder.team)) this.#seeTeam(this.#byTeam, beholder.team);
    if (this.#revealed) this.#seeRevealed(beholder.seat);
    if (this.#byPlace !== undefined && !Number.isNaN(beholder.x)) this.#seeNear(this.#byPlace, beholder, known);
  }

  /** Whether the last beholder sees it from afar, and for no other reason. */
  isFar(row: number): boolean {
    return this.#farAt[row] === this.glance;
  }

  #see(row: number): void {
    if (this.seenAt[row] === this.glance) return;
    this.seenAt[row] = this.glance;
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

  #seeNear(index: PlaceIndex, { x, z }: Beholder, known: Uint16Array): void {
    const { rows: places, xs, zs, starts } = index;
    const { rows, seenAt, glance } = this;
    const farAt = this.#farAt;
    const leaves = this.#radius * this.#radius;
    const enters = leaves * entering * entering;
    const far = this.#full * this.#full;
    const cellX = index.cellOf(x);
    const cellZ = index.cellOf(z);
    let { count } = this;
    for (let i = -1; i <= 1; i++) {
      for (let j = -1; j <= 1; j++) {
        const chain = index.chainOf((cellX + i) | 0, (cellZ + j) | 0);
        const end = starts[chain + 1]!;
        for (let at = starts[chain]!; at < end; at++) {
          const dX = xs[at]! - x;
          const dZ = zs[at]! - z;
          const distance = dX * dX + dZ * dZ;
          // Not `>`: where a place is no number, this is false too.
          if (!(distance <= leaves)) continue;
          const row = places[at]!;
          if (seenAt[row] === glance || (known[row] === 0 && distance > enters)) continue;
          seenAt[row] = glance;
          rows[count++] = row;
          if (distance > far) farAt[row] = glance;
        }
      }
    }
    this.count = count;
  }
}
