/**
 * Items of one lineage that rooms have used up. The first to write one down has used it, and nobody after: an item is used
 * up once, whoever asks again. The issuer says it on chain too, so that nobody can take it back: as a property, or as a word
 * of its own where items have none. So whoever reads the chain knows of it, also where what was written down is lost or held
 * back.
 */
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import type { AccountId } from "#rmrk/account.ts";
import { encodeRemark } from "#rmrk/codec/interaction.ts";
import type { NftId } from "#rmrk/ids.ts";
import { propertiesMax } from "#rmrk/limits.ts";
import { isUsed, usedProperty } from "#rmrk/rules/properties.ts";
import type { Nft, State } from "#rmrk/state/state.ts";
import { isNftsItemId, usedRemark, type NftsItemId } from "../ledger/nfts/used.ts";
import type { VoucherId } from "./voucher.ts";

/** One use, told from others by what asked for it. */
export interface Use {
  /** Of RMRK, or of pallet-nfts. */
  readonly item: NftId | NftsItemId;
  readonly player: PlayerId;
  readonly room: RoomId;
  /** Counted in the room. */
  readonly n: number;
  /** For which the item was minted; undefined if it was for none. */
  readonly voucher: VoucherId | undefined;
}

/** Remarks in one transaction. */
const remarksMax = 100;

export class UsedItems {
  readonly #uses = new Map<Use["item"], Use>();
  readonly #vouchers = new Set<VoucherId>();
  /** Not seen on chain yet. */
  readonly #unsaid = new Set<NftId>();
  readonly #unsaidPlaces = new Set<NftsItemId>();

  /** The use of an item that counts; undefined if there is none. */
  of(item: string): Use | undefined {
    return this.#uses.get(item as Use["item"]);
  }

  /** Whether what was issued for a voucher is used up. */
  hasVoucher(voucher: VoucherId): boolean {
    return this.#vouchers.has(voucher);
  }

  /** In the order in which they were written down. */
  add(use: Use): void {
    if (this.#uses.has(use.item)) return;
    this.#uses.set(use.item, use);
    if (isNftsItemId(use.item)) this.#unsaidPlaces.add(use.item);
    else this.#unsaid.add(use.item);
    if (use.voucher !== undefined) this.#vouchers.add(use.voucher);
  }

  /** What the issuer has still to say on chain of RMRK's items. Said twice, it would be refused. */
  remarks(items: State, issuer: AccountId): readonly Uint8Array[] {
    const remarks: Uint8Array[] = [];
    for (const id of this.#unsaid) {
      const nft = items.nfts.get(id);
      // Burned, or said. Nothing of this is taken back: only final blocks are read.
      if (nft === undefined || isUsed(nft)) this.#unsaid.delete(id);
      else if (remarks.length < remarksMax && canSay(nft, issuer)) remarks.push(remarkOf(id, items.prefix));
    }
    return remarks;
  }

  /** The same of pallet-nfts' items, also of burned ones: what is signed for a place may be minted there once more. */
  words(isSaid: (item: NftsItemId) => boolean): readonly Uint8Array[] {
    for (const id of this.#unsaidPlaces) if (isSaid(id)) this.#unsaidPlaces.delete(id);
    return [...this.#unsaidPlaces].slice(0, remarksMax).map(usedRemark);
  }
}

export const isSameUse = (a: Use, b: Omit<Use, "voucher">): boolean =>
  a.item === b.item && a.player === b.player && a.room === b.room && a.n === b.n;

const canSay = ({ collection, properties }: Nft, issuer: AccountId): boolean =>
  collection.issuer === issuer && (properties?.size ?? 0) < propertiesMax;

const remarkOf = (nft: NftId, prefix: number): Uint8Array =>
  encodeRemark({ op: "SETPROPERTY", nft, key: usedProperty, value: true, freeze: true }, prefix);
