/**
 * Ids of collections, NFTs, bases and slots. Each has one spelling, and no part of one can be read as another: a
 * collection's symbol is upper-case, symbols hold neither "-" nor ".", numbers have no leading zeros but serial ones.
 */
import type { AccountId } from "./account.ts";
import { blockMax, serialLength, symbolLengthMax } from "./limits.ts";

/** First ten and last eight digits of the issuer's key, "-", the symbol. */
export type CollectionId = string & { readonly brand: "CollectionId" };
/** Block of the MINT, collection, symbol and serial number. Nobody knows it before the block, and another fork has another. */
export type NftId = string & { readonly brand: "NftId" };
/** "base", block of the BASE, symbol. */
export type BaseId = string & { readonly brand: "BaseId" };
/** A base's id, ".", the id of one of its slots. */
export type SlotId = string & { readonly brand: "SlotId" };

const symbol = `[A-Za-z0-9_]{1,${symbolLengthMax}}`;
const block = "(?:0|[1-9][0-9]{0,9})";
const collection = `[0-9a-f]{18}-[A-Z0-9_]{1,${symbolLengthMax}}`;
const base = `base-${block}-${symbol}`;
const name = `[A-Za-z0-9_-]{1,${symbolLengthMax}}`;

const collectionSymbolPattern = new RegExp(`^[A-Z0-9_]{1,${symbolLengthMax}}$`);
const symbolPattern = new RegExp(`^${symbol}$`);
const namePattern = new RegExp(`^${name}$`);
const serialPattern = new RegExp(`^[0-9]{${serialLength}}$`);
const collectionPattern = new RegExp(`^${collection}$`);
const nftPattern = new RegExp(`^(${block})-${collection}-${symbol}-[0-9]{${serialLength}}$`);
const basePattern = new RegExp(`^base-(${block})-${symbol}$`);
const slotPattern = new RegExp(`^(${base})\\.(${name})$`);

export const isCollectionSymbol = (text: string): boolean => collectionSymbolPattern.test(text);
export const isSymbol = (text: string): boolean => symbolPattern.test(text);
/** Of a part, a theme or a resource. One word would be something else in other people's programs. */
export const isName = (text: string): boolean => namePattern.test(text) && text !== "__proto__";
export const isSerial = (text: string): boolean => serialPattern.test(text);
export const isCollectionId = (text: string): text is CollectionId => collectionPattern.test(text);

export function isNftId(text: string): text is NftId {
  const match = nftPattern.exec(text);
  return match !== null && Number(match[1]) <= blockMax;
}

export function isBaseId(text: string): text is BaseId {
  const match = basePattern.exec(text);
  return match !== null && Number(match[1]) <= blockMax;
}

export const isSlotId = (text: string): text is SlotId => splitSlotId(text as SlotId) !== undefined;

/** The base and the part that a slot's id names; undefined if it is none. */
export function splitSlotId(slot: SlotId): { readonly base: BaseId; readonly part: string } | undefined {
  const match = slotPattern.exec(slot);
  if (match === null || !isBaseId(match[1]!)) return undefined;
  return { base: match[1], part: match[2]! };
}

const headOf = (issuer: AccountId): string => `${issuer.slice(0, 10)}${issuer.slice(-8)}-`;

/** The only id under which this account may create a collection with this symbol. */
export const collectionIdOf = (issuer: AccountId, symbolText: string): CollectionId =>
  `${headOf(issuer)}${symbolText}` as CollectionId;

/** Whether a collection's id is made of this account. */
export const isIdOf = (issuer: AccountId, id: string): boolean => id.startsWith(headOf(issuer));

export const nftIdOf = (blockNumber: number, of: CollectionId, symbolText: string, serial: string): NftId =>
  `${blockNumber}-${of}-${symbolText}-${serial}` as NftId;

export const serialText = (serial: number): string => String(serial).padStart(serialLength, "0");
export const serialOf = (nft: NftId): number => Number(nft.slice(-serialLength));
export const symbolOf = (nft: NftId): string =>
  nft.slice(nft.indexOf("-", nft.indexOf("-", nft.indexOf("-") + 1) + 1) + 1, -serialLength - 1);

export const baseIdOf = (blockNumber: number, symbolText: string): BaseId =>
  `base-${blockNumber}-${symbolText}` as BaseId;

export const slotIdOf = (of: BaseId, part: string): SlotId => `${of}.${part}` as SlotId;
