/**
 * The fence: how a worker makes sure that nobody else issues with its key. Each worker says once, on chain, under the
 * issuer's account, that it is there. It issues when that is final and so many blocks have passed that everything which
 * another worker signed before seeing it is in a block that was read, or dead: a transaction lives a period, and is
 * signed on a block that its signer saw. Whoever sees another's fence behind its own stops for good.
 *
 * So neither a restored snapshot nor a second worker on the same key, nor a head that a host holds back, makes two of one
 * award: the later fence wins, and the earlier worker's transactions have died before the later one's first.
 */
import { bytesToHex, concatBytes, utf8ToBytes } from "#protocol/bytes.ts";
import type { AccountId } from "#rmrk/account.ts";
import type { Word } from "../ledger/follow/block.ts";

const head = utf8ToBytes("PHATROOM::FENCE::1::");
export const bootIdLength = 32;

/** @param boot drawn at random inside the enclave by each worker that starts, and never kept. */
export const fenceRemark = (boot: Uint8Array): Uint8Array => concatBytes(head, utf8ToBytes(bytesToHex(boot)));

export class Fence {
  readonly #account: AccountId;
  readonly #remark: string;
  readonly #quietBlocks: number;
  #block: number | undefined;
  #stopped = false;
  /** Blocks up to here were read. */
  #readTo = -1;

  /** @param period of all transactions that are signed with the key, in blocks; for ever the same. */
  constructor(account: AccountId, boot: Uint8Array, period: number) {
    if (boot.length !== bootIdLength) throw new RangeError(`a boot id has ${bootIdLength} bytes`);
    this.#account = account;
    this.#remark = bytesToHex(fenceRemark(boot));
    this.#quietBlocks = period + 1;
  }

  /** Final, in a block whose extrinsics were read. */
  get stands(): boolean {
    return this.#block !== undefined;
  }

  /** Another worker has come after this one. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** All words of final blocks, in their order; those of blocks that were read before say nothing new. */
  read(words: readonly Word[]): void {
    const before = this.#readTo;
    for (const { caller, bytes, block } of words) {
      this.#readTo = Math.max(this.#readTo, block);
      if (block <= before || caller !== this.#account || !isFence(bytes)) continue;
      if (bytesToHex(bytes) === this.#remark) this.#block ??= block;
      else if (this.#block !== undefined) this.#stopped = true;
    }
  }

  /** Whether this worker may issue on top of a final block up to which everything was read. */
  open(finalized: number): boolean {
    return !this.#stopped && this.#block !== undefined && finalized >= this.#block + this.#quietBlocks;
  }
}

const isFence = (bytes: Uint8Array): boolean => head.every((byte, i) => bytes[i] === byte);
