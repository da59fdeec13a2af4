/** Reads a quote's little-endian fields in order. Nothing is read twice and nothing beyond the end. */
import { demand } from "./errors.ts";

export class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Bytes read so far. */
  get position(): number {
    return this.#at;
  }

  /** The next bytes, as a view. */
  take(length: number): Uint8Array {
    const end = this.#at + length;
    demand(end <= this.#bytes.length, "quote-malformed", "truncated");
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }

  u16(): number {
    const [low, high] = this.take(2);
    return low! | (high! << 8);
  }

  u32(): number {
    return this.u16() + this.u16() * 0x1_0000;
  }

  u64(): bigint {
    return BigInt(this.u32()) + (BigInt(this.u32()) << 32n);
  }

  /** Whatever is left, as a view. */
  rest(): Uint8Array {
    return this.take(this.#bytes.length - this.#at);
  }

  /** @throws AttestationError "quote-malformed" unless everything was read. */
  end(): void {
    demand(this.#at === this.#bytes.length, "quote-malformed", "trailing bytes");
  }
}

export const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);
