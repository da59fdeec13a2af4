/**
 * Finds rows by where they are: places sorted by cell at every look, so that whoever looks around reads memory in one go.
 *
 * Cells are squares as wide as what is near, found by hash: a place may be found that is not in the cells around, and one
 * may be found twice. Who is near is decided by distance.
 */
import type { Numbers } from "./table-rows.ts";

export class PlaceIndex {
  /** Rows by cell; the first `count`. */
  readonly rows: Uint16Array;
  /** Where these are, as exactly as the table has it. */
  readonly xs: Float64Array;
  readonly zs: Float64Array;
  /** By chain: where its rows begin. Those of the next begin where they end. */
  readonly starts: Uint32Array;
  readonly #width: number;
  readonly #mask: number;
  /** By the order in which rows were given. */
  readonly #chains: Uint16Array;

  /** @param width of a cell. */
  constructor(capacity: number, width: number) {
    // As many chains as rows, so that most have those of one cell.
    const chains = 1 << Math.max(4, Math.ceil(Math.log2(capacity)));
    this.#mask = chains - 1;
    this.#width = width;
    this.rows = new Uint16Array(capacity);
    this.xs = new Float64Array(capacity);
    this.zs = new Float64Array(capacity);
    this.starts = new Uint32Array(chains + 1);
    this.#chains = new Uint16Array(capacity);
  }

  /** Sorts the first `count` of these rows, of which all places are given. */
  fill(given: Uint16Array, count: number, xs: Numbers, zs: Numbers): void {
    const { rows, starts } = this;
    const chains = this.#chains;
    starts.fill(0);
    for (let i = 0; i < count; i++) {
      const row = given[i]!;
      const chain = this.chainOf(this.cellOf(xs[row]!), this.cellOf(zs[row]!));
      chains[i] = chain;
      starts[chain]! += 1;
    }
    // Where each chain ends, and, once its rows are there, where it begins.
    for (let chain = 1; chain < starts.length; chain++) starts[chain]! += starts[chain - 1]!;
    for (let i = count - 1; i >= 0; i--) {
      const row = given[i]!;
      const at = (starts[chains[i]!]! -= 1);
      rows[at] = row;
      this.xs[at] = xs[row]!;
      this.zs[at] = zs[row]!;
    }
  }

  /** Which column or line of cells a place is in. Beyond 32 bits they repeat, which costs time and changes nothing. */
  cellOf(place: number): number {
    return Math.floor(place / this.#width) | 0;
  }

  /** Where rows of this cell are: from `starts[chain]` up to `starts[chain + 1]`. */
  chainOf(cellX: number, cellZ: number): number {
    let key = Math.imul(cellX, 0x9e37_79b1) ^ Math.imul(cellZ, 0x85eb_ca77);
    // Neighbouring cells go to different chains (the finalizer of MurmurHash3).
    key = Math.imul(key ^ (key >>> 16), 0x85eb_ca6b);
    key = Math.imul(key ^ (key >>> 13), 0xc2b2_ae35);
    return (key ^ (key >>> 16)) & this.#mask;
  }
}
