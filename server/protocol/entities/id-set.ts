/**
 * Sets of local ids, ascending, in whichever of two forms is shorter. There is one encoding for each set.
 *
 * ```text
 * sparse = [2·count varint] then for each id [id − previous − 1 varint]     (the first: [id])
 * dense  = [2·bytes + 1 varint] [bitmap: id i is bit i % 8 of byte i >> 3; the last byte is not 0]
 * ```
 */
import { ProtocolError } from "../errors.ts";

/** Bytes of a varint: seven bits in each, lowest first, bit 7 set where more follows. */
export function varintLength(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : value < 0x1000_0000 ? 4 : 5;
}

/** Returns where the next byte goes. */
export function writeVarint(into: Uint8Array, at: number, value: number): number {
  while (value >= 0x80) {
    into[at++] = (value & 0x7f) | 0x80;
    value >>>= 7;
  }
  into[at++] = value;
  return at;
}

/** Bytes of the shorter form of `ids[0]` to `ids[count - 1]`. */
export function idSetLength(ids: ArrayLike<number>, count: number): number {
  return Math.min(sparseLength(ids, count), denseLength(ids, count));
}

/** Writes the shorter form; sparse if both are as long. Returns where the next byte goes. */
export function writeIdSet(into: Uint8Array, at: number, ids: ArrayLike<number>, count: number): number {
  const dense = denseLength(ids, count);
  // A sparse set has at least a byte for each id: so most need not be measured.
  if (dense >= varintLength(2 * count) + count && sparseLength(ids, count) <= dense) {
    at = writeVarint(into, at, 2 * count);
    for (let i = 0, next = 0; i < count; i++) {
      at = writeVarint(into, at, ids[i]! - next);
      next = ids[i]! + 1;
    }
    return at;
  }
  const bytes = (ids[count - 1]! >> 3) + 1;
  at = writeVarint(into, at, 2 * bytes + 1);
  // A few bytes: a call would take longer.
  for (let i = 0; i < bytes; i++) into[at + i] = 0;
  for (let i = 0; i < count; i++) {
    const id = ids[i]!;
    into[at + (id >> 3)]! |= 1 << (id & 7);
  }
  return at + bytes;
}

function sparseLength(ids: ArrayLike<number>, count: number): number {
  let length = varintLength(2 * count);
  for (let i = 0, next = 0; i < count; i++) {
    length += varintLength(ids[i]! - next);
    next = ids[i]! + 1;
  }
  return length;
}

function denseLength(ids: ArrayLike<number>, count: number): number {
  if (count === 0) return Number.POSITIVE_INFINITY;
  const bytes = (ids[count - 1]! >> 3) + 1;
  return varintLength(2 * bytes + 1) + bytes;
}

/** Reads bytes one after the other. Every method throws ProtocolError "malformed" where there are none. */
export class ByteReader {
  readonly bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get at(): number {
    return this.#at;
  }

  get done(): boolean {
    return this.#at === this.bytes.length;
  }

  /** Moves on and returns where it was. */
  skip(length: number): number {
    const at = this.#at;
    this.#at += length;
    if (this.#at > this.bytes.length) throw malformed("truncated");
    return at;
  }

  u8(): number {
    return this.bytes[this.skip(1)]!;
  }

  /** Little-endian, of one to four bytes. */
  unsigned(bytes: number): number {
    const at = this.skip(bytes);
    let value = 0;
    for (let i = bytes - 1; i >= 0; i--) value = value * 256 + this.bytes[at + i]!;
    return value;
  }

  /** So many bits, the lowest first, in whole bytes; what is left of the last is 0. */
  bits(count: number): (bit: number) => boolean {
    const length = (count + 7) >> 3;
    const at = this.skip(length);
    const spare = count & 7;
    if (spare !== 0 && this.bytes[at + length - 1]! >> spare !== 0) throw malformed("bits behind the last");
    return (bit) => (this.bytes[at + (bit >> 3)]! & (1 << (bit & 7))) !== 0;
  }

  /** In its shortest form, below 2^28. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.u8();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (byte === 0 && shift > 0) throw malformed("a varint that is too long");
        return value;
      }
    }
    throw malformed("a varint that is too long");
  }

  /** @param below ids must be. */
  idSet(below: number): number[] {
    const start = this.#at;
    const head = this.varint();
    const ids = (head & 1) === 0 ? this.#sparse(head / 2, below) : this.#dense((head - 1) / 2, below);
    const sparse = sparseLength(ids, ids.length) <= denseLength(ids, ids.length);
    if (sparse !== ((head & 1) === 0) || this.#at - start !== idSetLength(ids, ids.length)) {
      throw malformed("a set of ids in its longer form");
    }
    return ids;
  }

  #sparse(count: number, below: number): number[] {
    if (count > below) throw malformed("more ids than there are");
    const ids: number[] = [];
    for (let next = 0; ids.length < count;) {
      const id = next + this.varint();
      if (id >= below) throw malformed("an id that there is not");
      ids.push(id);
      next = id + 1;
    }
    return ids;
  }

  #dense(bytes: number, below: number): number[] {
    const at = this.skip(bytes);
    const ids: number[] = [];
    for (let id = 0; id < bytes * 8; id++) {
      if ((this.bytes[at + (id >> 3)]! & (1 << (id & 7))) !== 0) ids.push(id);
    }
    if ((ids.at(-1) ?? 0) >= below) throw malformed("an id that there is not");
    return ids;
  }
}

export const malformed = (detail: string): ProtocolError => new ProtocolError("malformed", `entities: ${detail}`);
