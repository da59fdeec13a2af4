/**
 * Everything that all remarks so far made: collections, bases, NFTs and who holds them. Written by `rules/` alone, in
 * place, and only for remarks that are accepted. Maps keep the order of creation.
 */
import type { AccountId } from "../account.ts";
import type { Part } from "../codec/base.ts";
import type { Properties } from "../codec/property.ts";
import type { Resource } from "../codec/resource.ts";
import type { Theme } from "../codec/theme.ts";
import type { BaseId, CollectionId, NftId, SlotId } from "../ids.ts";
import type { Purse } from "./purse.ts";
import { Shared } from "./shared.ts";

export interface State {
  /** Of the network's addresses (SS58). */
  readonly prefix: number;
  /** Destroyed ones too: their ids stay taken. */
  readonly collections: Map<CollectionId, Collection>;
  readonly bases: Map<BaseId, BaseState>;
  /** Burned ones are gone; their collection remembers the serial number. */
  readonly nfts: Map<NftId, Nft>;
  /** The NFTs that each account owns itself; what lies in those is found from them. */
  readonly holdings: Map<AccountId, Set<Nft>>;
  /** Redeemed vouchers, by the account that created the collection. Burning an NFT does not bring its voucher back. */
  readonly vouchers: Map<AccountId, Set<string>>;
  /** How many NFTs were ever minted: the next one's ordinal. */
  minted: number;
  readonly shared: Shared;
  /** What was paid in the extrinsic that is being read, and is not used up yet. */
  purse: Purse;
}

export interface Collection {
  readonly id: CollectionId;
  readonly block: number;
  readonly creator: AccountId;
  issuer: AccountId;
  readonly symbol: string;
  /** How many NFTs may ever be issued; 0: as many as there are serial numbers. */
  readonly max: number;
  readonly metadata: string;
  locked: boolean;
  destroyed: boolean;
  /** All serial numbers ever issued. */
  readonly serials: Set<number>;
  /** NFTs that are not burned. */
  live: number;
}

export interface BaseState {
  readonly id: BaseId;
  readonly block: number;
  issuer: AccountId;
  readonly symbol: string;
  readonly type: string;
  readonly metadata: string | undefined;
  /** By id, in the order of the BASE. */
  readonly parts: Map<string, Part>;
  readonly themes: Map<string, Theme>;
}

/** Rare parts are undefined until they are used: there are a million of these. */
export interface Nft {
  readonly id: NftId;
  /** Its place in the order of all MINTs. */
  readonly ordinal: number;
  readonly block: number;
  readonly collection: Collection;
  readonly transferable: number;
  readonly metadata: string | undefined;
  /** An account, or the NFT in which it lies. */
  owner: AccountId | Nft;
  /** Whether the owner of the NFT in which it lies has yet to accept it. */
  pending: boolean;
  /** The slot of that NFT in which it is equipped. */
  equipped: SlotId | undefined;
  listing: Listing | undefined;
  /** All that lie in it, pending ones included, in no order. */
  children: Nft[] | undefined;
  /** How many NFTs are in its tree, itself included, and how many wait in it behind one that is pending. */
  size: number;
  waiting: number;
  properties: Properties | undefined;
  /** In no order. */
  resources: readonly StoredResource[];
  /** Ids of all accepted resources. */
  priority: readonly string[];
  /** Who gave which emote. */
  emotes: Map<string, Set<AccountId>> | undefined;
}

export interface Listing {
  /** 0: it was on the list, and is not any more. */
  readonly price: bigint;
  /** Of the newest LIST. */
  readonly block: number;
}

export interface StoredResource {
  readonly resource: Resource;
  readonly pending: boolean;
  /** The resource whose place it takes when it is accepted. */
  readonly replaces: string | undefined;
}

/** @param prefix of the network's addresses: 0 for Polkadot, 2 for Kusama and its Asset Hub, 42 for development. */
export const emptyState = (prefix: number): State => ({
  prefix,
  collections: new Map(),
  bases: new Map(),
  nfts: new Map(),
  holdings: new Map(),
  vouchers: new Map(),
  minted: 0,
  shared: new Shared(),
  purse: { block: 0, extrinsic: 0, spent: new Map() },
});

export const isNft = (owner: AccountId | Nft): owner is Nft => typeof owner === "object";

/** As it is named in remarks and events. */
export const nameOfOwner = (owner: AccountId | Nft): AccountId | NftId => (isNft(owner) ? owner.id : owner);

export const isListed = ({ listing }: Nft): boolean => listing !== undefined && listing.price > 0n;

/** Children in the order in which they were minted: the order in which they came may differ after a snapshot. */
export const childrenOf = (nft: Nft): readonly Nft[] =>
  nft.children === undefined ? [] : nft.children.toSorted((a, b) => a.ordinal - b.ordinal);

/** What an NFT wears in a slot. */
export const wornIn = (nft: Nft, slot: SlotId): Nft | undefined =>
  nft.children?.find(({ equipped }) => equipped === slot);

export const resourceOf = (nft: Nft, id: string): StoredResource | undefined =>
  nft.resources.find(({ resource }) => resource.id === id);
