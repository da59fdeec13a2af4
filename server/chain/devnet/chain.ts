/** The development chain: states, forks, a pool, and blocks when somebody asks for one. When that is, is not decided here. */
import { concatBytes, hexToBytes } from "#protocol/bytes.ts";
import { genesisOf, restored } from "./blocks/beginning.ts";
import { buildBlock, type BuiltBlock } from "./blocks/builder.ts";
import type { BlockHash } from "./blocks/header.ts";
import type { Moment } from "./blocks/inherents.ts";
import { TransactionPool, type PoolBlock } from "./blocks/pool.ts";
import { BlockStore, type NewBlock, type StoredBlock } from "./blocks/store.ts";
import type { Block, BlockTree, Switch } from "./blocks/tree.ts";
import type { Watcher } from "./blocks/transaction-status.ts";
import { decodeValidity, type Invalid, type Valid } from "./blocks/validity.ts";
import { DevnetError } from "./errors.ts";
import { DevelopmentFinality } from "./finality/finality.ts";
import { storageKey } from "./hashing.ts";
import { toHex, type StorageKey } from "./hex.ts";
import { justifiedEvery, statesKept, unfinalizedMax } from "./limits.ts";
import type { ChainSpec } from "./genesis/spec.ts";
import { Runtime, type Log } from "./runtime/runtime.ts";
import { littleEndian, ScaleReader } from "./scale.ts";
import { proofOf, proofParts, readProof, type ProofPart } from "./trie/proof.ts";

/** How far finality is behind the best block; "manual": wherever it is put. */
export type Finality = "instant" | "manual" | { readonly lag: number };

export interface ChainOptions {
  readonly spec: ChainSpec;
  /** Undefined: kept in memory. */
  readonly database?: string | undefined;
  readonly finality: Finality;
  /** When the first block is: milliseconds since 1970. Each block after it is one slot later, however fast they come. */
  readonly clock: () => number;
  readonly log?: Log | undefined;
  /** States below the finalized block that are kept at least. */
  readonly statesKept?: number | undefined;
}

export interface ChainListener {
  /** Any block, on the best chain or not. */
  imported?(block: Block): void;
  best?(block: Block, change: Switch): void;
  finalized?(block: Block): void;
  /** There are transactions that a block could take. */
  ready?(): void;
}

export interface BlockOrder {
  /** Undefined: the best block. */
  readonly parent?: BlockHash | undefined;
  /** Instead of the pool's. On another parent than the best block none are taken from the pool. */
  readonly transactions?: readonly Uint8Array[] | undefined;
  /** Whether it becomes the best block; true unless said otherwise. */
  readonly best?: boolean | undefined;
  /** Announces other authorities, who finalize what comes so many blocks after this one. */
  readonly authoritiesAfter?: number | undefined;
}

const external = 2;
const timestampKey = storageKey("Timestamp", "Now");

/** What tells whoever follows the chain what happened in a block, and by which runtime. */
const tellingKeys = [storageKey("System", "Events"), storageKey("System", "LastRuntimeUpgrade")];

/** What besides that is asked of blocks at which somebody who follows the chain has to pause; and of any account. */
const pausingKeys = [...tellingKeys, timestampKey, storageKey("TransactionPayment", "NextFeeMultiplier")];
const accountPrefix = storageKey("System", "Account");

export class DevelopmentChain {
  readonly spec: ChainSpec;
  readonly genesisHash: BlockHash;
  readonly #finality: Finality;
  readonly #clock: () => number;
  readonly #log: Log | undefined;
  readonly #statesKept: number;
  readonly #store: BlockStore;
  readonly #tree: BlockTree;
  readonly #pool: TransactionPool;
  readonly #finalityProofs = new DevelopmentFinality();
  readonly #listeners = new Set<ChainListener>();
  /** The next block is not before this. */
  #notBefore = 0;
  #closed = false;

