/**
 * Transactions that wait for a block, and those whose block is not final: they come back if it is retracted.
 *
 * What a transaction requires and provides are tags that only the runtime understands: as a rule an account's nonces.
 */
import { blake2b256 } from "../hashing.ts";
import { toHex } from "../hex.ts";
import { finalityWatchMax, poolBytesMax, poolFutureMax, poolTransactionsMax } from "../limits.ts";
import type { Verdict } from "./builder.ts";
import type { BlockHash } from "./header.ts";
import { PoolError, type TransactionStatus, type Watcher } from "./transaction-status.ts";
import type { Invalid, Valid } from "./validity.ts";

interface Pooled {
  readonly hash: string;
  readonly bytes: Uint8Array;
  readonly watchers: readonly Watcher[];
  /** In the order of arrival. */
  readonly order: number;
  /** What the runtime said last, about the state of the best block. */
  valid: Valid;
  /** Tags that this state lacks. */
  requires: Set<string>;
  /** The last block on top of which it may still be valid. */
  until: number;
  ready: boolean;
}

interface Included {
  readonly transaction: Pooled;
  readonly block: BlockHash;
  readonly number: number;
}

export interface PoolBlock {
  readonly hash: BlockHash;
  readonly number: number;
  /** Without inherents. */
  readonly transactions: readonly Uint8Array[];
}

export type Validate = (transaction: Uint8Array) => Valid | Invalid;

export class TransactionPool {
  readonly #validate: Validate;
  readonly #waiting = new Map<string, Pooled>();
  readonly #included = new Map<string, Included>();
  /** What transactions provide that are ready. */
  #provided = new Set<string>();
  #bytes = 0;
  #futures = 0;
  #arrived = 0;
  /** Of the best block. */
  #number: number;

  /** @param validate on top of the best block. @param number of that block. */
  constructor(validate: Validate, number: number) {
    this.#validate = validate;
    this.#number = number;
  }

  /** How many transactions ever came. */
  get arrived(): number {
    return this.#arrived;
  }

  /** How many transactions a block could take now. */
  get ready(): number {
    return this.#waiting.size - this.#futures;
  }

  /** Whether a transaction that is ready provides this. */
  provides(tag: string): boolean {
    return this.#provided.has(tag);
  }

