/**
 * What is final on a chain, followed from a checkpoint: header after header, set of authorities after set, never back
 * (Polkadot specification, chapter 6 "Finality"; following it without executing blocks is what chapter 7, "Light
 * Clients", describes).
 */
import { afterFinality, afterHeader, type Handover } from "./authorities.ts";
import { demand } from "./errors.ts";
import { verifyChain, type BlockHash, type Header } from "./header.ts";
import { verifyJustification } from "./justification.ts";

export interface BlockRef {
  readonly hash: BlockHash;
  readonly number: number;
}

/** The newest block that is final, and who finalizes the next ones. Undefined: whoever is asked is believed. */
export interface Finalized {
  readonly block: BlockRef;
  readonly handover: Handover | undefined;
}

/** What a node says to get from one final block to a later one. */
export interface FinalityStep {
  /** Encoded, oldest first, from the one after the last final block to the one that is now final. */
  readonly headers: readonly Uint8Array[];
  /** Of the last header. Not looked at where a node is believed. */
  readonly justification: Uint8Array;
}

/**
 * @returns the new final block with its headers, oldest first.
 * @throws ProofError those of headers, authorities and justifications; "headers-missing" if there are none;
 *   "finality-older", "finality-contradicted" for headers that begin below the block that is final.
 */
export function advance(
  from: Finalized,
  { headers: encoded, justification }: FinalityStep,
): { readonly finalized: Finalized; readonly headers: readonly Header[] } {
  demand(encoded.length > 0, "headers-missing");
  const headers = verifyChain(from.block, encoded);
  const last = headers.at(-1)!;
  const block = { hash: last.hash, number: last.number };
  if (from.handover === undefined) return { finalized: { block, handover: undefined }, headers };
  let { handover } = from;
  for (const header of headers) handover = afterHeader(handover, header);
  verifyJustification(justification, block, handover.set);
  return { finalized: { block, handover: afterFinality(handover, last.number) }, headers };
}

/**
 * That a block which a node calls the newest final one is one: for answers that should come fast.
 *
 * @throws ProofError "finality-older" for an older one, "finality-contradicted" for another one of the same number.
 */
export function demandNotOlder({ block }: Finalized, said: BlockRef): void {
  demand(said.number >= block.number, "finality-older", `${said.number} after ${block.number}`);
  demand(said.number > block.number || said.hash === block.hash, "finality-contradicted");
}
