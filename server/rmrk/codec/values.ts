/** Readers of single values, which all interactions share. Each returns what it was given, typed, or throws. */
import { decodeAddress, encodeAddress, isAccountId, type AccountId } from "../account.ts";
import { RmrkError } from "../errors.ts";
import {
  isBaseId,
  isCollectionId,
  isName,
  isNftId,
  isSlotId,
  type BaseId,
  type CollectionId,
  type NftId,
  type SlotId,
} from "../ids.ts";
import { uriLengthMax } from "../limits.ts";
import type { Json } from "./json.ts";

/** Who an NFT is sent to: an account, or an NFT in which it will lie. */
export type Recipient = AccountId | NftId;

export const isAccount = (recipient: Recipient): recipient is AccountId => isAccountId(recipient);

/** @throws RmrkError "address-malformed", "address-network". */
export const readRecipient = (field: string, prefix: number): Recipient =>
  isNftId(field) ? field : decodeAddress(field, prefix);

export const writeRecipient = (recipient: Recipient, prefix: number): string =>
  isAccount(recipient) ? encodeAddress(recipient, prefix) : recipient;

/** @throws RmrkError "id-malformed". */
const reader =
  <Id extends string>(isId: (text: string) => text is Id) =>
  (value: Json | undefined): Id => {
    if (typeof value !== "string" || !isId(value)) throw new RmrkError("id-malformed");
    return value;
  };

export const readNftId: (value: Json | undefined) => NftId = reader(isNftId);
export const readCollectionId: (value: Json | undefined) => CollectionId = reader(isCollectionId);
export const readBaseId: (value: Json | undefined) => BaseId = reader(isBaseId);
export const readSlotId: (value: Json | undefined) => SlotId = reader(isSlotId);

/** @throws RmrkError "value-malformed" unless it is text that passes. */
export function readWord(value: Json | undefined, passes: (text: string) => boolean): string {
  if (typeof value !== "string" || !passes(value)) throw new RmrkError("value-malformed");
  return value;
}

/** The name of a part, a theme or a resource. */
export const readName = (value: Json | undefined): string => readWord(value, isName);

/** @throws RmrkError "value-malformed" unless it is a whole number between both, inclusively. */
export function readInteger(value: Json | undefined, min: number, max: number): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max) {
    throw new RmrkError("value-malformed");
  }
  return value;
}

const uriPattern = /^(?:https?|ipfs):\/\/[^\s\p{Cc}]+$/u;

/** A page may load it: no other schemes. */
export const isUri = (text: string): boolean => text.length <= uriLengthMax && uriPattern.test(text);

export const readUri = (value: Json | undefined): string => readWord(value, isUri);

/** As `read`, or undefined for what is not there. */
export const optional = <T>(value: Json | undefined, read: (value: Json) => T): T | undefined =>
  value === undefined ? undefined : read(value);

/** @throws RmrkError "value-malformed" for what is not an array of at most so many, or holds something twice. */
export function readList<T extends string>(
  value: Json | undefined,
  lengthMax: number,
  read: (value: Json) => T,
): readonly T[] {
  if (!Array.isArray(value) || value.length > lengthMax) throw new RmrkError("value-malformed");
  const list = (value as readonly Json[]).map(read);
  if (new Set(list).size !== list.length) throw new RmrkError("value-malformed", "named twice");
  return list;
}

/** @throws RmrkError "fields-malformed" unless there are between so many fields. */
export function expectFields(fields: readonly string[], min: number, max = min): void {
  if (fields.length < min || fields.length > max) throw new RmrkError("fields-malformed");
}
