/**
 * Items of pallet-nfts: what an account owns of the world's collections, and what became of the vouchers that this device
 * keeps. All of it is proven in the state of the newest final block; which items an account may have the gateway names.
 */
import { signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { View } from "#enclave/ledger/follow/follower.ts";
import { itemsOwned, type NftsItem } from "#enclave/ledger/nfts/items.ts";
import type { NamedCollections } from "#enclave/ledger/nfts/naming.ts";
import { readNfts, type Place } from "#enclave/ledger/nfts/reading.ts";
import { slotOf, type Slot } from "#enclave/ledger/nfts/slot.ts";
import { ProofError } from "#enclave/ledger/proof/errors.ts";
import type { KeptVoucher } from "#kit/vouchers.ts";
import type { AccountId } from "#rmrk/account.ts";
import { isCollectionId } from "#rmrk/ids.ts";
import type { Standing } from "./following.ts";
import { HttpChainError, type HttpChain } from "./http-chain.ts";
import type { NftsTerms } from "./terms.ts";

export interface Shelved {
  readonly account: AccountId | undefined;
  readonly items: readonly NftsItem[];
  /** The newest final block, as the runtime counts blocks for deadlines; undefined: nothing was read yet. */
  readonly block: number | undefined;
  /** What is in the places of vouchers that are or were redeemable, by the voucher. */
  readonly places: ReadonlyMap<string, Slot>;
}

const nobody = "00".repeat(32) as AccountId;
const nothing: Shelved = { account: undefined, items: [], block: undefined, places: new Map() };

/** Vouchers whose places are looked at: the newest. */
const placesMax = 48;

export class Shelf {
  readonly #terms: NftsTerms;
  readonly #chain: HttpChain;
  readonly #shelved: Signal<Shelved> = signal(nothing);
  #wanted: (() => Promise<void>) | undefined;
  #reading = false;

  constructor(terms: NftsTerms, chain: HttpChain) {
    this.#terms = terms;
    this.#chain = chain;
  }

  get shelved(): ReadonlySignal<Shelved> {
    return this.#shelved;
  }

  /** Reads it anew; of several wishes that come meanwhile the last one. */
  async look(standing: Standing, account: AccountId | undefined, vouchers: readonly KeptVoucher[]): Promise<void> {
    const { view, named } = standing;
    if (view === undefined || named === undefined) return;
    this.#wanted = () => this.#read(view, account, vouchers, named);
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#wanted !== undefined) {
        const read: () => Promise<void> = this.#wanted;
        this.#wanted = undefined;
        await read();
      }
    } catch (error) {
      // It is looked at again with the next block.
      if (!(error instanceof HttpChainError) && !(error instanceof ProofError)) throw error;
    } finally {
      this.#reading = false;
    }
  }

  async #read(
    view: View,
    account: AccountId | undefined,
    vouchers: readonly KeptVoucher[],
    named: NamedCollections,
  ): Promise<void> {
    const looked = vouchers
      .flatMap((voucher): readonly [string, Place][] => {
        const place = placeOf(voucher, named);
        return place === undefined ? [] : [[voucher.id, place]];
      })
      .slice(-placesMax);
    const places = looked.map(([, place]) => place);
    const answer = await readNfts(this.#chain, view, nobody, { places }, this.#terms.deadlines);
    const items = account === undefined ? [] : await itemsOwned(this.#chain, view, account, named.all);
    this.#shelved.value = {
      account,
      items,
      block: answer.block,
      places: new Map(looked.map(([id], i) => [id, answer.places[i]!])),
    };
  }
}

/** For which it was signed, or where it most likely is. */
function placeOf({ id, collection, mint }: KeptVoucher, named: NamedCollections): Place | undefined {
  if (mint !== undefined) return { collection: mint.collection, item: mint.item };
  const number = collection !== undefined && isCollectionId(collection) ? named.numberOf(collection) : undefined;
  return number === undefined ? undefined : { collection: number, item: slotOf(id, 0) };
}

/**
 * How far a voucher is that its player redeems:
 * - `other-account`: it was signed for another account than the one that is shown.
 * - `expired`: it has to be signed again.
 * - `redeemable`: it can be redeemed now.
 * - `final`: its item was minted.
 */
export type Redeeming = "redeemable" | "expired" | "other-account" | "final";

/** Undefined: not its player's to redeem, or nothing is known yet. */
export function redeemingOf(
  { id, mint }: KeptVoucher,
  { block, places }: Shelved,
  account: AccountId | undefined,
): Redeeming | undefined {
  if (places.get(id)?.voucher === id) return "final";
  if (mint === undefined || block === undefined) return undefined;
  if (mint.deadline <= block) return "expired";
  return mint.account === account ? "redeemable" : "other-account";
}
