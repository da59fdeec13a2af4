/**
 * SCALE, read strictly: every value has one spelling, and nothing beyond the end is read (Polkadot specification,
 * appendix A.2 "Cryptographic Encoding": "SCALE Codec").
 */
import { concatBytes } from "#protocol/bytes.ts";
import { ProofError, type ProofErrorCode } from "./errors.ts";

/** Reads on from where it stopped. Whatever is wrong throws ProofError with the code it was made with. */
export class ScaleReader {
  readonly #bytes: Uint8Array;
  readonly #code: ProofErrorCode;
  #at = 0;

  constructor(bytes: Uint8Array, code: ProofErrorCode) {
    this.#bytes = bytes;
    this.#code = code;
  }

  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** A view, not a copy. */
  take(length: number): Uint8Array {
    if (length > this.left) throw this.fail(`${length} bytes wanted, ${this.left} left`);
    const from = this.#at;
    this.#at += length;
    return this.#bytes.subarray(from, this.#at);
  }

  u8(): number {
    return this.take(1)[0]!;
  }

  u16(): number {
    const [low, high] = this.take(2);
    return low! | (high! << 8);
  }

  u32(): number {
    return this.u16() + this.u16() * 0x1_0000;
  }

  u64(): bigint {
    return BigInt(this.u32()) | (BigInt(this.u32()) << 32n);
  }

  /** Unsigned, little-endian. */
  integer(length: number): bigint {
    let value = 0n;
    const bytes = this.take(length);
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
    return value;
  }

  /** In the shortest form only: of a longer one the bytes differ, and with them hashes. */
  compactInteger(): bigint {
    const first = this.u8();
    const mode = first & 3;
    if (mode === 0) return BigInt(first >> 2);
    if (mode === 3) {
      const length = (first >> 2) + 4;
      const value = this.integer(length);
      if (value < 0x4000_0000n || value >> BigInt(8 * (length - 1)) === 0n) throw this.fail("a compact number in long");
      return value;
    }
    const value = (BigInt(first) | (this.integer(mode === 1 ? 1 : 3) << 8n)) >> 2n;
    if (value < (mode === 1 ? 0x40n : 0x4000n)) throw this.fail("a compact number in long");
    return value;
  }

  /** A length or an index: at most 32 bits. */
  compact(): number {
    const value = this.compactInteger();
    if (value > 0xffff_ffffn) throw this.fail("a compact number of more than 32 bits");
    return Number(value);
  }

  /** Bytes behind their length, as a view. */
  prefixed(): Uint8Array {
    return this.take(this.compact());
  }

  /** @param countMax of what is sent by strangers. */
  vector<T>(countMax: number, item: () => T): T[] {
    const count = this.compact();
    if (count > countMax || count > this.left) throw this.fail(`${count} items`);
    return Array.from({ length: count }, item);
  }

  /** Throws if something is left. */
  end(): void {
    if (this.left > 0) throw this.fail(`${this.left} bytes too many`);
  }

  fail(detail: string): ProofError {
    return new ProofError(this.#code, detail);
  }
}

/** A natural number up to 2^32 in its shortest form. */
export function compact(value: number): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) throw new RangeError("not a 32-bit number");
  if (value < 0x40) return Uint8Array.of(value << 2);
  if (value < 0x4000) return littleEndian((value << 2) | 1, 2);
  if (value < 0x4000_0000) return littleEndian(value * 4 + 2, 4);
  return concatBytes(Uint8Array.of(3), littleEndian(value, 4));
}

/** @throws RangeError if it does not fit: nothing wraps around. */
export function littleEndian(value: number | bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let rest = BigInt(value);
  for (let i = 0; i < length; i++, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  if (rest !== 0n) throw new RangeError(`${String(value)} does not fit in ${length} bytes`);
  return bytes;
}

/** Bytes behind their length. */
export const prefixed = (bytes: Uint8Array): Uint8Array => concatBytes(compact(bytes.length), bytes);
