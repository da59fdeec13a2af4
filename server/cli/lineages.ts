/** Who may upgrade rooms of a world, from the folder of contracts that its workers have. */
import { loadLineageTerms } from "#enclave/contract-folder.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import { lineageId, type LineageTerms } from "#protocol/manifest.ts";

export interface KnownLineage {
  /** 64 hex digits. */
  readonly id: string;
  /** Contract hash of the rules with which its rooms begin. */
  readonly first: string;
  readonly terms: LineageTerms;
}

/** @param world 32 bytes. @throws Error with a sentence about what is wrong with the folder's `lineages.json`. */
export async function lineagesOf(folder: string, world: Uint8Array): Promise<readonly KnownLineage[]> {
  try {
    return [...(await loadLineageTerms(folder))].map(([first, terms]) => ({
      id: bytesToHex(lineageId(world, hexToBytes(first), terms)),
      first,
      terms,
    }));
  } catch (error) {
    throw new Error(`${folder}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** As a line for whoever is to sign. */
export const lineageText = ({ id, first, terms }: KnownLineage): string =>
  `lineage ${id}
  begins with contract ${first}
  is upgraded by ${terms.threshold} of ${terms.upgradeKeys.length} keys, ${Number((terms.noticeMs / 3_600_000).toPrecision(4))} hours of running play before: ${terms.upgradeKeys.map(bytesToHex).join(" ")}`;
