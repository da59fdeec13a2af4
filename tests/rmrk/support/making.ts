/** Parts of interactions, of which a test says only what matters to it. */
import type { AccountId } from "#rmrk/account.ts";
import type { Part } from "#rmrk/codec/base.ts";
import type { Mint } from "#rmrk/codec/nft.ts";
import type { Properties, Property } from "#rmrk/codec/property.ts";
import type { Resource } from "#rmrk/codec/resource.ts";
import type { CollectionId, NftId } from "#rmrk/ids.ts";

export const metadata = "ipfs://ipfs/bafy";

export const mintOf = (
  collection: CollectionId,
  serial: number,
  recipient?: AccountId | NftId,
  more: Partial<Mint> = {},
): Mint => ({
  op: "MINT",
  collection,
  symbol: "item",
  serial: String(serial).padStart(8, "0"),
  transferable: 1,
  metadata,
  properties: new Map(),
  recipient,
  ...more,
});

export const resourceOf = (more: Partial<Resource> & { readonly id: string }): Resource => ({
  src: "ipfs://ipfs/picture",
  thumb: undefined,
  metadata: undefined,
  base: undefined,
  parts: undefined,
  slot: undefined,
  themeId: undefined,
  theme: undefined,
  ...more,
});

export const fixed = (id: string, z: number): Part => ({ kind: "fixed", id, z, src: `ipfs://ipfs/${id}` });

export const slot = (id: string, z: number, equippable: "*" | readonly CollectionId[], src?: string): Part => ({
  kind: "slot",
  id,
  z,
  equippable,
  src,
});

export const properties = (entries: Readonly<Record<string, Partial<Property>>>): Properties =>
  new Map(
    Object.entries(entries).map(([key, given]) => [key, { type: "string", value: "", writer: "nobody", ...given }]),
  );
