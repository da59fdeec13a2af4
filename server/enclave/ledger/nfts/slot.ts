/**
 * Where a voucher's item is, by the voucher alone: so that the runtime itself refuses a second one.
 *
 * That an item was minted there stays written when it is burned, because our collections fix something of their items and
 * the runtime keeps that. Which voucher it was is an attribute, and stays as well, unless whoever administers the
 * collection takes it away: then the place is silent.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, lengthPrefixed, utf8ToBytes } from "#protocol/bytes.ts";
import type { AccountId } from "#rmrk/account.ts";
import { demand } from "../proof/errors.ts";
import { littleEndian, prefixed, ScaleReader } from "../proof/scale.ts";
import { blake2b128Concat, storageKey } from "../proof/storage-keys.ts";
import { verifyStorage } from "../proof/storage.ts";
import { slotsMax } from "./limits.ts";

/** The attribute that says for which voucher an item was minted. */
export const voucherAttribute = "voucher";
const label = "phatroom/1/nfts-item";
const ofCollectionOwner = 1;

/** What a state says of one slot. */
export interface Slot {
  /** Of the item that is there now. */
  readonly owner: AccountId | undefined;
  /** Whether an item was ever there. */
  readonly minted: boolean;
  /** For which it was minted, if that is still written there. */
  readonly voucher: string | undefined;
}

/** @param attempt from 0 on: the next one where another voucher's item is in the one before. */
export function slotOf(voucher: string, attempt: number): number {
  if (attempt >= slotsMax) throw new RangeError("no such slot");
  const hash = sha256(lengthPrefixed(label, voucher, String(attempt)));
  return new DataView(hash.buffer, hash.byteOffset).getUint32(0, true);
}

/** What has to be proven to know a slot. */
export function slotKeys(
  collection: number,
  item: number,
): readonly [item: Uint8Array, config: Uint8Array, voucher: Uint8Array] {
  const place = [littleEndian(collection, 4), littleEndian(item, 4)].map(blake2b128Concat);
  return [
    storageKey("Nfts", "Item", ...place),
    storageKey("Nfts", "ItemConfigOf", ...place),
    attributeKey(collection, item, voucherAttribute),
  ];
}

/** Where one of an item's attributes stands, of those that its collection's owner answers for. */
export function attributeKey(collection: number, item: number, name: string): Uint8Array {
  const [of, at] = [littleEndian(collection, 4), littleEndian(item, 4)];
  const path = [of, concatBytes(Uint8Array.of(1), at), Uint8Array.of(ofCollectionOwner), prefixed(utf8ToBytes(name))];
  return storageKey("Nfts", "Attribute", ...path.map(blake2b128Concat));
}

/** @param proof of the slot's keys. @throws ProofError as `verifyStorage`; "item-malformed". */
export const proveSlot = (
  stateRoot: Uint8Array,
  proof: readonly Uint8Array[],
  collection: number,
  item: number,
): Slot => slotOfValues(verifyStorage(stateRoot, proof, slotKeys(collection, item)));

/** @param values proven, under `slotKeys`. @throws ProofError "item-malformed". */
export function slotOfValues([found, config, attribute]: readonly (Uint8Array | undefined)[]): Slot {
  // The owner comes first; who else may send it, and what was paid for it, follow.
  demand(found === undefined || found.length >= 32, "item-malformed");
  return {
    owner: found && (bytesToHex(found.subarray(0, 32)) as AccountId),
    minted: found !== undefined || config !== undefined,
    voucher: attribute && attributeText(attribute),
  };
}

/** Its value, behind which stands who paid for it. All that we write there is ASCII; what is none is not ours. */
export const attributeText = (attribute: Uint8Array): string =>
  String.fromCharCode(...new ScaleReader(attribute, "item-malformed").prefixed());
