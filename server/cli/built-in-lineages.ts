/** What is built into a page about rooms whose rules may be upgraded: by whom they hang together, and what may follow. */
import { loadEarlier, loadLineageTerms } from "#enclave/contract-folder.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import { lineageId, worldId, type WorldManifest } from "#protocol/manifest.ts";

export interface Lineages {
  /** By the contract's name; hashes in hex. */
  readonly [name: string]: { readonly lineage: string; readonly upgrades: readonly string[] };
}

/**
 * @param folder of contracts, as a worker has it: `lineages.json`, and in `earlier` the rules that may take over.
 * @param contracts hashes by name, in hex, with which rooms begin.
 */
export async function lineagesIn(
  folder: string,
  world: WorldManifest,
  contracts: { readonly [name: string]: string },
): Promise<Lineages> {
  const terms = await loadLineageTerms(folder);
  const others = await loadEarlier(await contractEngine(), folder);
  return Object.fromEntries(
    Object.entries(contracts).flatMap(([name, first]) => {
      const of = terms.get(first);
      if (of === undefined) return [];
      const lineage = bytesToHex(lineageId(worldId(world), hexToBytes(first), of));
      const upgrades = others.filter(({ manifest }) => manifest.name === name).map(({ hash }) => bytesToHex(hash));
      return [[name, { lineage, upgrades }]];
    }),
  );
}
