/** What is said about a transaction on its way, and why one is not taken. */
import type { BlockHash } from "./header.ts";

/** As clients of Substrate know it. */
export type TransactionStatus =
  | "future"
  | "ready"
  | "invalid"
  | "dropped"
  | { readonly inBlock: BlockHash }
  | { readonly retracted: BlockHash }
  | { readonly finalized: BlockHash }
  | { readonly finalityTimeout: BlockHash }
  | { readonly usurped: string };

export type Watcher = (status: TransactionStatus) => void;

/** `reason` is the runtime's; or why this pool does not take it. */
export class PoolError extends Error {
  override readonly name = "PoolError";
  readonly code: "invalid" | "unknown" | "already-there" | "priority-too-low" | "full";

  constructor(code: PoolError["code"], reason: string) {
    super(reason);
    this.code = code;
  }
}
