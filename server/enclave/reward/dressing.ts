/**
 * Forms for items that were issued: what a collection's items look like, and in which slots they are worn. An item's id is
 * known once its block is final, so forms come after it; whether one is there already is read from the chain alone.
 */
import type { CollectionTerms, ResourceTerms } from "#protocol/award.ts";
import type { AccountId } from "#rmrk/account.ts";
import { encodeRemark } from "#rmrk/codec/interaction.ts";
import type { Resource } from "#rmrk/codec/resource.ts";
import { collectionIdOf, slotIdOf, symbolOf, type BaseId, type CollectionId, type NftId } from "#rmrk/ids.ts";
import { resourceOf, type Nft, type State } from "#rmrk/state/state.ts";

export interface DressingSetup {
  readonly issuer: AccountId;
  /** That a contract declares, by symbol. */
  readonly collections: { readonly [symbol: string]: CollectionTerms };
  /** Whose bases are meant; undefined: nobody's, and what needs one is not offered. */
  readonly owner: AccountId | undefined;
}

/** Remarks in one transaction. */
const remarksMax = 100;

/** A form that can be offered now: what it names is there. */
interface Form {
  readonly of: string | undefined;
  readonly resource: Resource;
}

export class Dressing {
  readonly #setup: DressingSetup;
  /** Whose items were looked at, from the oldest on; a map's iterator goes on with what was added behind it. */
  #items: State | undefined;
  #next: Iterator<Nft> | undefined;
  /** Ordinal of the last item that was looked at. */
  #seen = 0;
  /** What could be offered when they were. */
  #forms = "";
  readonly #lacking = new Set<NftId>();

  constructor(setup: DressingSetup) {
    this.#setup = setup;
  }

  /** What is to be said next: forms that items lack. Said twice, they would be refused. */
  next(items: State): readonly Uint8Array[] {
    const forms = this.#formsIn(items);
    if (forms.size === 0) return [];
    this.#look(items, forms);
    const remarks: Uint8Array[] = [];
    for (const id of this.#lacking) {
      const nft = items.nfts.get(id);
      const missing = nft === undefined ? [] : missingOf(nft, forms);
      if (missing.length === 0) this.#lacking.delete(id);
      if (remarks.length + missing.length > remarksMax) break;
      for (const resource of missing) {
        remarks.push(encodeRemark({ op: "RESADD", nft: id, resource, replaces: undefined }, items.prefix));
      }
    }
    return remarks;
  }

  #look(items: State, forms: ReadonlyMap<CollectionId, readonly Form[]>): void {
    const text = JSON.stringify([...forms]);
    if (this.#items !== items || this.#forms !== text || this.#next === undefined) {
      this.#items = items;
      this.#forms = text;
      this.#next = items.nfts.values();
      this.#seen = 0;
    }
    // Once an iterator has said that it is at the end, it says nothing else.
    while (this.#seen < items.minted) {
      const { value: nft, done } = this.#next.next();
      if (done === true) {
        // The newest ones were destroyed.
        this.#next = undefined;
        this.#seen = items.minted;
        return;
      }
      this.#seen = nft.ordinal;
      if (missingOf(nft, forms).length > 0) this.#lacking.add(nft.id);
    }
  }

  #formsIn(items: State): ReadonlyMap<CollectionId, readonly Form[]> {
    const { issuer, collections } = this.#setup;
    const found = new Map<CollectionId, readonly Form[]>();
    for (const [symbol, { resources = [] }] of Object.entries(collections)) {
      const id = collectionIdOf(issuer, symbol);
      if (items.collections.get(id)?.issuer !== issuer) continue;
      const forms = resources.flatMap((terms) => this.#formOf(terms, items) ?? []);
      if (forms.length > 0) found.set(id, forms);
    }
    return found;
  }

  /** Undefined while the base that it names is not there, or has no such part. */
  #formOf({ id, of, src, slot, base, parts }: ResourceTerms, items: State): Form | undefined {
    const [wornOn, place] = slot?.split(".") ?? [];
    const madeOf = base === undefined ? undefined : this.#baseNamed(items, base);
    const wornBase = wornOn === undefined ? undefined : this.#baseNamed(items, wornOn);
    if (base !== undefined && !(parts ?? []).every((part) => hasPart(items, madeOf, part))) return undefined;
    if (place !== undefined && items.bases.get(wornBase!)?.parts.get(place)?.kind !== "slot") return undefined;
    const resource = {
      id,
      src,
      thumb: undefined,
      metadata: undefined,
      base: madeOf,
      parts,
      slot: place === undefined ? undefined : slotIdOf(wornBase!, place),
      themeId: undefined,
      theme: undefined,
    };
    return { of, resource };
  }

  /** The first that the world's owner made under this symbol, and still has: everybody may make others. */
  #baseNamed({ bases }: State, symbol: string): BaseId | undefined {
    const { owner } = this.#setup;
    for (const base of bases.values()) if (base.issuer === owner && base.symbol === symbol) return base.id;
    return undefined;
  }
}

const hasPart = ({ bases }: State, base: BaseId | undefined, part: string): boolean =>
  base !== undefined && bases.get(base)?.parts.has(part) === true;

function missingOf(nft: Nft, forms: ReadonlyMap<CollectionId, readonly Form[]>): readonly Resource[] {
  const own = (forms.get(nft.collection.id) ?? []).filter(({ of }) => of === undefined || of === symbolOf(nft.id));
  return own.flatMap(({ resource }) => (resourceOf(nft, resource.id) === undefined ? [resource] : []));
}
