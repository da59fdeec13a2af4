/** Which contracts rooms are kept for, who may upgrade them, and the keys under which they are kept. */
import { bytesToHex } from "#protocol/bytes.ts";
import { frozenLineage, lineageId, type LineageTerms } from "#protocol/manifest.ts";
import type { Platform } from "../platform/platform.ts";
import { deriveLineageKey } from "./keys.ts";

export interface Lineage {
  /** The rules its rooms begin with. 32 bytes, as the others. */
  readonly contract: Uint8Array;
  readonly lineage: Uint8Array;
  readonly key: Uint8Array;
  /** Missing: nobody may upgrade it. */
  readonly terms?: LineageTerms;
}

/**
 * Each contract begins a lineage.
 *
 * @param termsOf who may upgrade rooms that begin with it, by the contract's hash in hex digits; otherwise nobody. They
 *   are part of the lineage: who changes them has other rooms, with other keys.
 */
export function deriveLineages(
  platform: Platform,
  world: Uint8Array,
  contracts: readonly { readonly hash: Uint8Array }[],
  termsOf: ReadonlyMap<string, LineageTerms> = new Map(),
): Promise<Lineage[]> {
  return Promise.all(
    contracts.map(async ({ hash }) => {
      const terms = termsOf.get(bytesToHex(hash)) ?? frozenLineage;
      const lineage = lineageId(world, hash, terms);
      return { contract: hash, lineage, key: await deriveLineageKey(platform, lineage), terms };
    }),
  );
}
