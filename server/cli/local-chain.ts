/** A development chain beside a place, for `npm start`: its issuers are funded, and what it holds outlasts it. */
import { createRequire } from "node:module";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { BuiltInChain } from "./chain-terms.ts";

export interface LocalChainOptions {
  /** A file that keeps it. */
  readonly database: string;
  /** Between blocks. */
  readonly everyMs: number;
  /** Blocks after which one is final. */
  readonly lag: number;
}

export type LocalChainOrder = { readonly order: "fund"; readonly account: string } | { readonly order: "close" };

export interface LocalChain {
  readonly url: string;
  /** What pages and workers have to know of it. */
  readonly terms: BuiltInChain;
  /** @param account 64 hexadecimal digits. */
  fund(account: string): void;
  close(): Promise<void>;
}

const thread = createRequire(import.meta.url).resolve("#cli/local-chain-thread.ts");

/** @throws Error if it does not start: a DevnetError's message. */
export async function startLocalChain({ database, everyMs, lag }: LocalChainOptions): Promise<LocalChain> {
  const worker = new Worker(thread, { workerData: { database, sealing: { everyMs }, finality: { lag } } });
  // An error in it is thrown here.
  const [started] = (await once(worker, "message")) as [Pick<LocalChain, "url" | "terms">];
  const say = (order: LocalChainOrder): void => worker.postMessage(order);
  return {
    ...started,
    fund: (account) => say({ order: "fund", account }),
    async close() {
      const gone = once(worker, "exit");
      say({ order: "close" });
      await gone;
    },
  };
}

/** Of a worker's configuration: blocks that a transaction may wait, and how old a chain may be. */
export const localWorkerTerms = { period: 8, ageMaxMs: 10 * 60_000 } as const;