  /** @throws DevnetError for a runtime that does not run and a database that is not this chain's. */
  constructor({ spec, database, finality, clock, log, statesKept: kept }: ChainOptions) {
    this.spec = spec;
    this.#finality = finality;
    this.#clock = clock;
    this.#log = log;
    this.#statesKept = kept ?? statesKept;
    const { block, state } = genesisOf(spec);
    this.genesisHash = block.hash;
    this.#store = BlockStore.open(database, block);
    this.#tree = restored(this.#store, { ...block, parent: undefined, state });
    this.#finalityProofs.finalized(this.#store.upTo(this.finalized.hash));
    this.#pool = new TransactionPool((transaction) => this.#validate(transaction), this.best.number);
  }

  get best(): Block {
    return this.#tree.best;
  }

  get finalized(): Block {
    return this.#tree.finalized;
  }

  get pool(): TransactionPool {
    return this.#pool;
  }

  /** @returns what stops listening. */
  listen(listener: ChainListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** With its state. @throws DevnetError "block-unknown", "state-discarded". */
  block(hash: BlockHash): Block {
    const block = this.#tree.get(hash);
    if (block !== undefined) return block;
    throw new DevnetError(this.#store.find(hash) === undefined ? "block-unknown" : "state-discarded", hash);
  }

  /**
   * Of a block whose state may be gone: then only of keys that say what happened in it, and if anything did; of one at which
   * those who follow have to pause, also when it was, what accounts had, and what work cost.
   *
   * @throws DevnetError "block-unknown", "state-discarded".
   */
  readProof(hash: BlockHash, keys: readonly StorageKey[]): readonly Uint8Array[] {
    const kept = this.#tree.get(hash);
    if (kept !== undefined) return readProof(kept.state, keys);
    const telling = keys.every((key) => tellingKeys.includes(key));
    const pausing = keys.every((key) => pausingKeys.includes(key) || key.startsWith(accountPrefix));
    const told = telling ? this.#store.proof(hash) : undefined;
    if (told !== undefined) return told;
    const parts = pausing ? this.#store.pause(hash) : undefined;
    return parts === undefined ? readProof(this.block(hash).state, keys) : proofOf(parts, keys);
  }

  /**
   * Of the runtime at a block, whose state may be gone if the runtime has not been replaced since.
   *
   * @throws DevnetError "block-unknown", "state-discarded".
   */
  metadataAt(hash: BlockHash): Uint8Array {
    const stored = this.#tree.get(hash) === undefined ? this.#store.find(hash) : undefined;
    const same = stored !== undefined && stored.number >= this.#store.codeSince();
    const block = same ? this.#tree.base : this.block(hash);
    return this.runtime(block).metadata(block.state);
  }

  /** Without its state, however old it is. */
  find(hash: BlockHash): StoredBlock | undefined {
    return this.#tree.get(hash) ?? this.#store.find(hash);
  }

  /** On the best chain. */
  hashAt(number: number): BlockHash | undefined {
    if (number >= this.#tree.base.number) return this.#tree.at(number)?.hash;
    return this.#store.at(number)?.hash;
  }

  body(hash: BlockHash): Uint8Array[] {
    return this.#store.body(hash);
  }

  runtime(block: Block): Runtime {
    return Runtime.of(block.state);
  }

  /** The account's next one, those of transactions in the pool counted in. */
  nextNonce(account: Uint8Array): number {
    let nonce = this.runtime(this.best).nonce(account, this.best.state);
    // The tag of FRAME's `CheckNonce`.
    while (this.#pool.provides(toHex(concatBytes(account, littleEndian(nonce, 4))))) nonce++;
    return nonce;
  }

  /** @returns its hash. @throws PoolError; DevnetError "transaction-refused" for what is no transaction. */
  submit(transaction: Uint8Array, watcher?: Watcher): string {
    this.#mustBeOpen();
    const hash = this.#pool.submit(transaction, watcher);
    if (this.#pool.ready > 0) this.#tell((listener) => listener.ready?.());
    return hash;
  }

  /** No block is earlier than this, from the next one on. Milliseconds since 1970. */
  setTime(notBefore: number): void {
    this.#notBefore = notBefore;
  }

  /** A `GrandpaJustification` of a block that is final. */
  justification({ hash, number }: { readonly hash: BlockHash; readonly number: number }): Uint8Array {
    return this.#finalityProofs.justification({ hash, number });
  }

  /** Whether the authorities that finalized it do not finalize any block above. */
  isLastOfSet(number: number): boolean {
    return this.#finalityProofs.isLastOfSet(number);
  }

  /** Whether a proof that it is final is kept, however many blocks above it are: as nodes do where a set ends, and now and then. */
  isJustified(number: number): boolean {
    return number > 0 && (number % justifiedEvery === 0 || this.isLastOfSet(number));
  }

  /** A `FinalityProof`, of this block or of one above it. @param number of a block that is final. */
  proveFinality(number: number): Uint8Array {
    const hashAt = (at: number): BlockHash => this.hashAt(at)!;
    const headerAt = (at: number): Uint8Array => this.find(hashAt(at))!.header;
    return this.#finalityProofs.prove(number, this.finalized.number, { hashAt, headerAt });
  }

  /**
   * @throws DevnetError "block-unknown", "state-discarded", "finality-far-behind", "finality-contradicted",
   *   "authorities-coming", "block-refused".
   */
  newBlock({ parent: parentHash, transactions, best = true, authoritiesAfter }: BlockOrder = {}): Block {
    this.#mustBeOpen();
    const parent = parentHash === undefined ? this.best : this.block(parentHash);
    if (parent.number - this.finalized.number >= unfinalizedMax) throw new DevnetError("finality-far-behind");
    const fromPool = transactions === undefined && parent === this.best && best;
    const announced =
      authoritiesAfter === undefined ? undefined : this.#finalityProofs.announce(parent, authoritiesAfter);
    const built = buildBlock(
      parent,
      { ...this.#moment(parent), announced },
      transactions ?? (fromPool ? this.#pool.offer() : []),
      (transaction, verdict) => {
        if (fromPool) this.#pool.judge(transaction, verdict);
        else if (verdict !== "included") throw new DevnetError("transaction-refused", verdict.reason);
      },
      this.#log,
    );
    return this.#import(built, parent, best);
  }

  /** @throws DevnetError "block-unknown", "state-discarded", "finality-contradicted". */
  setBest(hash: BlockHash): void {
    this.#mustBeOpen();
    const block = this.block(hash);
    this.#advance({ best: block, finalized: this.#finalAt(block) });
  }

  /** It becomes the best block if it is not on the best chain. @throws as `setBest`. */
  finalize(hash: BlockHash): void {
    this.#mustBeOpen();
    const block = this.block(hash);
    this.#advance({ best: this.#tree.canonical(block) ? undefined : block, finalized: block });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listeners.clear();
    this.#store.close();
  }

  #import(built: BuiltBlock, parent: Block, best: boolean): Block {
    const { hash, number, header, inherents, body, changes, state } = built;
    const version = this.runtime(parent).version.stateVersion;
    const block: Block = { hash, number, header, inherents, version, parent, state };
    this.#tree.add(block);
    this.#advance({
      added: { hash, number, header, inherents, version, body, changes },
      best: best ? block : undefined,
      finalized: best ? this.#finalAt(block) : undefined,
    });
    return block;
  }

  /** What finality comes to when this is the best block. */
  #finalAt(best: Block): Block | undefined {
    if (this.#finality === "manual") return undefined;
    let block: Block | undefined = best;
    for (let left = this.#finality === "instant" ? 0 : this.#finality.lag; left > 0; left--) block = block?.parent;
    return block !== undefined && block.number > this.finalized.number ? block : undefined;
  }

  #advance({ added, best, finalized }: Advance): void {
    const change = best === undefined ? undefined : this.#tree.setBest(best);
    const final = finalized === undefined ? [] : this.#tree.finalize(finalized);
    this.#keep({ added, best, finalized });
    if (change !== undefined) {
      this.#pool.switch(
        change.retracted.map((block) => this.#forPool(block)),
        change.enacted.map((block) => this.#forPool(block)),
      );
    }
    this.#finalityProofs.finalized(final);
    this.#pool.finalize(new Set(final.map(({ hash }) => hash)));
    if (added !== undefined) this.#tell((listener) => listener.imported?.(this.block(added.hash)));
    if (best !== undefined) this.#tell((listener) => listener.best?.(best, change!));
    for (const block of final) this.#tell((listener) => listener.finalized?.(block));
    this.#letGo();
    if (this.#pool.ready > 0) this.#tell((listener) => listener.ready?.());
  }

  /** All of it in one transaction. A chain that cannot write what it has told does not go on. */
  #keep({ added, best, finalized }: Advance): void {
    try {
      this.#store.transaction(() => {
        if (added !== undefined) this.#store.insert(added);
        if (best !== undefined) this.#store.setHead("best", best.hash);
        if (finalized !== undefined) this.#store.setHead("finalized", finalized.hash);
      });
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** States that nobody needs any more. Some at once, so that it is not done for every block. */
  #letGo(): void {
    const { base } = this.#tree;
    let block: Block | undefined = this.finalized;
    if (block.number - base.number <= this.#statesKept * 1.25) return;
    for (let left = this.#statesKept; left > 0; left--) block = block?.parent;
    // Whoever follows it from its beginning asks this of all blocks in which somebody said something, however old they are.
    const telling = new Map<BlockHash, readonly Uint8Array[]>();
    // A step along the chain takes only so many blocks, and ends where finality is proven.
    const pausing = new Map<BlockHash, readonly ProofPart[]>();
    for (let past = block!.parent; past !== undefined; past = past.parent) {
      const { hash, number, inherents, state } = past;
      if (this.body(hash).length > inherents) telling.set(hash, readProof(state, tellingKeys));
      if (!this.isJustified(number)) continue;
      pausing.set(hash, proofParts(state, [...pausingKeys, ...state.keys(accountPrefix)]));
    }
    const { path, dropped } = this.#tree.moveBase(block!);
    this.#store.moveBase(
      path.map(({ hash }) => hash),
      dropped.map(({ hash }) => hash),
      { telling, pausing },
    );
  }

  #forPool({ hash, number, inherents }: Block): PoolBlock {
    return { hash, number, transactions: this.body(hash).slice(inherents) };
  }

  /** The slot after the parent's; siblings differ in it, or they could be the same block. */
  #moment(parent: Block): Moment {
    const slotMs = this.runtime(parent).slotMs(parent.state);
    const stored = parent.state.get(timestampKey);
    const before = stored === undefined ? 0 : Number(new ScaleReader(stored).integer(8));
    const first = before === 0 ? this.#clock() : before + slotMs;
    const slot =
      Math.max(Math.floor(first / slotMs), Math.ceil(this.#notBefore / slotMs)) + this.#tree.children(parent);
    return { slot, timestamp: slot * slotMs };
  }

  #validate(transaction: Uint8Array): Valid | Invalid {
    const { best } = this;
    try {
      return decodeValidity(
        this.runtime(best).validate(transaction, hexToBytes(best.hash.slice(2)), best.state, external),
      );
    } catch (error) {
      if (!(error instanceof DevnetError)) throw error;
      throw new DevnetError("transaction-refused", error.detail);
    }
  }

  #tell(what: (listener: ChainListener) => void): void {
    for (const listener of this.#listeners) what(listener);
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new DevnetError("closed");
  }
}

interface Advance {
  readonly added?: NewBlock | undefined;
  readonly best: Block | undefined;
  readonly finalized: Block | undefined;
}
