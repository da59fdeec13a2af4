/** MINT: by the issuer, under the cap, each serial number and each voucher once. */
import type { Mint } from "../codec/nft.ts";
import type { Properties } from "../codec/property.ts";
import { isAccount } from "../codec/values.ts";
import type { RefusalCode } from "../errors.ts";
import { nftIdOf } from "../ids.ts";
import { collectionSizeMax } from "../limits.ts";
import { nameOfOwner, type Collection, type Nft, type State } from "../state/state.ts";
import { attach, nestingRefusal, standingOf } from "../state/tree.ts";
import { issuedCollection } from "./collections.ts";
import type { Rule } from "./rule.ts";

/**
 * The property that says for which voucher an NFT was minted. The first finalized MINT of a voucher stands, whatever it
 * minted: a room that was run twice may have awarded something else. The account that created the collection is asked,
 * so that nobody can use up another's vouchers, and a new issuer of the collection cannot use them again.
 */
export const voucherProperty = "voucher";
const voucherPattern = /^[0-9a-f]{64}$/;

export const mint: Rule<Mint> = (state, { block, caller }, interaction) => {
  const collection = issuedCollection(state, caller, interaction.collection);
  if (typeof collection === "string") return collection;
  const refused = collectionRefusal(collection, interaction);
  if (refused !== undefined) return refused;
  const voucher = voucherOf(interaction.properties);
  if (voucher === "voucher-malformed") return voucher;
  const vouchers = state.vouchers.get(collection.creator);
  if (voucher !== undefined && vouchers?.has(voucher) === true) return "voucher-used";

  const nft = newNft(state, collection, block, interaction);
  const recipient = interaction.recipient ?? caller;
  const owner = isAccount(recipient) ? recipient : state.nfts.get(recipient);
  if (owner === undefined) return "recipient-unknown";
  const pending = typeof owner === "object" && standingOf(owner).owner !== caller;
  const misplaced = typeof owner === "object" ? nestingRefusal(nft, owner, pending) : undefined;
  if (misplaced !== undefined) return misplaced;

  state.minted += 1;
  state.nfts.set(nft.id, nft);
  collection.live += 1;
  collection.serials.add(Number(interaction.serial));
  if (voucher !== undefined) redeem(state, collection, voucher);
  attach(state, nft, owner, pending);
  return [{ event: "minted", nft: nft.id, owner: nameOfOwner(owner), pending, voucher }];
};

/** The cap counts all NFTs that ever were, burned ones too. */
function collectionRefusal({ locked, max, serials }: Collection, { serial }: Mint): RefusalCode | undefined {
  if (locked) return "collection-locked";
  if (serials.size >= (max === 0 ? collectionSizeMax : max)) return "collection-full";
  return serials.has(Number(serial)) ? "serial-used" : undefined;
}

function voucherOf(properties: Properties): string | undefined {
  const property = properties.get(voucherProperty);
  if (property === undefined) return undefined;
  const { type, value, writer } = property;
  if (type !== "string" || writer !== "nobody" || typeof value !== "string" || !voucherPattern.test(value)) {
    return "voucher-malformed";
  }
  return value;
}

function redeem({ vouchers }: State, { creator }: Collection, voucher: string): void {
  const redeemed = vouchers.get(creator);
  if (redeemed === undefined) vouchers.set(creator, new Set([voucher]));
  else redeemed.add(voucher);
}

/** Not in the state yet, and owned by its issuer as long as that is so. */
const newNft = (state: State, collection: Collection, block: number, mint: Mint): Nft => ({
  id: nftIdOf(block, collection.id, mint.symbol, mint.serial),
  ordinal: state.minted,
  block,
  collection,
  transferable: mint.transferable,
  metadata: mint.metadata && state.shared.once(`text ${mint.metadata}`, () => mint.metadata!),
  owner: collection.issuer,
  pending: false,
  equipped: undefined,
  listing: undefined,
  children: undefined,
  size: 1,
  waiting: 0,
  properties: mint.properties.size === 0 ? undefined : mint.properties,
  resources: [],
  priority: [],
  emotes: undefined,
});
