/** SCALE, as much of it as a node needs: what lies inside of calls, events and storage is for clients to decode. */
import { concatBytes } from "#protocol/bytes.ts";

/** Not SCALE, or not what was expected. It comes from a runtime or a client; callers say which. */
export class ScaleError extends Error {
  override readonly name = "ScaleError";
}

/** A natural number in as few bytes as SCALE has for it; up to 2^53. */
export function compact(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError("not a natural number");
  if (value < 0x40) return Uint8Array.of(value << 2);
  if (value < 0x4000) return littleEndian((value << 2) | 1, 2);
  if (value < 0x4000_0000) return littleEndian(value * 4 + 2, 4);
  let length = 4;
  while (value >= 2 ** (8 * length)) length++;
  return concatBytes(Uint8Array.of(((length - 4) << 2) | 3), littleEndian(value, length));
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

export const vector = (items: readonly Uint8Array[]): Uint8Array => concatBytes(compact(items.length), ...items);

/** Reads on from where it stopped. Every method throws ScaleError when too little is left. */
export class ScaleReader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** A view, not a copy. */
  take(length: number): Uint8Array {
    if (length > this.left) throw new ScaleError(`${length} bytes wanted, ${this.left} left`);
    const from = this.#at;
    this.#at += length;
    return this.#bytes.subarray(from, this.#at);
  }

  u8(): number {
    return this.take(1)[0]!;
  }

  u32(): number {
    return Number(this.integer(4));
  }

  integer(length: number): bigint {
    let value = 0n;
    const bytes = this.take(length);
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
    return value;
  }

  compact(): number {
    const value = this.compactInteger();
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new ScaleError("a compact number above 2^53");
    return Number(value);
  }

  compactInteger(): bigint {
    const first = this.u8();
    this.#at--;
    switch (first & 3) {
      case 0:
        return this.integer(1) >> 2n;
      case 1:
        return this.integer(2) >> 2n;
      case 2:
        return this.integer(4) >> 2n;
      default:
        this.#at++;
        return this.integer((first >> 2) + 4);
    }
  }

  /** Bytes behind their length, as a view. */
  prefixed(): Uint8Array {
    return this.take(this.compact());
  }

  text(): string {
    return Buffer.from(this.prefixed()).toString("utf8");
  }

  vector<T>(item: () => T): T[] {
    const length = this.compact();
    if (length > this.left) throw new ScaleError(`${length} items in ${this.left} bytes`);
    return Array.from({ length }, item);
  }

  /** @throws ScaleError if something is left. */
  end(): void {
    if (this.left > 0) throw new ScaleError(`${this.left} bytes too many`);
  }
}
