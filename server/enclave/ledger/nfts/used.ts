/**
 * That a room has used up an item of pallet-nfts. The pallet lets an issuer change nothing of an item that is there: what is
 * written beside it its collection's administrator writes, whether it moves its freezer decides, and neither is the enclave.
 * So the issuer says it in a remark, which whoever follows the chain reads in final blocks and cannot be kept from.
 */
import { utf8ToBytes } from "#protocol/bytes.ts";
import type { AccountId } from "#rmrk/account.ts";
import type { Word } from "../follow/block.ts";
import { isIdOf } from "#rmrk/ids.ts";
import type { NamedCollections } from "./naming.ts";
import type { Place } from "./reading.ts";

/** How rules name such an item: by its place, which it has for ever, whatever is burned and minted again there. */
export type NftsItemId = string & { readonly brand: "NftsItemId" };

const numberMax = 0xffff_ffff;
const itemPattern = /^nfts-(0|[1-9][0-9]{0,9})-(0|[1-9][0-9]{0,9})$/;

export const nftsItemId = ({ collection, item }: Place): NftsItemId => `nfts-${collection}-${item}` as NftsItemId;

/** Undefined if this is no such id. */
export function placeOf(id: string): Place | undefined {
  const [, collection, item] = itemPattern.exec(id) ?? [];
  if (collection === undefined || Math.max(Number(collection), Number(item)) > numberMax) return undefined;
  return { collection: Number(collection), item: Number(item) };
}

export const isNftsItemId = (text: string): text is NftsItemId => placeOf(text) !== undefined;

const head = "PHATROOM::USED::1::";
/** Of such a remark: no id is longer. */
const lengthMax = head.length + 32;

export const usedRemark = (id: NftsItemId): Uint8Array => utf8ToBytes(`${head}${id}`);

/** What was said so far. Only final blocks are read, so that nothing of it is taken back. */
export class SaidUsed {
  readonly #counts: (caller: AccountId, place: Place) => boolean;
  readonly #items = new Set<NftsItemId>();

  /** @param counts whether it is this account's to say of the item. */
  constructor(counts: (caller: AccountId, place: Place) => boolean) {
    this.#counts = counts;
  }

  /** Words of final blocks, in their order; the same ones again change nothing. */
  read(words: readonly Word[]): void {
    for (const { caller, bytes } of words) {
      if (bytes.length > lengthMax) continue;
      const text = String.fromCharCode(...bytes);
      const place = text.startsWith(head) ? placeOf(text.slice(head.length)) : undefined;
      if (place !== undefined && this.#counts(caller, place)) this.#items.add(nftsItemId(place));
    }
  }

  has(id: string): boolean {
    return this.#items.has(id as NftsItemId);
  }
}

/** What all issuers of a world have said, each of its own collections. @param named by now, whenever words are read. */
export const saidByIssuers = (named: NamedCollections): SaidUsed =>
  new SaidUsed((caller, { collection }) => {
    const id = named.all.get(collection);
    return id !== undefined && isIdOf(caller, id);
  });
