/**
 * What a room has awarded, as far as it is an item: of a collection that the room's contract declares, and that the key of
 * its lineage issues. Who it was for is a player; which account that is may be known later.
 */
import type { CollectionTerms } from "#protocol/award.ts";
import { isPlayerId, type PlayerId, type RoomId } from "#protocol/identity.ts";
import { encodeMsgpack } from "#protocol/msgpack.ts";
import { isRecord, type Value } from "#protocol/value.ts";
import { accountOf, type AccountId } from "#rmrk/account.ts";
import { isUri } from "#rmrk/codec/values.ts";
import { collectionIdOf, isSymbol, type CollectionId } from "#rmrk/ids.ts";
import { playerVoucherId, voucherId, type Voucher, type VoucherId } from "./voucher.ts";

export interface Award {
  readonly id: VoucherId;
  readonly player: PlayerId;
  readonly room: RoomId;
  /** The reason within the room. */
  readonly once: string;
  readonly collection: CollectionId;
  readonly symbol: string;
  readonly transferable: 0 | 1;
  readonly metadata: string | undefined;
}

/** A room says this of an award of its contract. */
export interface Awarded {
  readonly room: RoomId;
  readonly player: PlayerId;
  readonly once: string;
  readonly item: Value;
}

/** Who issues what a lineage awards. */
export interface AwardTerms {
  /** 32 bytes. */
  readonly lineage: Uint8Array;
  readonly issuer: AccountId;
}

/** Bytes of an item, encoded: twice what all that counts in it can take. A room keeps its items for as long as it lives. */
const itemLengthMax = 1024;

/** Symbols of collections in which contracts award, if this is such an item. */
export const collectionOfItem = (item: Value): string | undefined =>
  isRecord(item) && typeof item["collection"] === "string" && encodeMsgpack(item).length <= itemLengthMax
    ? item["collection"]
    : undefined;

/**
 * `{ collection, symbol, metadata?, transferable?, perPlayer? }`: the collection by its symbol, the item's own symbol, its
 * description (else the collection's), whether it may change hands (else it may), and whether a player gets one of it ever, in
 * whichever rooms of the lineage it is awarded (else one for each reason in each room).
 *
 * @param collections that the contract declares.
 * @returns undefined for anything that is no item of these: then it is the room's own affair.
 */
export function awardOf(
  { room, player, once, item }: Awarded,
  { lineage, issuer }: AwardTerms,
  collections: { readonly [symbol: string]: CollectionTerms },
): Award | undefined {
  const collection = collectionOfItem(item);
  // Rules may name whom they like.
  if (!isPlayerId(player)) return undefined;
  if (collection === undefined || !Object.hasOwn(collections, collection) || !isRecord(item)) return undefined;
  const { symbol, metadata = collections[collection]!.metadata, transferable = true, perPlayer = false } = item;
  if (typeof symbol !== "string" || !isSymbol(symbol) || typeof transferable !== "boolean") return undefined;
  if (typeof perPlayer !== "boolean") return undefined;
  if (typeof metadata !== "string" || !isUri(metadata)) return undefined;
  return {
    id: perPlayer ? playerVoucherId(lineage, player, `${collection}/${symbol}`) : voucherId(lineage, room, once),
    player,
    room,
    once,
    collection: collectionIdOf(issuer, collection),
    symbol,
    transferable: transferable ? 1 : 0,
    metadata,
  };
}

/** The same, for an account. @param account 32 bytes. */
export const voucherFor = (
  { id, collection, symbol, transferable, metadata }: Award,
  account: Uint8Array,
): Voucher => ({ id, recipient: accountOf(account), collection, symbol, transferable, metadata });
