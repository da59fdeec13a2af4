/**
 * A field's column as it was last looked at: quantised, compared in place, and written from there.
 *
 * Each kind of element has a loop of its own: one loop over typed arrays of every kind would be several times slower.
 */
import { quantiseAngle, quantiseRange, type WireField } from "#protocol/entities/layout.ts";
import { isUtf8 } from "#protocol/utf8.ts";
import type { PlacedColumn } from "#protocol/tables.ts";

/** The rows to compare, and where a change is noted. */
export interface Comparison {
  readonly rows: Uint16Array;
  readonly count: number;
  /** By row; a set bit for each field that is another than at the last look. */
  readonly changed: Uint32Array;
}

export interface Column {
  /** Looks at another region from now on. */
  readonly attach: (region: Uint8Array) => void;
  /** @param bit noted for each row that has changed. */
  readonly compare: (comparison: Comparison, bit: number) => void;
  /** Writes a row's value as it was last looked at. Returns where the next byte goes. */
  readonly write: (row: number, into: Uint8Array, at: number) => number;
}

export function columnFor(wired: WireField, placed: PlacedColumn, capacity: number): Column {
  const { field, wire } = wired;
  if (field.type === "bool") return new BoolColumn(placed, capacity);
  if (field.type === "angle16") return new AngleColumn(placed, capacity);
  if (field.type === "range")
    return new RangeColumn(placed, capacity, field, wire.kind === "unsigned" ? wire.bytes : 1);
  if (field.type === "text") return new TextColumn(placed, capacity, field.bytes);
  // What is not quantised is compared and written as it lies in memory.
  if (placed.width === 1) return new ByteColumn(placed, capacity);
  if (placed.width === 2) return new PairColumn(placed, capacity);
  return placed.width === 4 ? new WordColumn(placed, capacity) : new DoubleColumn(placed, capacity);
}

class ByteColumn implements Column {
  readonly #at: number;
  readonly #last: Uint8Array;
  #now: Uint8Array = new Uint8Array(0);

  constructor({ at }: PlacedColumn, capacity: number) {
    this.#at = at;
    this.#last = new Uint8Array(capacity);
  }

  attach(region: Uint8Array): void {
    this.#now = region.subarray(this.#at, this.#at + this.#last.length);
  }

  compare({ rows, count, changed }: Comparison, bit: number): void {
    const now = this.#now;
    const last = this.#last;
    for (let i = 0; i < count; i++) {
      const row = rows[i]!;
      const value = now[row]!;
      if (value === last[row]) continue;
      last[row] = value;
      changed[row]! |= bit;
    }
  }

  write(row: number, into: Uint8Array, at: number): number {
    into[at] = this.#last[row]!;
    return at + 1;
  }
}

/** Whatever is not 0 is 1. */
class BoolColumn implements Column {
  readonly #at: number;
  readonly #last: Uint8Array;
  #now: Uint8Array = new Uint8Array(0);

  constructor({ at }: PlacedColumn, capacity: number) {
    this.#at = at;
    this.#last = new Uint8Array(capacity);
  }

  attach(region: Uint8Array): void {
    this.#now = region.subarray(this.#at, this.#at + this.#last.length);
  }

  compare({ rows, count, changed }: Comparison, bit: number): void {
    const now = this.#now;
    const last = this.#last;
    for (let i = 0; i < count; i++) {
      const row = rows[i]!;
      const value = now[row] === 0 ? 0 : 1;
      if (value === last[row]) continue;
      last[row] = value;
      changed[row]! |= bit;
    }
  }

  write(row: number, into: Uint8Array, at: number): number {
    into[at] = this.#last[row]!;
    return at + 1;
  }
}

class PairColumn implements Column {
  readonly #at: number;
  readonly #last: Uint16Array;
  #now = new Uint16Array(0);

  constructor({ at }: PlacedColumn, capacity: number) {
    this.#at = at;
    this.#last = new Uint16Array(capacity);
  }

  attach({ buffer, byteOffset }: Uint8Array): void {
    this.#now = new Uint16Array(buffer as ArrayBuffer, byteOffset + this.#at, this.#last.length);
  }

  compare({ rows, count, changed }: Comparison, bit: number): void {
    const now = this.#now;
    const last = this.#last;
    for (let i = 0; i < count; i++) {
      const row = rows[i]!;
      const value = now[row]!;
      if (value === last[row]) continue;
      last[row] = value;
      changed[row]! |= bit;
    }
  }

  write(row: number, into: Uint8Array, at: number): number {
    return write16(into, at, this.#last[row]!);
  }
}

class WordColumn implements Column {
  readonly #at: number;
  readonly #last: Uint32Array;
  #now = new Uint32Array(0);

  constructor({ at }: PlacedColumn, capacity: number) {
    this.#at = at;
    this.#last = new Uint32Array(capacity);
  }

  attach({ buffer, byteOffset }: Uint8Array): void {
    this.#now = new Uint32Array(buffer as ArrayBuffer, byteOffset + this.#at, this.#last.length);
  }

  compare({ rows, count, changed }: Comparison, bit: number): void {
    const now = this.#now;
    const last = this.#last;
    for (let i = 0; i < count; i++) {
      const row = rows[i]!;
      const value = now[row]!;
      if (value === last[row]) continue;
      last[row] = value;
      changed[row]! |= bit;
    }
  }

  write(row: number, into: Uint8Array, at: number): number {
    return write32(into, at, this.#last[row]!);
  }
}

/** f64, in two words. */
class DoubleColumn implements Column {
  readonly #at: number;
  readonly #last: Uint32Array;
  #now = new Uint32Array(0);

