/** What the bench of awards says of a run is what the run was. */
import { expect, test } from "vitest";
import { issuingRows } from "../../bench/mint.ts";
import type { MintMeasured } from "../../bench/mint/measured.ts";

const run: MintMeasured = {
  awards: 250,
  seconds: 5,
  blocks: 3,
  mostInBlock: 100,
  bytesPerAward: 400,
  finalMs: [30, 10, 20],
  blockProofBytes: 40_000,
  blockProofMs: [4, 6, 5],
  stateProofBytes: 2000,
  stateProofMs: [2, 1],
};

test("rows hold awards by block and second, times by percentile, and what is proven with its size", () => {
  const [batches, single, block, state] = issuingRows(run);
  expect(batches).toMatchObject({ awards: 250, awards_per_s: 50, most_in_a_block: 100, bytes_per_award: 400 });
  expect(batches!["awards_per_block"]).toBeCloseTo(83.3, 1);
  expect(single).toMatchObject({ awards: 3, award_to_final_p50_ms: 20, award_to_final_p95_ms: 30 });
  expect(block).toMatchObject({ proof_bytes: 40_000, proof_p50_ms: 5, proof_p95_ms: 6 });
  expect(state).toMatchObject({ proof_bytes: 2000, proof_p50_ms: 1, proof_p95_ms: 2 });
});
