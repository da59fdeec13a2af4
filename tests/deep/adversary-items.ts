/**
 * Attempts to gain items that were not earned, of every kind and all at once: each fails, and for its own reason. In worlds
 * whose items are remarks, and in others where they are those of pallet-nfts, if Asset Hub's runtime is there.
 */
import { attempts as remarkAttempts } from "../enclave/reward/adversary/attempts.ts";
import { campaign, type Met } from "../enclave/reward/adversary/campaign.ts";
import { hasHub, nftsAttempts, nftsCampaign } from "../enclave/reward/adversary/nfts/attempts.ts";
import type { DeepCheck } from "./deep.ts";

const attempts = [...remarkAttempts, ...(hasHub ? nftsAttempts : [])];

/** In so many each of them has had its turn, many times. */
const allMetFrom = 10_000;

export const adversaryItems: DeepCheck = {
  name: "adversary-items",
  unit: "attempts to gain items",
  full: 100_000,
  slice: 100,
  async run({ seed, count, progress }) {
    const met: Met = new Map();
    let [made, onNfts, items, worlds] = [0, 0, 0, 0];
    const perWorld = hasHub ? Math.ceil(count / 2) : count;
    for (; made < count; worlds++) {
      const isNfts = hasHub && worlds % 2 === 1;
      const outcome = await (isNfts ? nftsCampaign : campaign)(seed + worlds, met, {
        count: Math.min(count - made, perWorld),
        // Some kinds can be tried only in a world that is old.
        patient: worlds < 2 && count >= allMetFrom,
      });
      made += outcome.made;
      if (isNfts) onNfts += outcome.made;
      items += outcome.items;
      progress?.(made);
    }
    const missing = attempts.filter(({ name, codes }) => !codes.some((code) => met.has(`${name}: ${code}`)));
    if (count >= allMetFrom && missing.length > 0) {
      throw new Error(`never tried: ${missing.map(({ name }) => name).join("; ")}`);
    }
    const codes = new Set(Array.from(met.keys(), (key) => key.slice(key.lastIndexOf(": ") + 2)));
    const kinds = attempts.length - missing.length;
    const least = Math.min(...attempts.map(({ name }) => countOf(met, name)));
    return {
      count: made,
      figures: { kinds, "on pallet-nfts": onNfts, "least of a kind": least, codes: codes.size, worlds, items },
    };
  },
};

function countOf(met: Met, name: string): number {
  let count = 0;
  for (const [key, times] of met) if (key.startsWith(`${name}: `)) count += times;
  return count;
}
