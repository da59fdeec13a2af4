/** Calls of pallet-nfts: what a collection's cold owner says once, and what its issuer and players say. */
import { concatBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { accountBytes, type AccountId } from "#rmrk/account.ts";
import { littleEndian, prefixed } from "../proof/scale.ts";
import { callIndex, type Metadata } from "../runtime/metadata.ts";
import { preSignedCall, type SignedMint } from "./pre-signed-mint.ts";

const none = Uint8Array.of(0);
const some = (bytes: Uint8Array): Uint8Array => concatBytes(Uint8Array.of(1), bytes);
const addressOf = (account: AccountId): Uint8Array => concatBytes(none, accountBytes(account));
const call = (metadata: Metadata, name: string, ...args: readonly Uint8Array[]): Uint8Array =>
  concatBytes(callIndex(metadata, "Nfts", name), ...args);
const u32 = (value: number): Uint8Array => littleEndian(value, 4);

/** What is not allowed, bit by bit. Items change hands; that metadata is fixed makes the chain remember burned items. */
const nothing = littleEndian(0, 8);
const changedMetadata = littleEndian(2, 8);
const onlyIssuersMint = none;

/**
 * By the account that will own it, with all roles. Only issuers mint; nothing is asked for an item.
 *
 * @param max how many there may be; undefined: as many as there are numbers.
 */
export const createCall = (metadata: Metadata, owner: AccountId, max: number | undefined): Uint8Array =>
  call(
    metadata,
    "create",
    addressOf(owner),
    nothing,
    max === undefined ? none : some(u32(max)),
    // Who mints; no price; from the first block on, for ever; what items may not.
    concatBytes(onlyIssuersMint, none, none, none, changedMetadata),
  );

/**
 * By the owner: who issues from now on. Whatever another one signed before is refused by the runtime at once. The owner
 * keeps what administers and freezes, so that an issuer can do nothing but issue.
 */
export const setTeamCall = (metadata: Metadata, collection: number, issuer: AccountId, owner: AccountId): Uint8Array =>
  call(metadata, "set_team", u32(collection), ...[issuer, owner, owner].map((account) => some(addressOf(account))));

/** By an issuer, without anything that says for which voucher it is. */
export const mintCall = (metadata: Metadata, collection: number, item: number, to: AccountId): Uint8Array =>
  call(metadata, "mint", u32(collection), u32(item), addressOf(to), none);

/**
 * By an issuer, for a player who has nothing to pay with: what it has signed for itself, and the item handed over. So a
 * given item says of itself what a redeemed one does.
 */
export const giveCall = (metadata: Metadata, signed: SignedMint, to: AccountId): readonly Uint8Array[] => [
  preSignedCall(metadata, signed),
  transferCall(metadata, signed.mint.collection, signed.mint.item, to),
];

/** By its owner. */
export const burnCall = (metadata: Metadata, collection: number, item: number): Uint8Array =>
  call(metadata, "burn", u32(collection), u32(item));

export const transferCall = (metadata: Metadata, collection: number, item: number, to: AccountId): Uint8Array =>
  call(metadata, "transfer", u32(collection), u32(item), addressOf(to));

/** By whoever administers the collection. */
export const clearAttributeCall = (metadata: Metadata, collection: number, item: number, key: string): Uint8Array =>
  call(
    metadata,
    "clear_attribute",
    u32(collection),
    some(u32(item)),
    Uint8Array.of(ofCollectionOwner),
    prefixed(utf8ToBytes(key)),
  );

const ofCollectionOwner = 1;
