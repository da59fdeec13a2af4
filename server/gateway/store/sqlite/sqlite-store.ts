/**
 * The store of one machine: SQLite in a folder, written by a thread of its own.
 *
 * A transaction ends when the disk has it. While one is on its way to the disk, appends queue up behind it and become
 * the next one together (group commit), so that throughput does not depend on how long a disk takes to sync.
 */
import { Worker } from "node:worker_threads";
import {
  checkAppends,
  checkChain,
  checkSnapshot,
  StoreError,
  type Append,
  type Appended,
  type ChainId,
  type ChainState,
  type Snapshot,
  type Store,
  type StoredRecord,
} from "#protocol/store.ts";
import type { Answer, Question, Questions, ThreadSetup } from "./questions.ts";

export interface SqliteOptions {
  /** Made if it is not there. */
  readonly directory: string;
}

/** @throws StoreError "store-failed" or "store-damaged" if the folder cannot be opened. */
export async function openSqliteStore({ directory }: SqliteOptions): Promise<Store> {
  const setup: ThreadSetup = { directory };
  const store = new SqliteStore(
    new Worker(new URL("./store-thread.ts", import.meta.url), {
      workerData: setup,
      // Node calls its SQLite a release candidate; whoever runs a gateway cannot do anything about that.
      execArgv: [...process.execArgv, "--disable-warning=ExperimentalWarning"],
    }),
  );
  try {
    await store.opened();
  } catch (error) {
    // A thread without a store would keep the process.
    await store.abandon();
    throw error;
  }
  return store;
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: StoreError) => void;
}

class SqliteStore implements Store {
  readonly #thread: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #closed = false;
  /** Why there is no thread, if nobody closed it. */
  #failed: StoreError | undefined;

  constructor(thread: Worker) {
    this.#thread = thread;
    thread.on("message", (answer: Answer) => this.#settle(answer));
    thread.on("error", (error: Error) => this.#fail(`${error.message}; start the gateway again`));
    thread.on("exit", () => this.#fail("the thread of the store has ended; start the gateway again"));
  }

  opened(): Promise<void> {
    return this.#ask("open", undefined);
  }

  async abandon(): Promise<void> {
    this.#closed = true;
    await this.#thread.terminate();
  }

  async append(batch: readonly Append[]): Promise<readonly Appended[]> {
    checkAppends(batch);
    return batch.length === 0 ? [] : this.#ask("append", batch);
  }

  async save(snapshot: Snapshot): Promise<"stored" | "conflict"> {
    checkSnapshot(snapshot);
    return this.#ask("save", snapshot);
  }

  async state(chain: ChainId): Promise<ChainState | undefined> {
    checkChain(chain);
    return this.#ask("state", chain);
  }

  async snapshot(chain: ChainId, below = Number.MAX_SAFE_INTEGER): Promise<Snapshot | undefined> {
    checkChain(chain);
    return this.#ask("snapshot", { chain, below });
  }

  async records(chain: ChainId, from: number, bytesMax: number): Promise<readonly StoredRecord[]> {
    checkChain(chain);
    return this.#ask("records", { chain, from, bytesMax });
  }

  async heads(chain: ChainId, from: number, count: number): Promise<Uint8Array> {
    checkChain(chain);
    return this.#ask("heads", { chain, from, count });
  }

  async compact(chain: ChainId, below: number): Promise<"compacted" | "conflict"> {
    checkChain(chain);
    return this.#ask("compact", { chain, below });
  }

  list(prefix: string, after: string, count: number): Promise<readonly ChainState[]> {
    return this.#ask("list", { prefix, after, count });
  }

  async remove(chain: ChainId): Promise<void> {
    checkChain(chain);
    return this.#ask("remove", chain);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    const ended = new Promise<void>((resolve) => this.#thread.once("exit", () => resolve()));
    await this.#ask("close", undefined);
    this.#closed = true;
    await ended;
  }

  #ask<Name extends keyof Questions>(name: Name, given: Questions[Name]["given"]): Promise<Questions[Name]["answer"]> {
    if (this.#closed) return Promise.reject(this.#failed ?? new StoreError("store-closed", name));
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#thread.postMessage({ id, name, given } as Question);
    });
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    if (waiting === undefined) return;
    this.#waiting.delete(answer.id);
    if ("failure" in answer) waiting.reject(new StoreError(answer.failure.code, answer.failure.detail));
    else waiting.resolve(answer.value as never);
  }

  /** Nobody answers any more. What was asked may or may not be stored. */
  #fail(detail: string): void {
    const error = new StoreError(this.#closed ? "store-closed" : "store-failed", detail);
    if (!this.#closed) this.#failed = error;
    this.#closed = true;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
