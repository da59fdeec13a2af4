/**
 * A store that does everything late, some of it twice and some of it not at all, and says so or does not. What it said it
 * has, it keeps: it is honest. Which disk it looks at is the host's choice, and hosts lie.
 */
import {
  StoreError,
  type Append,
  type Appended,
  type ChainId,
  type ChainState,
  type Snapshot,
  type Store,
  type StoredRecord,
} from "#protocol/store.ts";
import type { VirtualTime } from "../client/virtual-time.ts";
import type { SeededNumbers } from "../deep/deep.ts";
import { type Disk, MemoryStore } from "../support/memory-store.ts";
import { chance, delay, type Weather } from "./mischief.ts";

export interface UnrulySetup {
  readonly time: VirtualTime;
  readonly numbers: SeededNumbers;
  readonly weather: () => Weather;
  /** Where this is kept, as the host would have it now. */
  readonly disk: () => Disk;
  /** Told of every record that is stored, before anything is said about it. */
  readonly stored: (append: Append) => void;
}

export class UnrulyStore implements Store {
  readonly #setup: UnrulySetup;
  /** Calls that were not answered when the machine went down. */
  readonly #inFlight = new Set<(error: StoreError) => void>();
  /** Appends keep their order, whatever they wait for. */
  #appendsUntil = 0;

  constructor(setup: UnrulySetup) {
    this.#setup = setup;
  }

  /** The machine of the store goes down and is there again: what it had not begun is not done, nobody is answered. */
  crash(): void {
    for (const reject of this.#inFlight) reject(new StoreError("store-failed", "it went down"));
    this.#inFlight.clear();
  }

  append(batch: readonly Append[]): Promise<readonly Appended[]> {
    const { time, numbers, weather } = this.#setup;
    this.#appendsUntil = Math.max(this.#appendsUntil, time.now() + delay(numbers, weather()));
    return this.#call(this.#appendsUntil - time.now(), async (store) => {
      if (weather().full) throw new StoreError("store-full", "no space left");
      const write = async (): Promise<readonly Appended[]> => {
        const answers = await store.append(batch);
        answers.forEach(({ answer }, i) => {
          if (answer === "stored") this.#setup.stored(batch[i]!);
        });
        return answers;
      };
      const answers = await write();
      // As a network repeats what it believes to be lost.
      if (chance(numbers, weather().repeats)) time.after(numbers.below(2000), () => void write());
      return answers;
    });
  }

  save(snapshot: Snapshot): Promise<"stored" | "conflict"> {
    return this.#later((store) => {
      if (this.#setup.weather().full) throw new StoreError("store-full", "no space left");
      return store.save(snapshot);
    });
  }

  state(chain: ChainId): Promise<ChainState | undefined> {
    return this.#later((store) => store.state(chain));
  }

  snapshot(chain: ChainId, below?: number): Promise<Snapshot | undefined> {
    return this.#later((store) => store.snapshot(chain, below));
  }

  records(chain: ChainId, from: number, bytesMax: number): Promise<readonly StoredRecord[]> {
    // Few at a time, so that what happens between two questions happens.
    return this.#later((store) => store.records(chain, from, Math.min(bytesMax, 4000)));
  }

  heads(chain: ChainId, from: number, count: number): Promise<Uint8Array> {
    return this.#later((store) => store.heads(chain, from, count));
  }

  compact(chain: ChainId, below: number): Promise<"compacted" | "conflict"> {
    return this.#later((store) => store.compact(chain, below));
  }

  list(prefix: string, after: string, count: number): Promise<readonly ChainState[]> {
    return this.#later((store) => store.list(prefix, after, count));
  }

  remove(chain: ChainId): Promise<void> {
    return this.#later((store) => store.remove(chain));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #later<T>(act: (store: MemoryStore) => Promise<T>): Promise<T> {
    return this.#call(delay(this.#setup.numbers, this.#setup.weather()), act);
  }

  #call<T>(ms: number, act: (store: MemoryStore) => Promise<T>): Promise<T> {
    const { time, numbers, weather, disk } = this.#setup;
    return new Promise((resolve, reject) => {
      this.#inFlight.add(reject);
      time.after(ms, () => {
        // It went down meanwhile.
        if (!this.#inFlight.has(reject)) return;
        void this.#act(act, new MemoryStore(disk()), chance(numbers, weather().failsBefore)).then(
          (value) =>
            time.after(numbers.below(5), () => {
              if (!this.#inFlight.delete(reject)) return;
              if (chance(numbers, weather().failsAfter)) reject(new StoreError("store-failed", "after it was done"));
              else resolve(value);
            }),
          (error: Error) => {
            if (this.#inFlight.delete(reject)) reject(error);
          },
        );
      });
    });
  }

  async #act<T>(act: (store: MemoryStore) => Promise<T>, store: MemoryStore, fails: boolean): Promise<T> {
    if (fails) throw new StoreError("store-failed", "an I/O error");
    return act(store);
  }
}
