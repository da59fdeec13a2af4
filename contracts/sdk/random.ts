/**
 * The room's randomness: the ChaCha20 keystream of RFC 8439 under a key the room gives, nonce zero, drawn in order.
 *
 * The key comes from enclave entropy and 32 bytes of each player who joined, so the same log gives the same draws.
 */
import { chacha20 } from "@noble/ciphers/chacha.js";
import type { Random } from "./contract.ts";

const blockLength = 64;
const nonce = new Uint8Array(12);
const wordRange = 2 ** 32;

export class KeystreamRandom implements Random {
  readonly #key: Uint8Array;
  readonly #block = new Uint8Array(blockLength);
  #blockIndex = -1;
  #position = 0;

  /** @param key 32 bytes, copied. */
  constructor(key: Uint8Array) {
    if (key.length !== 32) throw new RangeError("a random key has 32 bytes");
    this.#key = key.slice();
  }

  /** Bytes drawn so far. Set back after a refused move, so that a refusal leaves no trace. */
  get position(): number {
    return this.#position;
  }

  set position(position: number) {
    this.#position = position;
  }

  below(below: number): number {
    if (!Number.isInteger(below) || below < 1 || below > wordRange) {
      throw new RangeError("random.below takes a whole number from 1 to 2 to the power of 32");
    }
    // Words above the largest multiple would make small numbers likelier.
    const end = wordRange - (wordRange % below);
    for (;;) {
      const word = this.#word();
      if (word < end) return word % below;
    }
  }

  unit(): number {
    return this.#word() / wordRange;
  }

  bytes(length: number): Uint8Array {
    if (!Number.isInteger(length) || length < 0 || length > 65_536) {
      throw new RangeError("random.bytes takes a length from 0 to 65536");
    }
    const out = new Uint8Array(length);
    for (let i = 0; i < length; i++) out[i] = this.#byte();
    return out;
  }

  shuffle<T>(items: readonly T[]): T[] {
    const out = items.slice();
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const held = out[i]!;
      out[i] = out[j]!;
      out[j] = held;
    }
    return out;
  }

  /** The next four bytes, little-endian. */
  #word(): number {
    return this.#byte() + this.#byte() * 2 ** 8 + this.#byte() * 2 ** 16 + this.#byte() * 2 ** 24;
  }

  #byte(): number {
    const index = Math.floor(this.#position / blockLength);
    if (index !== this.#blockIndex) {
      chacha20(this.#key, nonce, new Uint8Array(blockLength), this.#block, index);
      this.#blockIndex = index;
    }
    return this.#block[this.#position++ % blockLength]!;
  }
}
