/** JSON-RPC `author_*`: transactions on their way into blocks. */
import type { TransactionStatus } from "../blocks/transaction-status.ts";
import type { DevelopmentChain } from "../chain.ts";
import { toHex } from "../hex.ts";
import { unsubscribe } from "./chain-methods.ts";
import { connected, type Methods } from "./json-rpc.ts";

/**
 * @polkadot/api looks at a transaction's block before it says that the transaction is in it, and then does not say so if it
 * has become final meanwhile. Where finality is instant, nobody would hear of blocks.
 */
const finalizedLaterMs = 100;

export const authorMethods = (chain: DevelopmentChain): Methods => ({
  author_submitExtrinsic: (parameters) => chain.submit(parameters.transaction(0)),
  author_submitAndWatchExtrinsic: (parameters, connection) => {
    const transaction = parameters.transaction(0);
    const watching = connected(connection);
    const subscription = watching.subscribe("author_extrinsicUpdate", (notify) => {
      const tell = (status: TransactionStatus): void => {
        notify(status);
        // Not at once: within `submit` there is no subscription yet that could end.
        if (isLast(status)) queueMicrotask(() => watching.unsubscribe(subscription));
      };
      let later: NodeJS.Timeout | undefined;
      chain.submit(transaction, (status) => {
        if (typeof status === "object" && "finalized" in status) later = setTimeout(tell, finalizedLaterMs, status);
        else tell(status);
      });
      return () => clearTimeout(later);
    });
    return subscription;
  },
  author_unwatchExtrinsic: unsubscribe,
  author_pendingExtrinsics: () => chain.pool.pending().map(toHex),
});

/** After this nothing more is said about a transaction. */
const isLast = (status: TransactionStatus): boolean =>
  status === "invalid" ||
  status === "dropped" ||
  (typeof status === "object" && ("finalized" in status || "usurped" in status || "finalityTimeout" in status));
