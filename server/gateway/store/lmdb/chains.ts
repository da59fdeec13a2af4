/** Chains in LMDB, synchronously: what the store's thread does for each question. */
import { open, type Database, type RootDatabase } from "lmdb";
import {
  headLength,
  noHead,
  snapshotsKept,
  StoreError,
  type Append,
  type Appended,
  type ChainId,
  type ChainState,
  type Snapshot,
  type StoredRecord,
} from "../store.ts";
import { chainKey, decodeState, encodeState, indexKey, indexOfKey } from "./layout.ts";

type Table = Database<Buffer, Buffer>;

export class LmdbChains {
  readonly #root: RootDatabase<Buffer, Buffer>;
  readonly #chains: Table;
  readonly #heads: Table;
  readonly #records: Table;
  readonly #snapshots: Table;

  private constructor(root: RootDatabase<Buffer, Buffer>) {
    this.#root = root;
    const table = (name: string): Table => root.openDB({ name, ...binary });
    this.#chains = table("chains");
    this.#heads = table("heads");
    this.#records = table("records");
    this.#snapshots = table("snapshots");
  }

  static open(directory: string, mapSize: number): LmdbChains {
    // Not overlapping: a transaction that has returned is on the disk.
    return new LmdbChains(open({ path: directory, mapSize, maxDbs: 4, overlappingSync: false, ...binary }));
  }

  /** One transaction, one sync. */
  append(batch: readonly Append[]): Appended[] {
    const states = new Map<ChainId, ChainState>();
    return this.#root.transactionSync(() => {
      const answers = batch.map((append) => this.#appendOne(append, states));
      for (const [chain, state] of states) this.#chains.putSync(chainKey(chain), encodeState(state));
      return answers;
    });
  }

  #appendOne({ chain, expected, head, record }: Append, states: Map<ChainId, ChainState>): Appended {
    const state = states.get(chain) ?? this.state(chain);
    const length = state?.length ?? 0;
    const newest = state?.head ?? noHead;
    if (!sameBytes(newest, expected)) {
      // An append whose answer was lost is made again; a head names its record and all before it.
      if (length > 0 && sameBytes(newest, head)) return { answer: "stored", index: length - 1 };
      return { answer: "conflict" };
    }
    const key = indexKey(chain, length);
    this.#records.putSync(key, asBuffer(record));
    this.#heads.putSync(key, asBuffer(head));
    states.set(chain, { chain, length: length + 1, head, first: state?.first ?? 0, changedAt: Date.now() });
    return { answer: "stored", index: length };
  }

  save({ chain, index, head, bytes }: Snapshot): "stored" | "conflict" {
    return this.#root.transactionSync(() => {
      const there = this.#heads.get(indexKey(chain, index - 1));
      if (there === undefined || !sameBytes(there, head)) return "conflict";
      this.#snapshots.putSync(indexKey(chain, index), Buffer.concat([head, bytes]));
      const indexes = this.#snapshotIndexes(chain);
      for (const old of indexes.slice(0, -snapshotsKept)) this.#snapshots.removeSync(indexKey(chain, old));
      return "stored";
    });
  }

  state(chain: ChainId): ChainState | undefined {
    const value = this.#chains.get(chainKey(chain));
    return value === undefined ? undefined : decodeState(chain, value);
  }

  snapshot(chain: ChainId, below: number): Snapshot | undefined {
    const index = this.#snapshotIndexes(chain).findLast((one) => one < below);
    if (index === undefined) return undefined;
    const value = this.#snapshots.get(indexKey(chain, index));
    if (value === undefined || value.length < headLength) throw damaged(`snapshot ${index} of ${chain}`);
    return {
      chain,
      index,
      head: new Uint8Array(value.subarray(0, headLength)),
      bytes: new Uint8Array(value.subarray(headLength)),
    };
  }

  records(chain: ChainId, from: number, bytesMax: number): StoredRecord[] {
    const found: StoredRecord[] = [];
    let bytes = 0;
    const range = { start: indexKey(chain, from), end: indexKey(chain, Number.MAX_SAFE_INTEGER) };
    for (const { key, value } of this.#records.getRange(range)) {
      bytes += value.length;
      if (found.length > 0 && bytes > bytesMax) break;
      const head = this.#heads.get(key);
      if (head?.length !== headLength) throw damaged(`head ${indexOfKey(key)} of ${chain}`);
      found.push({ index: indexOfKey(key), head: new Uint8Array(head), record: new Uint8Array(value) });
    }
    return found;
  }

  heads(chain: ChainId, from: number, count: number): Uint8Array {
    const range = { start: indexKey(chain, from), end: indexKey(chain, from + count) };
    const found = [...this.#heads.getRange(range)].map(({ value }) => value);
    if (found.some(({ length }) => length !== headLength)) throw damaged(`a head of ${chain}`);
    return new Uint8Array(Buffer.concat(found));
  }

  compact(chain: ChainId, below: number): "compacted" | "conflict" {
    return this.#root.transactionSync(() => {
      const state = this.state(chain);
      const [oldest] = this.#snapshotIndexes(chain);
      if (state === undefined || oldest === undefined || below > oldest) return "conflict";
      for (let index = state.first; index < below; index++) this.#records.removeSync(indexKey(chain, index));
      const first = Math.max(state.first, below);
      this.#chains.putSync(chainKey(chain), encodeState({ ...state, first }));
      return "compacted";
    });
  }

  list(prefix: string, after: string, count: number): ChainState[] {
    const start = chainKey(after > prefix ? `${after}\u0000` : prefix);
    const found: ChainState[] = [];
    for (const { key, value } of this.#chains.getRange({ start })) {
      const chain = key.toString("latin1") as ChainId;
      if (!chain.startsWith(prefix) || found.length >= count) break;
      found.push(decodeState(chain, value));
    }
    return found;
  }

  remove(chain: ChainId): void {
    this.#root.transactionSync(() => {
      const range = { start: indexKey(chain, 0), end: indexKey(chain, Number.MAX_SAFE_INTEGER) };
      for (const table of [this.#records, this.#heads, this.#snapshots]) {
        // All of them before the first is gone: a cursor does not like to lose its place.
        const keys = Array.from(table.getKeys(range));
        for (const key of keys) table.removeSync(key);
      }
      this.#chains.removeSync(chainKey(chain));
    });
  }

  async close(): Promise<void> {
    await this.#root.close();
  }

  /** In order. */
  #snapshotIndexes(chain: ChainId): number[] {
    const range = { start: indexKey(chain, 0), end: indexKey(chain, Number.MAX_SAFE_INTEGER) };
    return [...this.#snapshots.getKeys(range)].map(indexOfKey);
  }
}

const binary = { encoding: "binary", keyEncoding: "binary" } as const;

const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

const damaged = (what: string): StoreError => new StoreError("store-damaged", what);
