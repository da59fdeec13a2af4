/**
 * CBOR (RFC 8949), as much of it as an attestation document consists of, strictly: unsigned integers, byte and text
 * strings, arrays, maps and null, each with the shortest head (section 4.2.1). There are no tags, no floats and no
 * strings in pieces; the one thing without a length is the map that AWS writes that way.
 */
import { AttestationError, demand } from "../errors.ts";

/** RFC 8949 section 3.1. */
const majors = { unsigned: 0, bytes: 2, text: 3, array: 4, map: 5 } as const;
const nothing = 0xf6;
const unboundedMap = 0xbf;
const stop = 0xff;

const code = "quote-malformed";

/** Reads items one after the other, each of the kind that is expected. Nothing is read ahead and nothing is nested unseen. */
export class CborReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** At most 2⁵³ − 1. */
  unsigned(): number {
    return this.#head(majors.unsigned);
  }

  /** A view. */
  bytes(lengthMax: number): Uint8Array {
    return this.#string(majors.bytes, lengthMax);
  }

  /** ASCII, which is all that documents hold. */
  text(lengthMax: number): string {
    const bytes = this.#string(majors.text, lengthMax);
    demand(
      bytes.every((byte) => byte >= 0x20 && byte <= 0x7e),
      code,
      "text that is not ASCII",
    );
    return String.fromCharCode(...bytes);
  }

  /** Null, or what is read otherwise. */
  optional<T>(read: () => T): T | undefined {
    if (this.#bytes[this.#at] !== nothing) return read();
    this.#at += 1;
    return undefined;
  }

  /** Items of one kind. */
  array<T>(countMax: number, read: () => T): readonly T[] {
    const count = this.#count(majors.array, countMax);
    return Array.from({ length: count }, read);
  }

  /** An array of exactly so many items, which the caller reads. */
  tuple(count: number): void {
    demand(this.#count(majors.array, count) === count, code, `not an array of ${count}`);
  }

  /** Members, each with a key of its own. With `unbounded` it may be without a length. */
  map<K>(countMax: number, readKey: () => K, readValue: (key: K) => void, unbounded = false): void {
    const open = unbounded && this.#bytes[this.#at] === unboundedMap;
    if (open) this.#at += 1;
    const count = open ? countMax : this.#count(majors.map, countMax);
    const keys = new Set<K>();
    while (open ? this.#bytes[this.#at] !== stop : keys.size < count) {
      const key = readKey();
      demand(keys.size < count && !keys.has(key), code, "members");
      keys.add(key);
      readValue(key);
    }
    if (open) this.#at += 1;
  }

  /** @throws AttestationError "quote-malformed" unless everything was read. */
  end(): void {
    demand(this.#at === this.#bytes.length, code, "bytes behind the document");
  }

  /** How many items follow. */
  #count(major: number, countMax: number): number {
    const count = this.#head(major);
    demand(count <= countMax, code, "too many items");
    return count;
  }

  #string(major: number, lengthMax: number): Uint8Array {
    const length = this.#head(major);
    demand(length <= lengthMax, code, "string too long");
    return this.#take(length);
  }

  /** An item's first bytes, which say its kind and a number in its shortest form. */
  #head(major: number): number {
    const [first] = this.#take(1) as unknown as readonly [number];
    demand(first >> 5 === major, code, `an item of kind ${first >> 5} instead of ${major}`);
    const short = first & 31;
    if (short < 24) return short;
    // 1, 2, 4 or 8 bytes; the rest are reserved, or say that there is no length.
    if (short > 27) throw new AttestationError(code, "an item without a length");
    const length = 1 << (short - 24);
    const value = this.#take(length).reduce((sum, byte) => sum * 256 + byte, 0);
    const least = length === 1 ? 24 : 2 ** (length * 4);
    demand(value >= least && Number.isSafeInteger(value), code, "a number that could be shorter");
    return value;
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    demand(end <= this.#bytes.length, code, "truncated");
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }
}
