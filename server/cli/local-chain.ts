/** A development chain beside a place, for `npm start`: what it holds outlasts it. */
import { createRequire } from "node:module";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { Worker } from "node:worker_threads";
import type { BuiltInChain } from "./chain-terms.ts";
import { FollowedChain } from "./items/followed-chain.ts";
import { developmentKey } from "./items/key.ts";
import { initWorld } from "./world/init-world.ts";
import { worldItemsOf } from "./world/world-file.ts";

export interface LocalChainOptions {
  /** A file that keeps it; it is made, with its folder, if it is not there. */
  readonly database: string;
  /** Between blocks. */
  readonly everyMs: number;
  /** Blocks after which one is final. */
  readonly lag: number;
}

export interface LocalChain {
  readonly url: string;
  /** What pages and workers have to know of it. */
  readonly terms: BuiltInChain;
  close(): Promise<void>;
}

const thread = createRequire(import.meta.url).resolve("#cli/local-chain-thread.ts");

/** It does not start; the message says why. */
export class LocalChainError extends Error {
  override readonly name = "LocalChainError";
}

/** @throws LocalChainError. */
export async function startLocalChain({ database, everyMs, lag }: LocalChainOptions): Promise<LocalChain> {
  // Nothing else has to have been built before.
  await mkdir(dirname(database), { recursive: true });
  const worker = new Worker(thread, { workerData: { database, sealing: { everyMs }, finality: { lag } } });
  const [started] = (await once(worker, "message").catch((error: unknown) => {
    // What is thrown in a thread has lost its class on its way, but for its name.
    if (error instanceof Error && error.name === "DevnetError") throw new LocalChainError(error.message);
    throw error;
  })) as [Pick<LocalChain, "url" | "terms">];
  return {
    ...started,
    async close() {
      const gone = once(worker, "exit");
      worker.postMessage("close");
      await gone;
    },
  };
}

/** Owns the collections and bases of a world in development. Everybody has its key. */
export const localOwner = developmentKey("Ferdie");

/** Of a worker's configuration: blocks that a transaction may wait, and how old a chain may be. */
export const localWorkerTerms = { period: 8, ageMaxMs: 10 * 60_000, owner: localOwner.account } as const;

/**
 * Creates what a world in development lacks of its owner's collections and bases, and pays its issuers.
 *
 * @param items as `phatroom world init` reads them. @throws ItemsError.
 */
export async function setUpWorld({ url, terms }: Pick<LocalChain, "url" | "terms">, items: object): Promise<void> {
  const wanted = worldItemsOf(items, localOwner.account, terms.prefix);
  await using chain = await FollowedChain.open(url, terms, localOwner.account, [...wanted.issuers.values()]);
  await initWorld(chain, wanted, localOwner, { say: () => undefined });
}
