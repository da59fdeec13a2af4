/**
 * The room's randomness: the ChaCha20 keystream of RFC 8439 under a key the room gives, nonce zero, drawn in order.
 *
 * The key comes from enclave entropy and 32 bytes of each player who joined, so the same log gives the same draws.
 */
import { chacha20Block, chacha20Constants } from "./chacha20.ts";
import type { Random } from "./contract.ts";

const blockLength = 64;
const blockWords = blockLength / 4;
const keyAt = 4;
const counterAt = 12;
const wordRange = 2 ** 32;

export class KeystreamRandom implements Random {
  /** Its last three words, the nonce, stay zero. */
  readonly #state = new Int32Array(blockWords);
  /** One block of the keystream: which, and how many of its bytes are drawn. */
  readonly #block = new Int32Array(blockWords);
  #index = -1;
  #at = blockLength;

  /** @param key 32 bytes, copied. */
  constructor(key: Uint8Array) {
    if (key.length !== 32) throw new RangeError("a random key has 32 bytes");
    this.#state.set(chacha20Constants);
    for (let i = 0; i < key.length; i++) this.#state[keyAt + (i >> 2)]! |= key[i]! << ((i & 3) * 8);
  }

  /** Bytes drawn so far. Set back after a refused move, so that a refusal leaves no trace. */
  get position(): number {
    return this.#index * blockLength + this.#at;
  }

  set position(position: number) {
    if (position === this.position) return;
    const index = Math.floor(position / blockLength);
    if (index !== this.#index) this.#compute(index);
    this.#at = position - index * blockLength;
  }

  below(below: number): number {
    if (!((below > 0 && below >>> 0 === below) || below === wordRange)) {
      throw new RangeError("random.below takes a whole number from 1 to 2 to the power of 32");
    }
    for (;;) {
      const word = this.#word();
      // All that follows keeps to numbers of 31 bits where it can: others are not integers to an interpreter.
      if (word >= 0) return word % below;
      // Words above the largest multiple would make small numbers likelier. None of them is below 2³² - below.
      if (word >= -below && word >>> 0 >= wordRange - (wordRange % below)) continue;
      const doubled = ((word >>> 1) % below) * 2 + (word & 1);
      return doubled < below ? doubled : doubled - below;
    }
  }

  unit(): number {
    return (this.#word() >>> 0) / wordRange;
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

  /** The next four bytes, little-endian, signed. */
  #word(): number {
    const at = this.#at;
    if (at <= blockLength - 4 && (at & 3) === 0) {
      this.#at = at + 4;
      return this.#block[at >> 2]!;
    }
    return this.#byte() | (this.#byte() << 8) | (this.#byte() << 16) | (this.#byte() << 24);
  }

  #byte(): number {
    if (this.#at === blockLength) this.#compute(this.#index + 1);
    const at = this.#at++;
    return (this.#block[at >> 2]! >>> ((at & 3) * 8)) & 0xff;
  }

  #compute(index: number): void {
    this.#state[counterAt] = index;
    chacha20Block(this.#state, this.#block);
    this.#index = index;
    this.#at = 0;
  }
}
