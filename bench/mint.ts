/**
 * What a player earned, on its way to the chain: awards in a block and in a second, from the award to the proven item, what
 * is proven and what that takes; the consolidator at many remarks; and the local chain itself beside chopsticks.
 */
import type { Measured } from "./benches.ts";
import { measureChain } from "./chain.ts";
import type { MintAmounts, MintMeasured } from "./mint/measured.ts";
import type { Options } from "./options.ts";
import { Process } from "./processes/parent.ts";
import { progress } from "./progress.ts";
import type { Row } from "./report.ts";
import { measureRmrk } from "./rmrk.ts";
import { percentile } from "./statistics.ts";

const amounts: MintAmounts = { waiting: 5000, single: 50 };
const amountsQuick: MintAmounts = { waiting: 250, single: 4 };

export async function measureMint(options: Options): Promise<Measured> {
  progress("mint: an issuer, and a chain");
  const child = new Process("issuer", "mint/issuing.ts");
  let rows: Row[];
  try {
    const measured = await child.ask<MintMeasured>("measure", options.quick ? amountsQuick : amounts, (said) =>
      progress(`mint: ${said}`),
    );
    rows = issuingRows(measured);
  } finally {
    await child.stop();
  }
  const chain = await measureChain(options);
  const consolidator = await measureRmrk(options);
  return { rows: [...rows, ...consolidator.rows, ...chain.rows], ratios: chain.ratios };
}

/** Of one run of an issuer. */
export const issuingRows = ({
  awards,
  seconds,
  blocks,
  mostInBlock,
  bytesPerAward,
  finalMs,
  blockProofBytes,
  blockProofMs,
  stateProofBytes,
  stateProofMs,
}: MintMeasured): Row[] => [
  {
    name: `issuer, ${awards.toLocaleString("en")} awards that wait`,
    awards,
    blocks,
    awards_per_block: awards / blocks,
    most_in_a_block: mostInBlock,
    awards_per_s: awards / seconds,
    bytes_per_award: bytesPerAward,
  },
  {
    name: "issuer, one award at a time",
    awards: finalMs.length,
    award_to_final_p50_ms: percentile(finalMs, 50),
    award_to_final_p95_ms: percentile(finalMs, 95),
  },
  {
    name: "ownership, a block of awards followed",
    proof_bytes: blockProofBytes,
    proof_p50_ms: percentile(blockProofMs, 50),
    proof_p95_ms: percentile(blockProofMs, 95),
  },
  {
    name: "ownership, one final block and a state proof",
    proof_bytes: stateProofBytes,
    proof_p50_ms: percentile(stateProofMs, 50),
    proof_p95_ms: percentile(stateProofMs, 95),
  },
];
