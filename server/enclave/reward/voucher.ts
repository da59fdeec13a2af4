/**
 * A player earned something. Its id is made of who may award it: the contract's lineage, the room, and the key of the award
 * in it ("winner"). What was earned, and by whom, is not in it: a room that is run twice cannot make two of one award.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, lengthPrefixed } from "#protocol/bytes.ts";
import type { PlayerId } from "#protocol/identity.ts";
import { effectNameMax } from "#protocol/limits.ts";
import { isAccountId, type AccountId } from "#rmrk/account.ts";
import type { Mint } from "#rmrk/codec/nft.ts";
import { isCollectionId, isSymbol, type CollectionId } from "#rmrk/ids.ts";
import { uriLengthMax } from "#rmrk/limits.ts";
import { voucherProperty } from "#rmrk/rules/mint.ts";
import type { Nft } from "#rmrk/state/state.ts";
import { RewardError } from "./errors.ts";

/** 64 hexadecimal digits. */
export type VoucherId = string & { readonly brand: "VoucherId" };

export interface Voucher {
  readonly id: VoucherId;
  readonly recipient: AccountId;
  readonly collection: CollectionId;
  readonly symbol: string;
  /** 1: may change hands; 0: never. */
  readonly transferable: 0 | 1;
  readonly metadata: string | undefined;
}

/** Bytes of an award's key: the longest that a contract may give it. */
const awardLengthMax = 3 * effectNameMax;
const label = "phatroom/1/voucher";

/** @param lineage of the contract, 32 bytes. @throws RewardError "voucher-malformed" for a key that is empty or too long. */
export function voucherId(lineage: Uint8Array, room: string, award: string): VoucherId {
  const key = new TextEncoder().encode(award);
  if (key.length === 0 || key.length > awardLengthMax) throw new RewardError("voucher-malformed", "the award's key");
  return bytesToHex(sha256(lengthPrefixed(label, lineage, room, key))) as VoucherId;
}

/**
 * Of what a player gets once, whichever rooms of the lineage award it.
 *
 * @param lineage of the contract, 32 bytes. @param item its collection's symbol and its own.
 */
export const playerVoucherId = (lineage: Uint8Array, player: PlayerId, item: string): VoucherId =>
  bytesToHex(sha256(lengthPrefixed("phatroom/1/voucher-of-player", lineage, player, item))) as VoucherId;

export const isVoucherId = (text: unknown): text is VoucherId =>
  typeof text === "string" && /^[0-9a-f]{64}$/.test(text);

/** @throws RewardError "voucher-malformed". */
export function checkVoucher(voucher: {
  readonly [K in keyof Voucher]?: unknown;
}): Voucher {
  const { id, recipient, collection, symbol, transferable, metadata } = voucher;
  const sound =
    isVoucherId(id) &&
    typeof recipient === "string" &&
    isAccountId(recipient) &&
    typeof collection === "string" &&
    isCollectionId(collection) &&
    typeof symbol === "string" &&
    isSymbol(symbol) &&
    (transferable === 0 || transferable === 1) &&
    (metadata === undefined || (typeof metadata === "string" && metadata.length <= uriLengthMax));
  if (!sound) throw new RewardError("voucher-malformed");
  return { id, recipient, collection, symbol, transferable, metadata };
}

/** For which an NFT was minted; undefined if it was for none. */
export function voucherOf({ properties }: Pick<Nft, "properties">): VoucherId | undefined {
  const value = properties?.get(voucherProperty)?.value;
  return isVoucherId(value) ? value : undefined;
}

/** The interaction that redeems it. Whoever consolidates remarks sees by its property that it does so once. */
export const mintOf = (voucher: Voucher, serial: string): Mint => ({
  op: "MINT",
  collection: voucher.collection,
  symbol: voucher.symbol,
  serial,
  transferable: voucher.transferable,
  metadata: voucher.metadata,
  properties: new Map([[voucherProperty, { type: "string", value: voucher.id, writer: "nobody" }]]),
  recipient: voucher.recipient,
});
