/**
 * Rows as bytes, made once for all who get them: what changed at this look, what changed since an older one, and whole.
 *
 * A row has each record at most once a look, made when the first viewer needs it.
 */
import type { TableRows } from "./table-rows.ts";

/** What is copied in words may read and write so many bytes more than there are. */
export const slack = 8;

/** Bytes of all tables' records. They are those of the newest look alone. */
export class RecordBuffer {
  bytes = new Uint8Array(64 * 1024);
  view = new DataView(this.bytes.buffer);
  #length = 0;

  begin(): void {
    this.#length = 0;
  }

  /** Where the next `length` bytes go. */
  reserve(length: number): number {
    const at = this.#length;
    if (at + length + slack > this.bytes.length) this.#grow(at + length + slack);
    return at;
  }

  end(at: number): void {
    this.#length = at;
  }

  #grow(wanted: number): void {
    const larger = new Uint8Array(Math.max(wanted, 2 * this.bytes.length));
    larger.set(this.bytes);
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }
}

export class Records {
  readonly #table: TableRows;
  readonly #buffer: RecordBuffer;
  readonly #wholes: Kept;
  /** What changed at this look, for those who have all that was before. Where its look is another, there is no record. */
  readonly changes: Kept;
  /** The newest record that was made of changes since an older look, for a mask. */
  readonly #others: Kept;
  readonly #otherMask: Uint32Array;

  constructor(table: TableRows, buffer: RecordBuffer) {
    const { capacity } = table.wire;
    this.#table = table;
    this.#buffer = buffer;
    this.#wholes = keep(capacity);
    this.changes = keep(capacity);
    this.#others = keep(capacity);
    this.#otherMask = new Uint32Array(capacity);
  }

  get bytes(): Uint8Array {
    return this.#buffer.bytes;
  }

  get view(): DataView {
    return this.#buffer.view;
  }

  /** Where a record is that was made at this look. */
  wholeAt(row: number): number {
    return this.#wholes.at[row]!;
  }

  wholeEnd(row: number): number {
    return this.#wholes.end[row]!;
  }

  /** All fields, without a mask. */
  makeWhole(row: number, look: number): void {
    if (this.#wholes.look[row] !== look) this.#make(this.#wholes, row, look, -1, 0);
  }

  /**
   * A mask and the fields that changed after a look. Returns the place of the record in `bytes`; `updateEnd` is where it
   * ends, and `updateMask` its mask.
   */
  update(row: number, look: number, since: number): number {
    const { changedBefore, changedAt, changed } = this.#table;
    if (changedAt[row] === look && changedBefore[row]! <= since) {
      const { changes } = this;
      if (changes.look[row] !== look) this.#make(changes, row, look, changed[row]!, this.#table.wire.maskBytes);
      this.updateEnd = changes.end[row]!;
      this.updateMask = changed[row]!;
      return changes.at[row]!;
    }
    const mask = this.#maskSince(row, since);
    const others = this.#others;
    if (others.look[row] !== look || this.#otherMask[row] !== mask >>> 0) {
      this.#otherMask[row] = mask;
      this.#make(others, row, look, mask, this.#table.wire.maskBytes);
    }
    this.updateEnd = others.end[row]!;
    this.updateMask = this.#otherMask[row]!;
    return others.at[row]!;
  }

  updateEnd = 0;
  updateMask = 0;

  #maskSince(row: number, since: number): number {
    const { fieldAt } = this.#table;
    let mask = 0;
    for (let field = 0; field < fieldAt.length; field++) if (fieldAt[field]![row]! > since) mask |= 1 << field;
    return mask;
  }

  #make(kept: Kept, row: number, look: number, mask: number, maskBytes: number): void {
    const { wire, columns } = this.#table;
    let at = this.#buffer.reserve(maskBytes + wire.rowMax);
    const { bytes } = this.#buffer;
    kept.look[row] = look;
    kept.at[row] = at;
    for (let i = 0; i < maskBytes; i++) bytes[at++] = mask >>> (8 * i);
    for (let field = 0; field < columns.length; field++) {
      if ((mask & (1 << field)) !== 0) at = columns[field]!.write(row, bytes, at);
    }
    kept.end[row] = at;
    this.#buffer.end(at);
  }
}

/** By row: at which look its record was made, and where it begins and ends. */
export interface Kept {
  readonly look: Uint32Array;
  readonly at: Uint32Array;
  readonly end: Uint32Array;
}

const keep = (capacity: number): Kept => ({
  look: new Uint32Array(capacity),
  at: new Uint32Array(capacity),
  end: new Uint32Array(capacity),
});