  constructor({ at }: PlacedColumn, capacity: number) {
    this.#at = at;
    this.#last = new Uint32Array(2 * capacity);
  }

  attach({ buffer, byteOffset }: Uint8Array): void {
    this.#now = new Uint32Array(buffer as ArrayBuffer, byteOffset + this.#at, this.#last.length);
  }

  compare({ rows, count, changed }: Comparison, bit: number): void {
    const now = this.#now;
    const last = this.#last;
    for (let i = 0; i < count; i++) {
      const row = rows[i]!;
      const low = now[2 * row]!;
      const high = now[2 * row + 1]!;
      if (low === last[2 * row] && high === last[2 * row + 1]) continue;
      last[2 * row] = low;
      last[2 * row + 1] = high;
      changed[row]! |= bit;
    }
  }

  write(row: number, into: Uint8Array, at: number): number {
    return write32(into, write32(into, at, this.#last[2 * row]!), this.#last[2 * row + 1]!);
  }
}

/** Radians in memory, steps here: a turn too small to be sent is no change. */
class AngleColumn implements Column {
  readonly #at: number;
  readonly #last: Uint16Array;
  #now = new Float32Array(0);

  constructor({ at }: PlacedColumn, capacity: number) {
    this.#at = at;
    this.#last = new Uint16Array(capacity);
  }

  attach({ buffer, byteOffset }: Uint8Array): void {
    this.#now = new Float32Array(buffer as ArrayBuffer, byteOffset + this.#at, this.#last.length);
  }

  compare({ rows, count, changed }: Comparison, bit: number): void {
    const now = this.#now;
    const last = this.#last;
    for (let i = 0; i < count; i++) {
      const row = rows[i]!;
      const value = quantiseAngle(now[row]!);
      if (value === last[row]) continue;
      last[row] = value;
      changed[row]! |= bit;
    }
  }

  write(row: number, into: Uint8Array, at: number): number {
    return write16(into, at, this.#last[row]!);
  }
}

class RangeColumn implements Column {
  readonly #at: number;
  readonly #range: { readonly min: number; readonly max: number; readonly bits: number };
  readonly #bytes: number;
  readonly #last: Uint32Array;
  #now = new Float32Array(0);

  constructor(
    { at }: PlacedColumn,
    capacity: number,
    range: { readonly min: number; readonly max: number; readonly bits: number },
    bytes: number,
  ) {
    this.#at = at;
    this.#range = range;
    this.#bytes = bytes;
    this.#last = new Uint32Array(capacity);
  }

  attach({ buffer, byteOffset }: Uint8Array): void {
    this.#now = new Float32Array(buffer as ArrayBuffer, byteOffset + this.#at, this.#last.length);
  }

  compare({ rows, count, changed }: Comparison, bit: number): void {
    const now = this.#now;
    const last = this.#last;
    const range = this.#range;
    for (let i = 0; i < count; i++) {
      const row = rows[i]!;
      const value = quantiseRange(now[row]!, range);
      if (value === last[row]) continue;
      last[row] = value;
      changed[row]! |= bit;
    }
  }

  write(row: number, into: Uint8Array, at: number): number {
    const value = this.#last[row]!;
    into[at] = value;
    if (this.#bytes === 1) return at + 1;
    into[at + 1] = value >>> 8;
    if (this.#bytes === 2) return at + 2;
    into[at + 2] = value >>> 16;
    return at + 3;
  }
}

/** Up to the first zero byte. What is not UTF-8 (a contract may write anything) travels as an empty text. */
class TextColumn implements Column {
  readonly #at: number;
  readonly #width: number;
  readonly #last: Uint8Array;
  /** Bytes that travel, by row. */
  readonly #length: Uint8Array;
  #now: Uint8Array = new Uint8Array(0);

  constructor({ at }: PlacedColumn, capacity: number, width: number) {
    this.#at = at;
    this.#width = width;
    this.#last = new Uint8Array(capacity * width);
    this.#length = new Uint8Array(capacity);
  }

  attach(region: Uint8Array): void {
    this.#now = region.subarray(this.#at, this.#at + this.#last.length);
  }

  compare({ rows, count, changed }: Comparison, bit: number): void {
    const now = this.#now;
    const last = this.#last;
    const width = this.#width;
    for (let i = 0; i < count; i++) {
      const row = rows[i]!;
      const end = (row + 1) * width;
      let at = row * width;
      // Behind the zero is what nobody sees: a change there must not be seen either.
      while (at < end && now[at] === last[at] && now[at] !== 0) at++;
      if (at === end || now[at] === last[at]) continue;
      this.#take(row);
      changed[row]! |= bit;
    }
  }

  #take(row: number): void {
    const start = row * this.#width;
    let length = 0;
    while (length < this.#width && this.#now[start + length] !== 0) {
      this.#last[start + length] = this.#now[start + length]!;
      length += 1;
    }
    this.#last.fill(0, start + length, start + this.#width);
    this.#length[row] = isUtf8(this.#last, start, start + length) ? length : 0;
  }

  write(row: number, into: Uint8Array, at: number): number {
    const length = this.#length[row]!;
    const start = row * this.#width;
    into[at++] = length;
    for (let i = 0; i < length; i++) into[at + i] = this.#last[start + i]!;
    return at + length;
  }
}

function write16(into: Uint8Array, at: number, value: number): number {
  into[at] = value;
  into[at + 1] = value >>> 8;
  return at + 2;
}

function write32(into: Uint8Array, at: number, value: number): number {
  into[at] = value;
  into[at + 1] = value >>> 8;
  into[at + 2] = value >>> 16;
  into[at + 3] = value >>> 24;
  return at + 4;
}
