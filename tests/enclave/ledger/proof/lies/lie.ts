/** A lie of a node, the world in which it is told, and how lies about headers and what makes them final are told. */
import type { ProofErrorCode } from "#enclave/ledger/proof/errors.ts";
import { advance, type FinalityStep } from "#enclave/ledger/proof/finality.ts";
import {
  extrinsic,
  finalizedAt,
  justify,
  ModelChain,
  stepTo,
  type ModelBlock,
  type Votes,
} from "../../support/model-chain.ts";

/** The world in which all lies are told: a chain of five blocks above the one that is known to be final. */
export interface World {
  readonly chain: ModelChain;
  readonly known: ModelBlock;
  readonly blocks: readonly ModelBlock[];
  readonly last: ModelBlock;
}

let made: World | undefined;

/** Always the same one: nobody changes it. */
export const world = (): World => (made ??= makeWorld());

function makeWorld(): World {
  const chain = new ModelChain();
  const known = chain.last;
  const blocks = Array.from({ length: 5 }, () => chain.grow());
  return { chain, known, blocks, last: chain.last };
}

export interface Lie {
  readonly name: string;
  readonly code: ProofErrorCode;
  /** @throws ProofError with the code; if it returns, the lie was believed. */
  readonly tell: (world: World) => unknown;
}

export const lie = (name: string, code: ProofErrorCode, tell: (world: World) => unknown): Lie => ({ name, code, tell });

/** The honest step to the last block, but for what is changed. */
export function step(w: World, change: (honest: FinalityStep) => Partial<FinalityStep>): unknown {
  const honest = stepTo(w.blocks);
  return advance(finalizedAt(w.known), { ...honest, ...change(honest) });
}

/** The honest step with other votes. */
export const justified = (w: World, votes: Votes): unknown =>
  step(w, () => ({ justification: justify(w.last, votes) }));

/** A block beside the last one, which nobody has finalized. */
export const rival = (w: World): ModelBlock => w.chain.child(w.blocks[3]!, { body: [extrinsic("forged")] });

/** The same bytes but for some. */
export function altered(bytes: Uint8Array, at: number, by = 1): Uint8Array {
  const copy = bytes.slice();
  const index = at < 0 ? copy.length + at : at;
  copy[index] = copy[index]! ^ by;
  return copy;
}
