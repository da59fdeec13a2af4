/**
 * A chain reduced to what issuing depends on: one account's nonces, transactions that die, a pool that forgets, forks,
 * and finality that lags. Workers see of its final blocks as many as their host shows them.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import type { Word } from "#enclave/ledger/follow/block.ts";
import type { BlockHash } from "#enclave/ledger/proof/header.ts";
import { lastBlock, type Era } from "#enclave/ledger/runtime/era.ts";
import type { IssuingView } from "#enclave/reward/issuer.ts";
import { bytesToHex, hexToBytes, utf8ToBytes } from "#protocol/bytes.ts";
import type { AccountId } from "#rmrk/account.ts";
import { isRmrk } from "#rmrk/codec/fields.ts";
import { encodeRemark } from "#rmrk/codec/interaction.ts";
import { apply } from "#rmrk/consolidator.ts";
import { collectionIdOf } from "#rmrk/ids.ts";
import { emptyState, type State } from "#rmrk/state/state.ts";

export const issuer = "11".repeat(32) as AccountId;
export const collection = collectionIdOf(issuer, "SWORDS");
export const prefix = 2;

interface Transaction {
  readonly nonce: number;
  readonly era: Era;
  readonly remarks: readonly string[];
}

export const signModel = (remarks: readonly Uint8Array[], nonce: number, era: Era): Uint8Array =>
  utf8ToBytes(JSON.stringify({ nonce, era, remarks: remarks.map((bytes) => bytesToHex(bytes)) } satisfies Transaction));

const read = (bytes: Uint8Array): Transaction => JSON.parse(Buffer.from(bytes).toString()) as Transaction;

export interface ModelBlock {
  readonly hash: BlockHash;
  readonly number: number;
  readonly parent: ModelBlock | undefined;
  readonly transactions: readonly string[];
  /** Of the issuer, after the block. */
  readonly nonce: number;
}

export class ModelLedger {
  #best: ModelBlock;
  #finalized: ModelBlock;
  readonly #pool = new Set<string>();
  readonly #nonces: boolean;
  #made = 0;

  /** @param nonces without them nothing but its death keeps a transaction from being included when nobody expects it. */
  constructor(nonces = true) {
    this.#nonces = nonces;
    const create = encodeRemark(
      { op: "CREATE", id: collection, issuer, symbol: "SWORDS", max: 0, metadata: "ipfs://swords" },
      prefix,
    );
    const era = { birth: { number: 0, hash: "" as BlockHash }, period: 64 };
    const first = Buffer.from(signModel([create], 0, era)).toString();
    this.#best = this.#finalized = { ...this.#child(undefined, [first]), nonce: nonces ? 1 : 0 };
  }

  get best(): ModelBlock {
    return this.#best;
  }

  get finalized(): ModelBlock {
    return this.#finalized;
  }

  submit(bytes: Uint8Array): void {
    this.#pool.add(Buffer.from(bytes).toString());
  }

  wipePool(): void {
    this.#pool.clear();
  }

  /** @param take how many transactions at most. */
  newBlock(take = 100): void {
    this.#best = this.#filled(this.#best, take);
  }

  /** The account runs dry and is filled again: its nonces begin anew, and what was signed with them fits once more. */
  reap(): void {
    this.#best = { ...this.#filled(this.#best, 0), nonce: 0 };
  }

  /** Another branch from a few blocks below the best one, which becomes the best. Its transactions wait again. */
  fork(depth: number, take: number): void {
    let from = this.#best;
    const retracted: ModelBlock[] = [];
    while (from.number > this.#finalized.number && retracted.length < depth) {
      retracted.push(from);
      from = from.parent!;
    }
    for (const { transactions } of retracted) for (const transaction of transactions) this.#pool.add(transaction);
    for (let left = retracted.length + 1; left > 0; left--) from = this.#filled(from, take);
    this.#best = from;
  }

  finalize(lag: number): void {
    let block = this.#best;
    for (let left = lag; left > 0 && block.parent !== undefined; left--) block = block.parent;
    if (block.number > this.#finalized.number) this.#finalized = block;
  }

  /** Final blocks, oldest first, up to a number. */
  finalChain(to: number): ModelBlock[] {
    const chain: ModelBlock[] = [];
    for (let block: ModelBlock | undefined = this.#finalized; block !== undefined; block = block.parent) {
      if (block.number <= to) chain.push(block);
    }
    return chain.reverse();
  }

  #filled(parent: ModelBlock, take: number): ModelBlock {
    const ancestors = new Map<number, BlockHash>();
    const before = new Set<string>();
    for (let block: ModelBlock | undefined = parent; block !== undefined; block = block.parent) {
      ancestors.set(block.number, block.hash);
      if (!this.#nonces) for (const transaction of block.transactions) before.add(transaction);
    }
    let { nonce } = parent;
    const number = parent.number + 1;
    const included: string[] = [];
    const fits = (text: string): boolean => {
      const { nonce: its, era } = read(utf8ToBytes(text));
      const alive = number <= lastBlock(era) && ancestors.get(era.birth.number) === era.birth.hash;
      return alive && (this.#nonces ? its === nonce : !before.has(text) && !included.includes(text));
    };
    while (included.length < take) {
      const next = Array.from(this.#pool).find(fits);
      if (next === undefined) break;
      included.push(next);
      if (this.#nonces) nonce++;
    }
    for (const text of this.#pool) {
      // No fork wants it any more.
      if (this.#finalized.number > lastBlock(read(utf8ToBytes(text)).era)) this.#pool.delete(text);
    }
    return { ...this.#child(parent, included), nonce };
  }

  #child(parent: ModelBlock | undefined, transactions: readonly string[]): Omit<ModelBlock, "nonce"> {
    const number = parent === undefined ? 1 : parent.number + 1;
    const hash = bytesToHex(sha256(utf8ToBytes(`${parent?.hash ?? ""} ${number} ${this.#made++}`))) as BlockHash;
    return { hash, number, parent, transactions };
  }
}

export const remarksIn = (transaction: string): readonly Uint8Array[] =>
  read(utf8ToBytes(transaction)).remarks.map((hex) => hexToBytes(hex));

/** What a worker has read of the chain. */
export class ModelFollower {
  readonly #ledger: ModelLedger;
  readonly #items: State = emptyState(prefix);
  #at = 0;

  constructor(ledger: ModelLedger) {
    this.#ledger = ledger;
  }

  get at(): number {
    return this.#at;
  }

  /** @returns undefined if nothing is new up to this number. */
  follow(to: number): { readonly view: IssuingView; readonly words: readonly Word[] } | undefined {
    const chain = this.#ledger.finalChain(to).filter(({ number }) => number > this.#at);
    const last = chain.at(-1);
    if (last === undefined) return undefined;
    const words: Word[] = [];
    for (const block of chain) {
      for (const [extrinsic, transaction] of block.transactions.entries()) {
        for (const bytes of remarksIn(transaction)) {
          const remark = { block: block.number, extrinsic, caller: issuer, bytes };
          if (isRmrk(bytes)) apply(this.#items, { ...remark, transfers: [] });
          else words.push(remark);
        }
      }
    }
    this.#at = last.number;
    return { view: { block: last, items: this.#items, nonce: last.nonce }, words };
  }
}
