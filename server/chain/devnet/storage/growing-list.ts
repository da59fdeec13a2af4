/**
 * A SCALE vector that grows: runtimes append an event at a time, and copying all of them for each would make a block's
 * cost quadratic.
 */
import { concatBytes } from "#protocol/bytes.ts";
import { compact, ScaleError, ScaleReader } from "../scale.ts";

export class GrowingList {
  #count: number;
  /** The items, without their count, at the beginning of a longer buffer. */
  #buffer: Uint8Array;
  #length: number;
  #bytes: Uint8Array | undefined;

  /** What is no vector counts as an empty one, as in Substrate. */
  constructor(value: Uint8Array | undefined) {
    const { count, items } = readList(value);
    this.#count = count;
    this.#buffer = items;
    this.#length = items.length;
  }

  append(item: Uint8Array): void {
    const length = this.#length + item.length;
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(256, length * 2));
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    this.#buffer.set(item, this.#length);
    this.#length = length;
    this.#count++;
    this.#bytes = undefined;
  }

  get bytes(): Uint8Array {
    this.#bytes ??= concatBytes(compact(this.#count), this.#buffer.subarray(0, this.#length));
    return this.#bytes;
  }
}

function readList(value: Uint8Array | undefined): { count: number; items: Uint8Array } {
  const none = { count: 0, items: new Uint8Array(0) };
  if (value === undefined) return none;
  try {
    const reader = new ScaleReader(value);
    const count = reader.compact();
    // A view, as long as nothing is appended that fits behind it: nothing does, the buffer ends with it.
    return { count, items: reader.take(reader.left) };
  } catch (error) {
    if (error instanceof ScaleError) return none;
    throw error;
  }
}
