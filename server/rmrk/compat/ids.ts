/**
 * Old ids, and the ids by which the same things go here. Collections were named by the first and the last four bytes of a
 * key where this zone takes five, and NFTs of RMRK 1.0 had sixteen digits.
 */
import type { AccountId } from "../account.ts";
import { collectionIdOf, nftIdOf, serialText, type CollectionId, type NftId } from "../ids.ts";
import { collectionSizeMax } from "../limits.ts";
import type { Collection, State } from "../state/state.ts";

const collectionPattern = /^[0-9a-f]{16}-[A-Z0-9_]{1,32}$/;
const nftPattern =
  /^(0|[1-9][0-9]{0,9})-([0-9a-f]{16}(?:[0-9a-f]{2})?-[A-Z0-9_]{1,32})-([A-Za-z0-9_]{1,32})-([0-9]{8}|[0-9]{16})$/;

/** What a collection of this account was called. */
export const oldCollectionIdOf = (creator: AccountId, symbol: string): string =>
  `${creator.slice(0, 8)}${creator.slice(-8)}-${symbol}`;

/** Of a state, as long as it has so many collections. */
const known = new WeakMap<State, { readonly size: number; readonly ids: ReadonlyMap<string, CollectionId> }>();

/** The first collection that may be meant: two accounts that differ in their fifth byte only have one old id. */
function collectionNamed(state: State, id: string): CollectionId | undefined {
  const { collections } = state;
  let names = known.get(state);
  if (names?.size !== collections.size) {
    const ids = new Map<string, CollectionId>();
    for (const collection of collections.values()) {
      const old = oldIdOf(collection);
      if (!ids.has(old)) ids.set(old, collection.id);
    }
    names = { size: collections.size, ids };
    known.set(state, names);
  }
  return names.ids.get(id);
}

const oldIdOf = ({ creator, symbol }: Collection): string => oldCollectionIdOf(creator, symbol);

/** A collection's or an NFT's old id as it is written here; everything else as it is. */
export function modernId(state: State, text: string): string {
  if (collectionPattern.test(text)) return collectionNamed(state, text) ?? text;
  const [, block, collection, symbol, serial] = nftPattern.exec(text) ?? [];
  if (serial === undefined) return text;
  const of = collectionPattern.test(collection!) ? collectionNamed(state, collection!) : (collection as CollectionId);
  const written = modernSerial(serial);
  return of === undefined || written === undefined ? text : (nftIdOf(Number(block), of, symbol!, written) as NftId);
}

/** Undefined for a number that no NFT has here. */
export function modernSerial(serial: string): string | undefined {
  const number = Number(serial);
  return /^[0-9]{1,16}$/.test(serial) && number <= collectionSizeMax ? serialText(number) : undefined;
}

/** The id of a collection that is created, if it is its creator's in the old spelling. */
export const createdId = (id: string, creator: AccountId, symbol: string): string =>
  id === oldCollectionIdOf(creator, symbol) ? collectionIdOf(creator, symbol) : id;
