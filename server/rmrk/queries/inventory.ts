/** What an account owns, as a page shows it: trees of plain objects, in the order in which the NFTs were minted. */
import type { AccountId } from "../account.ts";
import type { Json } from "../codec/json.ts";
import type { Writer } from "../codec/property.ts";
import { serialOf, serialText, symbolOf, type CollectionId, type NftId, type SlotId } from "../ids.ts";
import { usedProperty } from "../rules/properties.ts";
import { isTransferable } from "../rules/send.ts";
import { sharesOf } from "../rules/market.ts";
import { childrenOf, isListed, isNft, resourceOf, type Nft, type State, type StoredResource } from "../state/state.ts";
import { standingOf } from "../state/tree.ts";

export interface Item {
  readonly id: NftId;
  readonly collection: CollectionId;
  readonly symbol: string;
  readonly serial: string;
  /** Of its MINT. */
  readonly block: number;
  readonly metadata: string | undefined;
  readonly transferable: number;
  /** Whether it has yet to be accepted where it lies. */
  readonly pending: boolean;
  readonly equipped: SlotId | undefined;
  /** 0: not for sale. */
  readonly price: bigint;
  readonly properties: readonly ItemProperty[];
  /** Accepted ones in the order of priority, then pending ones. */
  readonly resources: readonly StoredResource[];
  readonly emotes: readonly { readonly emote: string; readonly count: number }[];
  readonly children: readonly Item[];
}

export interface ItemProperty {
  readonly key: string;
  readonly type: string;
  readonly value: Json;
  readonly writer: Writer;
}

/** Whether its issuer has said that it is used up. */
export const saysUsed = ({ properties }: Item): boolean =>
  properties.some(({ key, value, writer }) => key === usedProperty && value === true && writer === "nobody");

/** Everything in the account's own trees, what waits in them to be accepted included. */
export const itemsOf = (state: State, account: AccountId): readonly Item[] =>
  Array.from(state.holdings.get(account) ?? [])
    .sort((a, b) => a.ordinal - b.ordinal)
    .map(itemOfNft);

/** One NFT and all in it; undefined if there is none, or none any more. */
export function itemOf({ nfts }: State, id: NftId): Item | undefined {
  const nft = nfts.get(id);
  return nft && itemOfNft(nft);
}

/** Who owns the tree in which an NFT lies; undefined if there is no such NFT. */
export function rootOwnerOf({ nfts }: State, id: NftId): AccountId | undefined {
  const nft = nfts.get(id);
  return nft && standingOf(nft).owner;
}

/** Something that an account may accept. */
export type Offer =
  | { readonly entity: "NFT"; readonly nft: NftId; readonly child: NftId }
  | { readonly entity: "RES"; readonly nft: NftId; readonly resource: string; readonly replaces: string | undefined };

/** All that waits for this account: nothing inside of what it has not accepted. */
export function offersTo(state: State, account: AccountId): readonly Offer[] {
  const offers: Offer[] = [];
  const collect = (nft: Nft): void => {
    for (const { resource, pending, replaces } of nft.resources) {
      if (pending) offers.push({ entity: "RES", nft: nft.id, resource: resource.id, replaces });
    }
    for (const child of childrenOf(nft)) {
      if (child.pending) offers.push({ entity: "NFT", nft: nft.id, child: child.id });
      else collect(child);
    }
  };
  for (const nft of state.holdings.get(account) ?? []) collect(nft);
  return offers;
}

/** Who must be paid what, in the extrinsic of the BUY; undefined if it cannot be bought in this block. */
export function paymentsFor(
  state: State,
  id: NftId,
  block: number,
): readonly { readonly to: AccountId; readonly amount: bigint }[] | undefined {
  const nft = state.nfts.get(id);
  if (nft?.listing === undefined || !isListed(nft) || isNft(nft.owner) || !isTransferable(nft, block)) return undefined;
  const { rest, royalty, receiver } = sharesOf(nft, nft.listing.price, state.prefix);
  if (receiver === undefined || receiver === nft.owner) return [{ to: nft.owner, amount: rest + royalty }];
  return [
    { to: nft.owner, amount: rest },
    { to: receiver, amount: royalty },
  ].filter(({ amount }) => amount > 0n);
}

const itemOfNft = (nft: Nft): Item => ({
  id: nft.id,
  collection: nft.collection.id,
  symbol: symbolOf(nft.id),
  serial: serialText(serialOf(nft.id)),
  block: nft.block,
  metadata: nft.metadata,
  transferable: nft.transferable,
  pending: nft.pending,
  equipped: nft.equipped,
  price: nft.listing?.price ?? 0n,
  properties: Array.from(nft.properties ?? [], ([key, { type, value, writer }]) => ({ key, type, value, writer })),
  resources: resourcesOf(nft),
  emotes: Array.from(nft.emotes ?? [], ([emote, from]) => ({ emote, count: from.size })),
  children: childrenOf(nft).map(itemOfNft),
});

const resourcesOf = (nft: Nft): Item["resources"] => [
  ...nft.priority.map((id) => resourceOf(nft, id)!),
  ...nft.resources.filter(({ pending }) => pending),
];