  /** @returns its hash. @throws PoolError. */
  submit(bytes: Uint8Array, watcher?: Watcher): string {
    const hash = hashOf(bytes);
    if (this.#waiting.has(hash) || this.#included.has(hash)) throw new PoolError("already-there", hash);
    const valid = this.#validate(bytes);
    if (valid.kind !== "valid") throw new PoolError(valid.kind, valid.reason);
    const rivals = this.#rivals(valid);
    const strongest = rivals.find((rival) => rival.valid.priority >= valid.priority);
    if (strongest !== undefined) {
      throw new PoolError("priority-too-low", `${strongest.valid.priority} vs ${valid.priority}`);
    }
    const transaction = this.#made(hash, bytes, valid, watcher);
    this.#checkRoom(transaction, rivals);
    for (const rival of rivals) this.#remove(rival, { usurped: hash });
    this.#add(transaction);
    if (this.#lacks(transaction)) {
      this.#futures++;
      tell(transaction, "future");
    } else {
      transaction.ready = true;
      for (const tag of valid.provides) this.#provided.add(tag);
      tell(transaction, "ready");
    }
    if (this.#futures > 0 || rivals.length > 0) this.#settle();
    return hash;
  }

  /** For the next block: what is worth more first, and each after what it requires. */
  offer(): Uint8Array[] {
    return this.#ordered().map(({ bytes }) => bytes);
  }

  /** Those that a block could take, then those that wait for an earlier one. */
  pending(): Uint8Array[] {
    const all = [...this.#waiting.values()];
    return [...all.filter(({ ready }) => ready), ...all.filter(({ ready }) => !ready)].map(({ bytes }) => bytes);
  }

  /** What became of one that was offered to a block on the best one. What did not fit or came too early stays. */
  judge(bytes: Uint8Array, verdict: Verdict): void {
    if (verdict === "included" || verdict.reason === "ExhaustsResources" || verdict.reason === "Future") return;
    const transaction = this.#waiting.get(hashOf(bytes));
    if (transaction !== undefined) this.#remove(transaction, "invalid");
  }

  /** The best chain goes on with the enacted blocks, oldest first, and without the retracted ones. */
  switch(retracted: readonly PoolBlock[], enacted: readonly PoolBlock[]): void {
    for (const block of retracted) {
      this.#number = Math.min(this.#number, block.number - 1);
      for (const bytes of block.transactions) this.#takeBack(bytes, block.hash);
    }
    let judgeAgain = retracted.length > 0;
    for (const block of enacted) {
      this.#number = block.number;
      judgeAgain = this.#include(block) || judgeAgain;
    }
    for (const transaction of this.#waiting.values()) {
      if (judgeAgain) this.#judgeAgain(transaction);
      else if (transaction.until < this.#number) this.#remove(transaction, "invalid");
    }
    this.#settle();
    this.#forget();
  }

  finalize(blocks: ReadonlySet<BlockHash>): void {
    for (const [hash, { transaction, block }] of this.#included) {
      if (!blocks.has(block)) continue;
      this.#included.delete(hash);
      tell(transaction, { finalized: block });
    }
  }

  #made(hash: string, bytes: Uint8Array, valid: Valid, watcher: Watcher | undefined): Pooled {
    const watchers = watcher === undefined ? [] : [watcher];
    return { hash, bytes, watchers, order: this.#arrived++, ready: false, ...this.#judged(valid) };
  }

  #judged(valid: Valid): Pick<Pooled, "valid" | "requires" | "until"> {
    return { valid, requires: new Set(valid.requires), until: this.#number + Number(valid.longevity) };
  }

  /** Transactions that would be useless beside this one: they provide the same. */
  #rivals({ provides }: Valid): Pooled[] {
    if (this.#futures === 0 && !provides.some((tag) => this.#provided.has(tag))) return [];
    return [...this.#waiting.values()].filter((other) => other.valid.provides.some((tag) => provides.includes(tag)));
  }

  #checkRoom(transaction: Pooled, rivals: readonly Pooled[]): void {
    if (rivals.length > 0) return;
    if (this.#waiting.size >= poolTransactionsMax || this.#bytes + transaction.bytes.length > poolBytesMax) {
      throw new PoolError("full", "too many transactions");
    }
    if (this.#lacks(transaction) && this.#futures >= poolFutureMax) {
      throw new PoolError("full", "too many transactions that wait for an earlier one");
    }
  }

  #lacks({ requires }: Pooled): boolean {
    return [...requires].some((tag) => !this.#provided.has(tag));
  }

  #add(transaction: Pooled): void {
    this.#waiting.set(transaction.hash, transaction);
    this.#bytes += transaction.bytes.length;
  }

  #remove(transaction: Pooled, status: TransactionStatus): void {
    this.#waiting.delete(transaction.hash);
    this.#bytes -= transaction.bytes.length;
    if (!transaction.ready) this.#futures--;
    tell(transaction, status);
  }

  #takeBack(bytes: Uint8Array, block: BlockHash): void {
    const hash = hashOf(bytes);
    const transaction = this.#included.get(hash)?.transaction ?? this.#made(hash, bytes, unjudged, undefined);
    this.#included.delete(hash);
    tell(transaction, { retracted: block });
    this.#add(transaction);
  }

  /** @returns whether there was one that the pool did not know, so that it cannot tell what the block provides. */
  #include({ hash: block, number, transactions }: PoolBlock): boolean {
    const provided = new Set<string>();
    let stranger = false;
    for (const bytes of transactions) {
      const transaction = this.#waiting.get(hashOf(bytes));
      if (transaction === undefined) {
        stranger = true;
        continue;
      }
      for (const tag of transaction.valid.provides) provided.add(tag);
      this.#included.set(transaction.hash, { transaction, block, number });
      this.#remove(transaction, { inBlock: block });
    }
    for (const { requires } of this.#waiting.values()) for (const tag of provided) requires.delete(tag);
    return stranger;
  }

  #judgeAgain(transaction: Pooled): void {
    const valid = this.#validate(transaction.bytes);
    if (valid.kind === "valid") Object.assign(transaction, this.#judged(valid));
    else this.#remove(transaction, "invalid");
  }

  /** Finds out anew which are ready, and tells those for which that has changed. */
  #settle(): void {
    const ready = new Set(this.#ordered());
    this.#provided = new Set([...ready].flatMap(({ valid }) => valid.provides));
    this.#futures = this.#waiting.size - ready.size;
    for (const transaction of this.#waiting.values()) {
      if (transaction.ready === ready.has(transaction)) continue;
      transaction.ready = !transaction.ready;
      tell(transaction, transaction.ready ? "ready" : "future");
    }
  }

  /** All whose requirements the state or others among them fulfil. */
  #ordered(): Pooled[] {
    const lacking = new Map<Pooled, number>();
    const needing = new Map<string, Pooled[]>();
    for (const transaction of this.#waiting.values()) {
      lacking.set(transaction, transaction.requires.size);
      for (const tag of transaction.requires) needing.set(tag, [...(needing.get(tag) ?? []), transaction]);
    }
    const order = [...this.#waiting.values()].filter(({ requires }) => requires.size === 0).sort(byWorth);
    // What becomes possible is appended while this goes on.
    for (const { valid } of order) {
      for (const tag of valid.provides) {
        for (const other of needing.get(tag) ?? []) {
          const left = lacking.get(other)! - 1;
          lacking.set(other, left);
          if (left === 0) order.push(other);
        }
        needing.delete(tag);
      }
    }
    return order;
  }

  /** Who watches hears no more of blocks that wait so long to become final. */
  #forget(): void {
    for (const [hash, { transaction, block, number }] of this.#included) {
      if (number > this.#number - finalityWatchMax) continue;
      this.#included.delete(hash);
      tell(transaction, { finalityTimeout: block });
    }
  }
}

/** Until it is asked about. */
const unjudged: Valid = { kind: "valid", priority: 0n, requires: [], provides: [], longevity: 0n };

const hashOf = (bytes: Uint8Array): string => toHex(blake2b256(bytes));

const byWorth = (a: Pooled, b: Pooled): number => {
  if (a.valid.priority === b.valid.priority) return a.order - b.order;
  return a.valid.priority > b.valid.priority ? -1 : 1;
};

function tell({ watchers }: Pooled, status: TransactionStatus): void {
  for (const watcher of watchers) watcher(status);
}
