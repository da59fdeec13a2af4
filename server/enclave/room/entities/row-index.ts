/** Finds rows by a number: chains by hash, in typed arrays that are filled anew at every look. */

const none = -1;

export class RowIndex {
  readonly #mask: number;
  readonly #first: Int32Array;
  readonly #next: Int32Array;
  readonly #key: Int32Array;

  constructor(capacity: number) {
    // As many chains as rows, so that most have one.
    const chains = 1 << Math.max(4, Math.ceil(Math.log2(capacity)));
    this.#mask = chains - 1;
    this.#first = new Int32Array(chains).fill(none);
    this.#next = new Int32Array(capacity);
    this.#key = new Int32Array(capacity);
  }

  clear(): void {
    this.#first.fill(none);
  }

  /** @param key any 32 bits. */
  add(row: number, key: number): void {
    const chain = mixed(key) & this.#mask;
    this.#key[row] = key;
    this.#next[row] = this.#first[chain]!;
    this.#first[chain] = row;
  }

  /** The first row with this key; -1 if there is none. In no order that means anything. */
  first(key: number): number {
    return this.#seek(this.#first[mixed(key) & this.#mask]!, key);
  }

  /** The next row with the same key. */
  next(row: number): number {
    return this.#seek(this.#next[row]!, this.#key[row]!);
  }

  #seek(row: number, key: number): number {
    while (row !== none && this.#key[row] !== key) row = this.#next[row]!;
    return row;
  }
}

/** Neighbouring keys go to different chains (the finalizer of MurmurHash3). */
function mixed(key: number): number {
  key = Math.imul(key ^ (key >>> 16), 0x85eb_ca6b);
  key = Math.imul(key ^ (key >>> 13), 0xc2b2_ae35);
  return key ^ (key >>> 16);
}
