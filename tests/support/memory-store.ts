/** A store in memory, for tests that want one to fail, wait or lie when they say so. */
import {
  checkAppends,
  checkChain,
  checkSnapshot,
  headsMax,
  listMax,
  noHead,
  recordsMax,
  snapshotsKept,
  StoreError,
  type Append,
  type Appended,
  type ChainId,
  type ChainState,
  type Snapshot,
  type Store,
  type StoredRecord,
  type StoreErrorCode,
} from "#protocol/store.ts";
import { bytesToHex, concatBytes, equalBytes } from "#protocol/bytes.ts";

interface Chain {
  readonly records: { readonly head: Uint8Array; record: Uint8Array | undefined }[];
  snapshots: Snapshot[];
  changedAt: number;
}

/** What outlives a store that is closed and opened again. */
export class Disk {
  readonly chains = new Map<ChainId, Chain>();

  /** As it is now, for a host that goes back to it later. */
  copy(): Disk {
    const disk = new Disk();
    for (const [chain, { records, snapshots, changedAt }] of this.chains) {
      disk.chains.set(chain, {
        records: records.map(({ head, record }) => ({ head, record })),
        snapshots: [...snapshots],
        changedAt,
      });
    }
    return disk;
  }
}

export class MemoryStore implements Store {
  readonly disk: Disk;
  #closed = false;
  /** Every question fails with this, after it was done or instead. */
  fails: "not" | "before" | "after" = "not";
  failure: StoreErrorCode = "store-failed";
  /** Appends wait for this. */
  gate: Promise<void> = Promise.resolve();
  appends = 0;

  constructor(disk = new Disk()) {
    this.disk = disk;
  }

  append(batch: readonly Append[]): Promise<readonly Appended[]> {
    return this.#answer(async () => {
      checkAppends(batch);
      await this.gate;
      this.appends += 1;
      return batch.map((append) => this.#appendOne(append));
    });
  }

  save(snapshot: Snapshot): Promise<"stored" | "conflict"> {
    return this.#answer(() => {
      checkSnapshot(snapshot);
      const chain = this.disk.chains.get(snapshot.chain);
      const head = chain?.records[snapshot.index - 1]?.head;
      if (chain === undefined || head === undefined || !equalBytes(head, snapshot.head)) return "conflict";
      const others = chain.snapshots.filter(({ index }) => index !== snapshot.index);
      chain.snapshots = [...others, snapshot].sort((a, b) => a.index - b.index).slice(-snapshotsKept);
      return "stored";
    });
  }

  state(chain: ChainId): Promise<ChainState | undefined> {
    return this.#answer(() => {
      checkChain(chain);
      return this.#state(chain);
    });
  }

  snapshot(chain: ChainId, below = Number.MAX_SAFE_INTEGER): Promise<Snapshot | undefined> {
    return this.#answer(() => this.disk.chains.get(chain)?.snapshots.findLast(({ index }) => index < below));
  }

  records(chain: ChainId, from: number, bytesMax: number): Promise<readonly StoredRecord[]> {
    return this.#answer(() => {
      const found: StoredRecord[] = [];
      let bytes = 0;
      for (const [index, { head, record }] of (this.disk.chains.get(chain)?.records ?? []).entries()) {
        if (index < from || record === undefined) continue;
        bytes += record.length;
        if (found.length > 0 && (bytes > bytesMax || found.length >= recordsMax)) break;
        found.push({ index, head, record });
      }
      return found;
    });
  }

  heads(chain: ChainId, from: number, count: number): Promise<Uint8Array> {
    return this.#answer(() =>
      concatBytes(
        ...(this.disk.chains.get(chain)?.records ?? [])
          .slice(from, from + Math.min(count, headsMax))
          .map(({ head }) => head),
      ),
    );
  }

  compact(chain: ChainId, below: number): Promise<"compacted" | "conflict"> {
    return this.#answer(() => {
      const there = this.disk.chains.get(chain);
      const oldest = there?.snapshots[0]?.index;
      if (there === undefined || oldest === undefined || below > oldest) return "conflict";
      for (const record of there.records.slice(0, below)) record.record = undefined;
      return "compacted";
    });
  }

  list(prefix: string, after: string, count: number): Promise<readonly ChainState[]> {
    return this.#answer(() =>
      [...this.disk.chains.keys()]
        .filter((chain) => chain.startsWith(prefix) && chain > after)
        .sort()
        .slice(0, Math.min(count, listMax))
        .map((chain) => this.#state(chain)!),
    );
  }

  remove(chain: ChainId): Promise<void> {
    return this.#answer(() => void this.disk.chains.delete(chain));
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  async #answer<T>(act: () => T | Promise<T>): Promise<T> {
    if (this.#closed) throw new StoreError("store-closed", "closed");
    if (this.fails === "before") throw new StoreError(this.failure, "before it was done");
    const answer = await act();
    // oxlint-disable-next-line no-unnecessary-condition -- a test may have changed its mind meanwhile
    if ((this.fails as string) === "after") throw new StoreError(this.failure, "after it was done");
    return answer;
  }

  #appendOne({ chain, expected, head, record }: Append): Appended {
    const there = this.disk.chains.get(chain) ?? { records: [], snapshots: [], changedAt: 0 };
    const newest = there.records.at(-1)?.head ?? noHead;
    if (bytesToHex(newest) !== bytesToHex(expected)) {
      if (there.records.length > 0 && equalBytes(newest, head)) {
        return { answer: "stored", index: there.records.length - 1 };
      }
      return { answer: "conflict" };
    }
    there.records.push({ head: head.slice(), record: record.slice() });
    there.changedAt = Date.now();
    this.disk.chains.set(chain, there);
    return { answer: "stored", index: there.records.length - 1 };
  }

  #state(chain: ChainId): ChainState | undefined {
    const there = this.disk.chains.get(chain);
    if (there === undefined) return undefined;
    const { records, changedAt } = there;
    const first = records.findIndex(({ record }) => record !== undefined);
    return {
      chain,
      length: records.length,
      head: records.at(-1)!.head,
      first: first === -1 ? records.length : first,
      changedAt,
    };
  }
}
