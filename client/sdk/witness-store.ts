/** Where a device keeps what it remembers of rooms: for each room and account the newest witness; see `#protocol/witness.ts`. */
import { transact } from "./database.ts";

/** May forget, and then protects less; must not invent. Rejections count as having forgotten. */
export interface WitnessStore {
  /** @param key of one account in one room: at most 300 characters, no control characters. */
  load(key: string): Promise<Uint8Array | undefined>;
  /** In place of what was kept under this key; undefined keeps nothing. */
  keep(key: string, witness: Uint8Array | undefined): Promise<void>;
}

/** Forgets everything with the page or process. */
export function memoryWitnessStore(): WitnessStore {
  const kept = new Map<string, Uint8Array>();
  return {
    load: (key) => Promise.resolve(kept.get(key)),
    keep(key, witness) {
      if (witness === undefined) kept.delete(key);
      else kept.set(key, witness.slice());
      return Promise.resolve();
    },
  };
}

interface Kept {
  readonly witness: Uint8Array;
  /** Unix ms. */
  readonly keptAt: number;
}

/** Longer than any room waits for its players. */
const keptMs = 90 * 24 * 3_600_000;

/**
 * The browser's database for this origin.
 *
 * @param now Unix ms.
 */
export function indexedDbWitnessStore(factory: IDBFactory = indexedDB, now: () => number = Date.now): WitnessStore {
  return {
    async load(key) {
      const kept = await transact<Kept | undefined>(factory, "witnesses", "readonly", (all) => all.get(key));
      return kept?.witness;
    },
    async keep(key, witness) {
      await transact<IDBValidKey | undefined>(factory, "witnesses", "readwrite", (all) => {
        forgetOld(all, now() - keptMs);
        return witness === undefined ? all.delete(key) : all.put({ witness, keptAt: now() } satisfies Kept, key);
      });
    },
  };
}

function forgetOld(all: IDBObjectStore, before: number): void {
  const old = all.index("keptAt").openKeyCursor(IDBKeyRange.upperBound(before));
  old.addEventListener("success", () => {
    if (old.result === null) return;
    all.delete(old.result.primaryKey);
    old.result.continue();
  });
}
