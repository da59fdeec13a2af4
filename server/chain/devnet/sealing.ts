/** When blocks are made: as soon as there is a transaction, at intervals, or only when somebody asks. */
import type { DevelopmentChain } from "./chain.ts";

export type Sealing = "instant" | "manual" | { readonly everyMs: number };

/** @param failed is told of a block that could not be built; the chain goes on. @returns what stops it. */
export function seal(chain: DevelopmentChain, sealing: Sealing, failed: (error: unknown) => void): () => void {
  if (sealing === "manual") return () => undefined;
  /** Returns whether another block may take something: a transaction found a place in this one, or came meanwhile. */
  const attempt = (): boolean => {
    const { arrived } = chain.pool;
    try {
      const { hash, inherents } = chain.newBlock();
      return chain.body(hash).length > inherents || chain.pool.arrived > arrived;
    } catch (error) {
      failed(error);
      return chain.pool.arrived > arrived;
    }
  };
  if (sealing !== "instant") {
    const timer = setInterval(attempt, sealing.everyMs);
    return () => clearInterval(timer);
  }
  // Once for all transactions that arrive together.
  let next: NodeJS.Immediate | undefined;
  const stop = chain.listen({
    ready() {
      next ??= setImmediate(() => {
        next = undefined;
        if (attempt()) return;
        // Whatever is still ready fits into no block: it waits until something else happens.
        clearImmediate(next);
        next = undefined;
      });
    },
  });
  return () => {
    stop();
    clearImmediate(next);
  };
}
