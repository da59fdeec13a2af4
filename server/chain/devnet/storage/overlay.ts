/** What a block under construction changes of its parent's state, in storage transactions within one another. */
import { DevnetError } from "../errors.ts";
import { type StorageKey } from "../hex.ts";
import { transactionsNestedMax } from "../limits.ts";
import type { StateVersion } from "../trie/node.ts";
import type { Trie } from "../trie/trie.ts";
import { GrowingList } from "./growing-list.ts";

/** Null is a key that was removed. */
type Entry = Uint8Array | GrowingList | null;
type Layer = Map<StorageKey, Entry>;

const bytesOf = (entry: Uint8Array | GrowingList): Uint8Array => (entry instanceof GrowingList ? entry.bytes : entry);

/** How many keys went; `more` if the limit left some. */
export interface Cleared {
  readonly count: number;
  readonly more: boolean;
}

export class Overlay {
  readonly #base: Trie;
  /** The last one belongs to the innermost transaction. */
  readonly #layers: Layer[] = [new Map()];
  /** Keys of all layers in order, until one is added. */
  #order: readonly StorageKey[] | undefined;
  /** Counts changes, so that the last root is computed once. */
  #changes = 0;
  #applied: { readonly changes: number; readonly version: StateVersion; readonly trie: Trie } | undefined;

  constructor(base: Trie) {
    this.#base = base;
  }

  get(key: StorageKey): Uint8Array | undefined {
    const entry = this.#entry(key);
    if (entry === undefined) return this.#base.get(key);
    return entry === null ? undefined : bytesOf(entry);
  }

  /** Null removes. The bytes must not change afterwards. */
  set(key: StorageKey, value: Uint8Array | null): void {
    this.#put(key, value);
  }

  append(key: StorageKey, item: Uint8Array): void {
    const own = this.#layers.at(-1)!.get(key);
    if (own instanceof GrowingList) {
      own.append(item);
      this.#changes++;
      return;
    }
    // A list of an outer transaction is copied: this one may be rolled back.
    const list = new GrowingList(this.get(key));
    list.append(item);
    this.#put(key, list);
  }

  /** The smallest key above this one that holds something. */
  next(key: StorageKey): StorageKey | undefined {
    let stored = this.#base.next(key);
    while (stored !== undefined && this.#entry(stored) === null) stored = this.#base.next(stored);
    const order = this.#inOrder();
    for (let i = firstAbove(order, key); i < order.length; i++) {
      const changed = order[i]!;
      if (stored !== undefined && changed >= stored) return stored;
      if (this.#entry(changed) !== null) return changed;
    }
    return stored;
  }

  /** Removes what begins with this. As in Substrate the limit counts what the state before the block held only. */
  clear(prefix: StorageKey, limit: number | undefined): Cleared {
    const changed = new Set(this.#layers.flatMap((layer) => [...layer.keys()]));
    for (const key of changed) if (key.startsWith(prefix)) this.#put(key, null);
    let count = 0;
    for (const key of this.#base.keys(prefix)) {
      if (count === limit) return { count, more: true };
      if (this.#entry(key) !== null) this.#put(key, null);
      count++;
    }
    return { count, more: false };
  }

  /** Transactions that are open. */
  get depth(): number {
    return this.#layers.length - 1;
  }

  start(): void {
    if (this.depth >= transactionsNestedMax) throw new DevnetError("runtime-trapped", "storage transactions too deep");
    this.#layers.push(new Map());
  }

  commit(): void {
    const layer = this.#pop();
    const outer = this.#layers.at(-1)!;
    for (const [key, entry] of layer) outer.set(key, entry);
  }

  rollback(): void {
    this.#pop();
    this.#order = undefined;
    this.#changes++;
  }

  /** Rolls back what is open beyond this depth. */
  rollbackTo(depth: number): void {
    while (this.depth > depth) this.rollback();
  }

  /** Of all transactions together. */
  changes(): Map<StorageKey, Uint8Array | null> {
    const all = new Map<StorageKey, Uint8Array | null>();
    for (const layer of this.#layers) {
      for (const [key, entry] of layer) all.set(key, entry === null ? null : bytesOf(entry));
    }
    return all;
  }

  /** The state with all changes. */
  applied(version: StateVersion): Trie {
    if (this.#applied?.changes !== this.#changes || this.#applied.version !== version) {
      this.#applied = { changes: this.#changes, version, trie: this.#base.with(this.changes(), version) };
    }
    return this.#applied.trie;
  }

  #entry(key: StorageKey): Entry | undefined {
    for (let i = this.#layers.length - 1; i >= 0; i--) {
      const entry = this.#layers[i]!.get(key);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  #put(key: StorageKey, entry: Entry): void {
    const layer = this.#layers.at(-1)!;
    if (this.#order !== undefined && !layer.has(key)) this.#order = undefined;
    layer.set(key, entry);
    this.#changes++;
  }

  #pop(): Layer {
    if (this.depth === 0) throw new DevnetError("runtime-trapped", "no storage transaction is open");
    return this.#layers.pop()!;
  }

  #inOrder(): readonly StorageKey[] {
    this.#order ??= [...new Set(this.#layers.flatMap((layer) => [...layer.keys()]))].sort();
    return this.#order;
  }
}

/** Position of the first key above this one. */
function firstAbove(order: readonly StorageKey[], key: StorageKey): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order[middle]! <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}
