/**
 * The store of a worker that has no disk: a gateway keeps the bytes, and is trusted with nothing else. Its answers are
 * checked in form here and in substance by whoever opens what was sealed.
 */
import { ProtocolError } from "#protocol/errors.ts";
import { appendBytesMax, decodeOffer, type StoreQuestion } from "#protocol/store-link.ts";
import { recordsBytesMax, type StoreQuestions } from "#protocol/store-questions.ts";
import {
  checkAppends,
  checkChain,
  checkCount,
  checkSnapshot,
  headsMax,
  isChainPrefix,
  listMax,
  StoreError,
  type Append,
  type Appended,
  type ChainId,
  type ChainState,
  type Snapshot,
  type Store,
  type StoredRecord,
} from "#protocol/store.ts";
import { StoreLine, type StoreLink } from "./store-line.ts";

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: StoreError) => void;
}

/**
 * Asks the gateway that offered a store last, of those that are there. When it goes, everything asked of it rejects with
 * "store-failed", done or not; whoever appended waits for `whenOffered` and appends again. Without an offer every question
 * rejects at once. A gateway that is there and does not answer is waited for.
 */
export class LinkedStore implements Store {
  /** In the order in which they offered. */
  readonly #lines = new Map<StoreLink, StoreLine>();
  readonly #unanswered = new Set<Promise<unknown>>();
  #waiting: Waiting[] = [];
  #closed = false;

  /** Whether there is a store to ask. */
  get offered(): boolean {
    return this.#lines.size > 0;
  }

  /** Resolves once there is one. @throws StoreError "store-closed". */
  whenOffered(): Promise<void> {
    if (this.#closed) return Promise.reject(closed());
    if (this.offered) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** The body of a `storeOffer`. @throws ProtocolError "malformed", also for a second one. */
  offer(link: StoreLink, body: Uint8Array): { readonly shared: boolean } {
    const offer = decodeOffer(body);
    if (this.#lines.has(link)) throw new ProtocolError("malformed", "store: offered already");
    this.#lines.set(link, new StoreLine(link));
    for (const { resolve } of this.#waiting.splice(0)) resolve();
    return offer;
  }

  /** The body of a `storeAnswer`. @throws ProtocolError if it answers nothing that was asked here; close the link then. */
  answer(link: StoreLink, body: Uint8Array): void {
    const line = this.#lines.get(link);
    if (line === undefined) throw new ProtocolError("malformed", "store: never offered");
    line.answer(body);
  }

  /** The link is closed. */
  detach(link: StoreLink): void {
    const line = this.#lines.get(link);
    this.#lines.delete(link);
    line?.end();
  }

  async append(batch: readonly Append[]): Promise<readonly Appended[]> {
    checkAppends(batch);
    const answers = await Promise.all(split(batch).map((given) => this.#ask("append", given)));
    return answers.flat();
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
    checkCount(below);
    return this.#ask("snapshot", { chain, below });
  }

  async records(chain: ChainId, from: number, bytesMax: number): Promise<readonly StoredRecord[]> {
    checkChain(chain);
    checkCount(from);
    checkCount(bytesMax);
    return this.#ask("records", { chain, from, bytesMax: Math.min(bytesMax, recordsBytesMax) });
  }

  async heads(chain: ChainId, from: number, count: number): Promise<Uint8Array> {
    checkChain(chain);
    checkCount(from);
    checkCount(count);
    return this.#ask("heads", { chain, from, count: Math.min(count, headsMax) });
  }

  async compact(chain: ChainId, below: number): Promise<"compacted" | "conflict"> {
    checkChain(chain);
    checkCount(below);
    return this.#ask("compact", { chain, below });
  }

  async list(prefix: string, after: string, count: number): Promise<readonly ChainState[]> {
    for (const text of [prefix, after]) {
      if (!isChainPrefix(text)) throw new StoreError("store-refused", "no beginning of a chain's name");
    }
    checkCount(count);
    return this.#ask("list", { prefix, after, count: Math.min(count, listMax) });
  }

  async remove(chain: ChainId): Promise<void> {
    checkChain(chain);
    return this.#ask("remove", chain);
  }

  /** Waits for what was asked, but not for a store that does not answer: that is told to nobody then. */
  async close(patienceMs = 1000): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(closed());
    const impatience = setTimeout(() => {
      for (const line of this.#lines.values()) line.end();
    }, patienceMs);
    await Promise.allSettled(this.#unanswered);
    clearTimeout(impatience);
  }

  async #ask<Name extends keyof StoreQuestions>(
    name: Name,
    given: StoreQuestions[Name]["given"],
  ): Promise<StoreQuestions[Name]["answer"]> {
    if (this.#closed) throw closed();
    const line = [...this.#lines.values()].at(-1);
    if (line === undefined) throw new StoreError("store-failed", "no gateway offers a store");
    const answer = line.ask({ name, given } as StoreQuestion);
    this.#unanswered.add(answer);
    try {
      return (await answer) as StoreQuestions[Name]["answer"];
    } finally {
      this.#unanswered.delete(answer);
    }
  }
}

/** A batch as questions that are not too long. One, unless a boundary has very much to say. */
function split(batch: readonly Append[]): (readonly Append[])[] {
  const parts: Append[][] = [];
  let bytes = 0;
  for (const append of batch) {
    bytes += append.record.length;
    if (parts.length === 0 || bytes > appendBytesMax) {
      parts.push([]);
      bytes = append.record.length;
    }
    parts.at(-1)!.push(append);
  }
  return parts;
}

const closed = (): StoreError => new StoreError("store-closed", "by the worker");
