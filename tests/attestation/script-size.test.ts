/** What a visitor loads to verify evidence stays small: a budget for the size of the script, and for nothing that is timed. */
import { expect, test } from "vitest";
import { bundle } from "../../bench/verify/bundle.ts";

const kib = 1024;

test.for([
  ["the verifier", "../../bench/verify/candidates/ours.ts", 24],
  ["the verifier, the policy and the encoding of evidence", "../../client/sdk/verify-evidence.ts", 40],
] as const)("%s has at most so many KiB when it is compressed: %s, %i", async ([, entry, budget]) => {
  const { gzippedBytes } = await bundle(new URL(entry, import.meta.url), "browser");
  expect(gzippedBytes).toBeLessThanOrEqual(budget * kib);
});
