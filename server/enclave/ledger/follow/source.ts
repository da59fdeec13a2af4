/** Where a worker hears of a chain: the gateway's chain service, or whatever stands for it. Nothing that it says is believed. */
import type { BlockRef, FinalityStep } from "../proof/finality.ts";
import type { BlockHash } from "../proof/header.ts";
import type { ParachainStep } from "../proof/parachain.ts";
import type { PinnedRuntime } from "../runtime/runtimes.ts";

/** Newest blocks that are known to be final. */
export interface Position {
  readonly block: BlockRef;
  /** Where another chain finalizes this one: its block, and the number that this chain has there. */
  readonly relay: { readonly block: BlockRef; readonly parachain: number } | undefined;
}

/** On a chain that finalizes itself, or on one that a relay chain finalizes. */
export type ChainStep = FinalityStep | ParachainStep;

/** Every method may fail, hang until somebody gives up, or lie. */
export interface ChainSource {
  /** What leads from here to something newer, at most `stepBlocksMax` blocks on; undefined: there is nothing newer. */
  next(from: Position): Promise<ChainStep | undefined>;
  /** Extrinsics, each with its length before it. */
  body(block: BlockHash): Promise<readonly Uint8Array[]>;
  /** A read proof of the state after the block. */
  storage(block: BlockHash, keys: readonly Uint8Array[]): Promise<readonly Uint8Array[]>;
  /** @param block in whose state this runtime is. */
  metadata(runtime: PinnedRuntime, block: BlockHash): Promise<Uint8Array>;
  /**
   * Takes a signed transaction to the chain. It may do so never, once, or many times.
   *
   * @returns whether a block has it by now, which may be given up or never have been: for those who like to hear of it.
   */
  submit(transaction: Uint8Array): Promise<"waiting" | "in-block">;
}

/** Bodies that are verified before any of them counts: of a whole session, of whose blocks nodes can prove only the last. */
export const stepBlocksMax = 4096;
