/** What a player owns on the world's chain, as rules are told of it: proven, and now. */
import type { Value } from "./value.ts";

export interface HeldItem {
  /** Of the NFT: no other has it, ever. */
  readonly id: string;
  readonly collection: string;
  readonly symbol: string;
  readonly metadata: string | null;
  /** The item in which it lies; null for those that the player holds in hand. */
  readonly inside: string | null;
  /** The slot of a base in which it is worn; null if it is not. */
  readonly slot: string | null;
}

/** Items that rules are told of. Those of the rules' own collections come first. */
export const heldItemsMax = 64;

const textLengthMax = 512;

/** For MessagePack. */
export const encodeHeld = ({ id, collection, symbol, metadata, inside, slot }: HeldItem): Value => [
  id,
  collection,
  symbol,
  metadata,
  inside,
  slot,
];

/** Undefined if these are none. */
export function readHeld(value: unknown): readonly HeldItem[] | undefined {
  if (!Array.isArray(value) || value.length > heldItemsMax) return undefined;
  const items = value.map(readItem);
  return items.every((item) => item !== undefined) ? items : undefined;
}

function readItem(value: unknown): HeldItem | undefined {
  if (!Array.isArray(value) || value.length !== 6) return undefined;
  const [id, collection, symbol, metadata, inside, slot] = value as readonly unknown[];
  if (!isText(id) || !isText(collection) || !isText(symbol)) return undefined;
  if (!isTextOrNull(metadata) || !isTextOrNull(inside) || !isTextOrNull(slot)) return undefined;
  return { id, collection, symbol, metadata, inside, slot };
}

const isText = (value: unknown): value is string => typeof value === "string" && value.length <= textLengthMax;
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);
