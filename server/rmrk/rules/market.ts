/** LIST and BUY: the price is paid in the same extrinsic, less the royalty, which is paid there as well. */
import type { Buy, List } from "../codec/market.ts";
import { royaltyOf, type Royalty } from "../codec/property.ts";
import type { RefusalCode } from "../errors.ts";
import { listingIntervalBlocks } from "../limits.ts";
import type { Remark } from "../remark.ts";
import { spend, unspent } from "../state/purse.ts";
import { isListed, isNft, type Nft, type State } from "../state/state.ts";
import { ownerRefusal } from "../state/tree.ts";
import { isUsed } from "./properties.ts";
import type { Rule } from "./rule.ts";
import { isTransferable, move } from "./send.ts";

export const list: Rule<List> = (state, { block, caller }, { nft: id, price }) => {
  const nft = state.nfts.get(id);
  if (nft === undefined) return "nft-unknown";
  const refused = ownerRefusal(nft, caller);
  if (refused !== undefined) return refused;
  if (isNft(nft.owner)) return "nft-nested";
  if (nft.listing !== undefined && block < nft.listing.block + listingIntervalBlocks) return "listed-too-recently";
  if (price === 0n && !isListed(nft)) return "not-for-sale";
  if (price > 0n && !isTransferable(nft, block)) return "nft-not-transferable";
  if (price > 0n && isUsed(nft)) return "nft-used";
  nft.listing = { price, block };
  return [price > 0n ? { event: "listed", nft: id, price } : { event: "unlisted", nft: id }];
};

export const buy: Rule<Buy> = (state, remark, { nft: id, recipient }) => {
  const { block, caller } = remark;
  const nft = state.nfts.get(id);
  if (nft === undefined) return "nft-unknown";
  const { owner: seller, listing } = nft;
  // What is for sale is owned by an account; the rest is for the compiler.
  if (listing === undefined || listing.price === 0n || isNft(seller)) return "not-for-sale";
  if (seller === caller) return "buyer-is-owner";
  if (!isTransferable(nft, block)) return "nft-not-transferable";
  const { royalty, rest, receiver } = sharesOf(nft, listing.price, state.prefix);
  const unpaid = paymentRefusal(state, remark, seller, rest, receiver, royalty);
  if (unpaid !== undefined) return unpaid;
  const moved = move(state, nft, recipient ?? caller, caller);
  if (typeof moved === "string") return moved;
  nft.listing = { price: 0n, block: listing.block };
  spend(state, remark, seller, rest);
  if (receiver !== undefined) spend(state, remark, receiver, royalty);
  return [{ event: "bought", nft: id, from: seller, price: listing.price }, ...moved];
};

export interface Shares {
  /** What the seller receives. */
  readonly rest: bigint;
  readonly royalty: bigint;
  readonly receiver: Royalty["receiver"] | undefined;
}

/** Who must be paid what for an NFT. A royalty is rounded down. */
export function sharesOf(nft: Nft, price: bigint, prefix: number): Shares {
  for (const { type, value } of nft.properties?.values() ?? []) {
    if (type !== "royalty") continue;
    const { receiver, millionths } = royaltyOf(value, prefix);
    const royalty = (price * BigInt(millionths)) / 1_000_000n;
    return { rest: price - royalty, royalty, receiver };
  }
  return { rest: price, royalty: 0n, receiver: undefined };
}

/** More than the price is the buyer's own affair: refusing it would not bring it back. */
function paymentRefusal(
  state: State,
  remark: Remark,
  seller: Royalty["receiver"],
  rest: bigint,
  receiver: Royalty["receiver"] | undefined,
  royalty: bigint,
): RefusalCode | undefined {
  const toSeller = receiver === seller ? rest + royalty : rest;
  if (unspent(state, remark, seller) < toSeller) return "payment-missing";
  if (receiver === undefined || receiver === seller) return undefined;
  return unspent(state, remark, receiver) < royalty ? "royalty-missing" : undefined;
}
