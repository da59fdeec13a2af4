/**
 * Every head a room ever had, in little space: the newest in memory, older ones as hashes of blocks.
 *
 * A player may return with a witness of long ago. Its head is compared with ours of the same index; records and even
 * snapshots from back then may be gone. The store keeps old heads but may lie about them, so each full block of heads is
 * remembered by its hash.
 */
import { createHash } from "node:crypto";
import { concatBytes, equalBytes, lengthPrefixed } from "#protocol/bytes.ts";
import { VaultError } from "./errors.ts";
import { headLength } from "./record.ts";

/** Heads in one block: 32 KiB to ask the store for, 32 bytes of ours for each. */
export const headsPerBlock = 1024;

const hashLength = 32;

export class HeadHistory {
  /** Hashes of full blocks, one behind the other, and room for more: on their own they would take six times as much. */
  #hashes: Uint8Array;
  #blocks: number;
  /** Heads since the last full block. */
  #newest: Uint8Array[];

  private constructor(hashes: Uint8Array, newest: Uint8Array[]) {
    this.#hashes = hashes;
    this.#blocks = hashes.length / hashLength;
    this.#newest = newest;
  }

  static empty(): HeadHistory {
    return new HeadHistory(new Uint8Array(0), []);
  }

  /** Heads added so far. */
  get length(): number {
    return this.#blocks * headsPerBlock + this.#newest.length;
  }

  add(head: Uint8Array): void {
    this.#newest.push(head);
    if (this.#newest.length < headsPerBlock) return;
    this.#addBlock(blockHash(concatBytes(...this.#newest)));
    this.#newest = [];
  }

  /** The head of record `index` if it is among the newest; otherwise which heads the store has to be asked for. */
  find(index: number): { readonly head: Uint8Array } | { readonly from: number; readonly count: number } {
    if (!Number.isSafeInteger(index) || index < 0 || index >= this.length) throw new RangeError("no such record");
    const block = Math.floor(index / headsPerBlock);
    if (block < this.#blocks) return { from: block * headsPerBlock, count: headsPerBlock };
    return { head: this.#newest[index % headsPerBlock]! };
  }

  /**
   * The head of record `index` out of the block that `find` named.
   *
   * @throws VaultError "not-ours" if these are not the heads that were added.
   */
  headIn(block: Uint8Array, index: number): Uint8Array {
    const from = Math.floor(index / headsPerBlock) * hashLength;
    const known = this.#known.subarray(from, from + hashLength);
    if (!equalBytes(blockHash(block), known)) throw new VaultError("not-ours", "other heads");
    const at = (index % headsPerBlock) * headLength;
    return block.slice(at, at + headLength);
  }

  /** [blocks u32 le] [hash 32]* [head 32]* */
  encode(): Uint8Array {
    const count = new Uint8Array(4);
    new DataView(count.buffer).setUint32(0, this.#blocks, true);
    return concatBytes(count, this.#known, ...this.#newest);
  }

  /** @throws VaultError "damaged". */
  static decode(bytes: Uint8Array): HeadHistory {
    const blocks = bytes.length < 4 ? Number.NaN : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    const rest = bytes.length - 4 - blocks * hashLength;
    if (!(rest >= 0 && rest % headLength === 0 && rest / headLength < headsPerBlock)) {
      throw new VaultError("damaged", "a history of heads");
    }
    const start = 4 + blocks * hashLength;
    const newest = Array.from({ length: rest / headLength }, (_, i) =>
      bytes.slice(start + i * headLength, start + (i + 1) * headLength),
    );
    return new HeadHistory(bytes.slice(4, start), newest);
  }

  get #known(): Uint8Array {
    return this.#hashes.subarray(0, this.#blocks * hashLength);
  }

  #addBlock(hash: Uint8Array): void {
    const at = this.#blocks * hashLength;
    if (at === this.#hashes.length) {
      const larger = new Uint8Array(2 * at + hashLength);
      larger.set(this.#hashes);
      this.#hashes = larger;
    }
    this.#hashes.set(hash, at);
    this.#blocks += 1;
  }
}

const blockHash = (heads: Uint8Array): Uint8Array =>
  new Uint8Array(createHash("sha256").update(lengthPrefixed("phatroom/1/heads", heads)).digest());
