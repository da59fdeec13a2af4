/**
 * What an account owns of a world's collections on pallet-nfts, for rules that ask: proven as a whole, once for each final
 * block. A node that hides an item, or adds one, proves nothing, and then nothing is known.
 */
import type { HeldItem } from "#protocol/held-item.ts";
import type { AccountId } from "#rmrk/account.ts";
import type { CollectionId } from "#rmrk/ids.ts";
import type { Word } from "../ledger/follow/block.ts";
import type { View } from "../ledger/follow/follower.ts";
import type { ChainSource } from "../ledger/follow/source.ts";
import { itemAt, itemsOwned, type FoundItem, type KeyNames } from "../ledger/nfts/items.ts";
import { NamedCollections } from "../ledger/nfts/naming.ts";
import { nftsItemId, placeOf, saidByIssuers, type SaidUsed } from "../ledger/nfts/used.ts";

export interface WorldItem extends FoundItem {
  readonly collection: CollectionId;
  /** Whether its issuer has said that it is used up. */
  readonly used: boolean;
}

/** Accounts whose items are kept for a block. */
const keptMax = 1024;

export class NftsHoldings {
  readonly #source: KeyNames & Pick<ChainSource, "storage">;
  readonly #named: NamedCollections;
  readonly #used: SaidUsed;
  readonly #kept = new Map<AccountId, Promise<readonly HeldItem[]>>();
  #block = "";

  /** @param owner of the collections, who says which they are. */
  constructor(source: KeyNames & Pick<ChainSource, "storage">, owner: AccountId) {
    this.#source = source;
    this.#named = new NamedCollections(owner);
    this.#used = saidByIssuers(this.#named);
  }

  /** Words of final blocks, in their order. */
  read(words: readonly Word[]): void {
    this.#named.read(words);
    this.#used.read(words);
  }

  /**
   * One item, for rules that want to use it up. Undefined: there is none of any of the world's collections.
   *
   * @throws ProofError as `itemAt`; whatever the source throws.
   */
  async find(id: string, view: View): Promise<WorldItem | undefined> {
    const place = placeOf(id);
    const collection = place && this.#named.all.get(place.collection);
    if (collection === undefined) return undefined;
    return { ...(await itemAt(this.#source, view, place!)), collection, used: this.#used.has(id) };
  }

  /** @throws ProofError as `itemsOwned`; whatever the source throws. */
  of(account: AccountId, view: View): Promise<readonly HeldItem[]> {
    const { hash } = view.block;
    if (hash !== this.#block || this.#kept.size >= keptMax) this.#kept.clear();
    this.#block = hash;
    const known = this.#kept.get(account);
    if (known !== undefined) return known;
    const asked = this.#ask(account, view);
    this.#kept.set(account, asked);
    // What failed is asked again.
    asked.catch(() => this.#kept.get(account) === asked && this.#kept.delete(account));
    return asked;
  }

  async #ask(account: AccountId, view: View): Promise<readonly HeldItem[]> {
    const { all } = this.#named;
    const items = await itemsOwned(this.#source, view, account, all);
    return items.flatMap((one): HeldItem[] => {
      const { collection, symbol = "", metadata = null } = one;
      const id = nftsItemId(one);
      if (this.#used.has(id)) return [];
      return [{ id, collection: all.get(collection)!, symbol, metadata, inside: null, slot: null }];
    });
  }
}
