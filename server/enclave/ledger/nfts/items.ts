/**
 * What an account owns of some collections, and what it says of itself. Which items that are is proven as a whole: a node
 * that names them can neither leave one out nor add one. Of who owns very many, which of them are seen is fixed by the state.
 */
import { bytesToHex, concatBytes } from "#protocol/bytes.ts";
import { accountBytes, type AccountId } from "#rmrk/account.ts";
import type { ChainSource } from "../follow/source.ts";
import type { BlockHash } from "../proof/header.ts";
import { littleEndian } from "../proof/scale.ts";
import { blake2b128Concat, storageKey } from "../proof/storage-keys.ts";
import { verifyKeys, verifyStorage } from "../proof/storage.ts";
import type { NftsState, Place } from "./reading.ts";
import { attributeKey, attributeText, slotKeys, slotOfValues } from "./slot.ts";

export interface NftsItem extends Place {
  /** For which it was minted, if it says so. */
  readonly voucher: string | undefined;
  readonly symbol: string | undefined;
  readonly metadata: string | undefined;
}

/** One item, wherever it is. */
export interface FoundItem {
  /** Undefined: nobody has it now. */
  readonly owner: AccountId | undefined;
  readonly voucher: string | undefined;
  /** Whether others may have it by a word of theirs: for a price, or in exchange. */
  readonly offered: boolean;
}

/** Names keys of a state; any may be left out. */
export interface KeyNames {
  keys(block: BlockHash, prefix: Uint8Array): Promise<readonly Uint8Array[]>;
}

/**
 * Items of an account that are looked at; of one that has more, so many of each collection. So nobody is crowded by gifts
 * from other collections, and whoever would crowd somebody out has to give away as many items of the same one.
 */
export const itemsMax = 240;
/** Of which it is asked in one question what they are. */
const askedAtOnce = 48;
const attributes = ["symbol", "metadata"] as const;

/** What the keys of an account's items begin with, or of those of one collection. */
export const itemsPrefix = (account: AccountId, collection?: number): Uint8Array =>
  keyUnder(
    storageKey("Nfts", "Account", blake2b128Concat(accountBytes(account))),
    ...(collection === undefined ? [] : [collection]),
  );

/** The places that such keys name; what is no key of an item names none. */
export function placesIn(keys: readonly Uint8Array[], account: AccountId): readonly Place[] {
  const prefix = itemsPrefix(account);
  return keys.flatMap((key) => {
    if (key.length !== prefix.length + 2 * hashedLength) return [];
    const view = new DataView(key.buffer, key.byteOffset);
    const collection = view.getUint32(prefix.length + hashLength, true);
    const item = view.getUint32(prefix.length + hashedLength + hashLength, true);
    // A node may name anything: one spelling of a place is enough.
    return bytesToHex(key) === bytesToHex(keyUnder(prefix, collection, item)) ? [{ collection, item }] : [];
  });
}

const hashLength = 16;
const hashedLength = hashLength + 4;

const keyUnder = (prefix: Uint8Array, ...place: readonly number[]): Uint8Array =>
  concatBytes(prefix, ...place.map((one) => blake2b128Concat(littleEndian(one, 4))));

/** Numbers of collections that an account owns, as far as a node names them; whether it does nobody has proven. */
export async function collectionsNamed(
  source: KeyNames,
  { block }: NftsState,
  owner: AccountId,
): Promise<readonly number[]> {
  const prefix = storageKey("Nfts", "CollectionAccount", blake2b128Concat(accountBytes(owner)));
  const keys = await source.keys(block.hash, prefix);
  return keys
    .filter(({ length }) => length === prefix.length + hashedLength)
    .map((key) => new DataView(key.buffer, key.byteOffset).getUint32(prefix.length + hashLength, true));
}

/** @throws ProofError as `verifyStorage`; "item-malformed"; whatever the source throws. */
export async function itemAt(
  source: Pick<ChainSource, "storage">,
  { block, stateRoot }: NftsState,
  { collection, item }: Place,
): Promise<FoundItem> {
  const place = [collection, item].map((number) => blake2b128Concat(littleEndian(number, 4)));
  const offers = ["ItemPriceOf", "PendingSwapOf"].map((name) => storageKey("Nfts", name, ...place));
  const keys = [...slotKeys(collection, item), ...offers];
  const values = verifyStorage(stateRoot, await source.storage(block.hash, keys), keys);
  const { owner, voucher } = slotOfValues(values.slice(0, 3));
  return { owner, voucher, offered: values.slice(3).some((value) => value !== undefined) };
}

/**
 * @param of which collections.
 * @throws ProofError as `verifyKeys` and `verifyStorage`: "proof-incomplete" where one is left out; "item-malformed"; whatever
 *   the source throws.
 */
export async function itemsOwned(
  source: KeyNames & Pick<ChainSource, "storage">,
  state: NftsState,
  account: AccountId,
  of: { has(collection: number): boolean; keys(): Iterable<number> },
): Promise<readonly NftsItem[]> {
  const places = await placesOwned(source, state, account, of);
  const items: NftsItem[] = [];
  for (let at = 0; at < places.length; at += askedAtOnce) {
    items.push(...(await itemsIn(source, state, account, places.slice(at, at + askedAtOnce))));
  }
  return items;
}

async function placesOwned(
  source: KeyNames & Pick<ChainSource, "storage">,
  { block, stateRoot }: NftsState,
  account: AccountId,
  of: Parameters<typeof itemsOwned>[3],
): Promise<readonly Place[]> {
  const proven = async (prefix: Uint8Array, named: readonly Uint8Array[], most?: number): Promise<readonly Place[]> => {
    const proof = await source.storage(block.hash, [prefix, ...named.slice(0, most)]);
    return placesIn(verifyKeys(stateRoot, proof, prefix, most), account);
  };
  const named = async (prefix: Uint8Array): Promise<readonly Uint8Array[]> =>
    itemKeysOf(await source.keys(block.hash, prefix), account);
  const all = itemsPrefix(account);
  const keys = await named(all);
  if (keys.length <= itemsMax) return (await proven(all, keys)).filter(({ collection }) => of.has(collection));
  const places: Place[] = [];
  for (const collection of of.keys()) {
    const prefix = itemsPrefix(account, collection);
    places.push(...(await proven(prefix, await named(prefix), itemsMax)));
  }
  return places;
}

/** Of what a node names: each key once, in the order of the state. */
function itemKeysOf(named: readonly Uint8Array[], account: AccountId): readonly Uint8Array[] {
  const prefix = itemsPrefix(account);
  const keys = placesIn(named, account).map(({ collection, item }) => keyUnder(prefix, collection, item));
  const byText = new Map(keys.map((key) => [bytesToHex(key), key]));
  return [...byText.keys()].sort().map((text) => byText.get(text)!);
}

async function itemsIn(
  source: Pick<ChainSource, "storage">,
  { block, stateRoot }: NftsState,
  account: AccountId,
  places: readonly Place[],
): Promise<readonly NftsItem[]> {
  const keys = places.flatMap(({ collection, item }) => [
    ...slotKeys(collection, item),
    ...attributes.map((name) => attributeKey(collection, item, name)),
  ]);
  const values = verifyStorage(stateRoot, await source.storage(block.hash, keys), keys);
  return places.flatMap((place, i) => {
    const at = i * (3 + attributes.length);
    const { owner, voucher } = slotOfValues(values.slice(at, at + 3));
    const [symbol, metadata] = values.slice(at + 3, at + 5).map((value) => value && attributeText(value));
    return owner === account ? [{ ...place, voucher, symbol, metadata }] : [];
  });
}
