/**
 * How new a vendor's judgement can be, as this device has seen it: the round only ever grows, so a host that presents an
 * older one than before hides something.
 */

export interface Evaluations {
  /** Highest round that was accepted under this root for this kind of TEE; 0 if none was. @param root fingerprint. */
  highest(root: string, kind: string): number;
  /** Remembers a round that was accepted. One that is lower changes nothing. */
  keep(root: string, kind: string, evaluation: number): void;
}

/** What `localStorage` is to us. */
export type EvaluationStore = Pick<Storage, "getItem" | "setItem">;

/** Remembers as long as this store does; what is not a number there counts as nothing. */
export function storedEvaluations(store: EvaluationStore): Evaluations {
  const name = (root: string, kind: string): string => `phatroom:evaluation:${kind}:${root}`;
  const highest = (root: string, kind: string): number => {
    const text = store.getItem(name(root, kind));
    return text !== null && /^\d{1,10}$/.test(text) ? Number(text) : 0;
  };
  return {
    highest,
    keep(root, kind, evaluation) {
      if (evaluation > highest(root, kind)) store.setItem(name(root, kind), String(evaluation));
    },
  };
}

/** Remembers as long as it lives. */
export function memoryEvaluations(): Evaluations {
  const kept = new Map<string, string>();
  return storedEvaluations({
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
  });
}

/** Of this browser; where it lets a page keep nothing, and in Node, of this process. */
export function deviceEvaluations(): Evaluations {
  const memory = memoryEvaluations();
  try {
    const store = typeof document === "undefined" ? undefined : globalThis.localStorage;
    if (store === undefined) return memory;
    const stored = storedEvaluations(store);
    return {
      highest: (root, kind) => Math.max(stored.highest(root, kind), memory.highest(root, kind)),
      keep(root, kind, evaluation) {
        memory.keep(root, kind, evaluation);
        try {
          stored.keep(root, kind, evaluation);
        } catch {
          // Full, or not allowed: this visit still remembers.
        }
      },
    };
  } catch {
    // Some browsers throw at the mere mention of a storage that they do not allow.
    return memory;
  }
}
