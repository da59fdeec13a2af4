/** Which contracts rooms are kept for, and the keys under which. */
import { lineageId } from "#protocol/manifest.ts";
import type { Platform } from "../platform/platform.ts";
import { deriveLineageKey } from "./keys.ts";

export interface Lineage {
  /** 32 bytes each. */
  readonly contract: Uint8Array;
  readonly lineage: Uint8Array;
  readonly key: Uint8Array;
}

/** Each of these contracts is its own lineage: nobody may upgrade it. */
export function deriveLineages(
  platform: Platform,
  world: Uint8Array,
  contracts: readonly { readonly hash: Uint8Array }[],
): Promise<Lineage[]> {
  return Promise.all(
    contracts.map(async ({ hash }) => {
      const lineage = lineageId(world, hash);
      return { contract: hash, lineage, key: await deriveLineageKey(platform, lineage) };
    }),
  );
}
