/** The newest final block of a chain, however it is finalized. */
import type { Checkpoint } from "../proof/checkpoint.ts";
import { demand } from "../proof/errors.ts";
import { advance, type BlockRef } from "../proof/finality.ts";
import type { Header } from "../proof/header.ts";
import { advanceParachain } from "../proof/parachain.ts";
import { stepBlocksMax, type ChainStep, type Position } from "./source.ts";

export const blockOf = ({ finalized, parachain }: Checkpoint): BlockRef => parachain?.block ?? finalized.block;

export const positionOf = (checkpoint: Checkpoint): Position => ({
  block: blockOf(checkpoint),
  relay: checkpoint.parachain && { block: checkpoint.finalized.block, parachain: checkpoint.parachain.id },
});

/**
 * @returns the checkpoint after a step, with the chain's own headers, oldest first.
 * @throws ProofError as `advance` and `advanceParachain`; "headers-missing" for a step of the other kind; "too-long".
 */
export function advanceCheckpoint(
  checkpoint: Checkpoint,
  step: ChainStep,
): { readonly checkpoint: Checkpoint; readonly headers: readonly Header[] } {
  demand(step.headers.length <= stepBlocksMax, "too-long", `${step.headers.length} blocks`);
  if (checkpoint.parachain === undefined) {
    demand("justification" in step, "headers-missing", "a step of a parachain");
    const { finalized, headers } = advance(checkpoint.finalized, step);
    return { checkpoint: { ...checkpoint, finalized }, headers };
  }
  demand("relay" in step, "headers-missing", "a step of no parachain");
  const { id, block } = checkpoint.parachain;
  const { finalized, headers } = advanceParachain({ relay: checkpoint.finalized, block }, step, id);
  const parachain = { id, block: finalized.block };
  return { checkpoint: { ...checkpoint, finalized: finalized.relay, parachain }, headers };
}
