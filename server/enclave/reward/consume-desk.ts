/**
 * Where rooms hand in items that are to be used up: only what is the player's by what the chain proves now, only of the
 * collections of the room's own lineage, and each once, whichever rooms and workers ask for it.
 */
import type { ConsumeRefusal } from "#protocol/consumption.ts";
import type { RoomId } from "#protocol/identity.ts";
import { StoreError } from "#protocol/store.ts";
import { accountOf, type AccountId } from "#rmrk/account.ts";
import type { CollectionId, NftId } from "#rmrk/ids.ts";
import { isUsed } from "#rmrk/rules/properties.ts";
import { isListed, type Nft } from "#rmrk/state/state.ts";
import { standingOf } from "#rmrk/state/tree.ts";
import type { View } from "../ledger/follow/follower.ts";
import { ChainError } from "../ledger/follow/linked-chain.ts";
import { ProofError } from "../ledger/proof/errors.ts";
import type { Consumption } from "../room/consuming.ts";
import type { WorldItem } from "./nfts-holdings.ts";
import type { Recipients } from "./recipients.ts";
import { isVoucherId, voucherOf, type VoucherId } from "./voucher.ts";
import { isSameUse, type Use } from "./used-items.ts";

/** What is written down of a lineage's items; an `AwardBook` is one. */
export interface UseBook {
  /** The use of an item that counts, as far as anybody has written it down by now. */
  useOf(item: string): Promise<Use | undefined>;
  /** Writes one down, before anybody is told of it. @returns whether it counts: no other was written down before. */
  use(use: Use): Promise<boolean>;
}

export interface ConsumeTerms {
  readonly room: RoomId;
  /** Of the room's contract; undefined if it issues nothing. */
  readonly book: UseBook | undefined;
  readonly collections: ReadonlySet<CollectionId>;
}

export interface ConsumeDeskSetup {
  readonly view: () => View | undefined;
  /** Where items are those of pallet-nfts, one of the world's by its id, proven; undefined where they are RMRK's. May reject. */
  readonly nfts?: ((item: string, view: View) => Promise<WorldItem | undefined>) | undefined;
  readonly recipients: Recipients;
  readonly ageMaxMs: number;
  /** Of the worker's clock: milliseconds since 1970. */
  readonly now: () => number;
}

export class ConsumeDesk {
  readonly #setup: ConsumeDeskSetup;

  constructor(setup: ConsumeDeskSetup) {
    this.#setup = setup;
  }

  /**
   * Uses an item up. The same one again, of the same room and number, is the same use: so it is also where whoever asked died
   * before it heard.
   *
   * @returns null if it is used up, by this use.
   * @throws whatever the book throws: then nobody knows, and it has to be asked again.
   */
  async consume({ n, player, item }: Consumption, terms: ConsumeTerms): Promise<ConsumeRefusal | null> {
    const { room, book } = terms;
    if (book === undefined) return "item-foreign";
    const before = await book.useOf(item);
    const asked = { item: item as Use["item"], player, room, n };
    if (before !== undefined) return isSameUse(before, asked) ? null : "item-used";
    const account = await this.#accountOf(player);
    if (typeof account !== "string") return account.refused;
    const found = await this.#find(item, account as AccountId, terms.collections);
    if ("refused" in found) return found.refused;
    return (await book.use({ ...asked, voucher: found.voucher })) ? null : "item-used";
  }

  async #accountOf(player: Consumption["player"]): Promise<AccountId | { readonly refused: ConsumeRefusal }> {
    try {
      const account = await this.#setup.recipients.findRecipient(player);
      return account === undefined ? { refused: "no-account" } : accountOf(account);
    } catch (error) {
      // Whoever knows accounts is away, and so is what the player owns.
      if (error instanceof StoreError) return { refused: "not-followed" };
      throw error;
    }
  }

  /** By the newest final block. Nothing is awaited between this and whoever writes it down but a proof, and the writing. */
  async #find(item: string, account: AccountId, collections: ReadonlySet<CollectionId>): Promise<Found> {
    const { view, now, ageMaxMs, nfts } = this.#setup;
    const proven = view();
    if (proven === undefined) return { refused: "not-followed" };
    const isStale = (): boolean => now() - proven.time > ageMaxMs;
    if (isStale()) return { refused: "stale" };
    if (nfts === undefined) {
      const nft = proven.items.nfts.get(item as NftId);
      if (nft === undefined) return { refused: "item-unknown" };
      const refused = refusalOf(nft, account, collections);
      return refused === undefined ? { voucher: voucherOf(nft) } : { refused };
    }
    try {
      const found = await nfts(item, proven);
      // A node may take its time with what it proves.
      return isStale() ? { refused: "stale" } : worldItem(found, account, collections);
    } catch (error) {
      if (error instanceof ProofError || error instanceof ChainError) return { refused: "not-followed" };
      throw error;
    }
  }
}

type Found = { readonly voucher: VoucherId | undefined } | { readonly refused: ConsumeRefusal };

function worldItem(item: WorldItem | undefined, account: AccountId, collections: ReadonlySet<CollectionId>): Found {
  if (item?.owner === undefined) return { refused: "item-unknown" };
  const { collection, owner, voucher, offered, used } = item;
  if (!collections.has(collection)) return { refused: "item-foreign" };
  if (used) return { refused: "item-used" };
  if (owner !== account) return { refused: "not-owner" };
  if (offered) return { refused: "item-listed" };
  return { voucher: isVoucherId(voucher) ? voucher : undefined };
}

function refusalOf(nft: Nft, account: AccountId, collections: ReadonlySet<CollectionId>): ConsumeRefusal | undefined {
  if (!collections.has(nft.collection.id)) return "item-foreign";
  if (isUsed(nft)) return "item-used";
  const { owner, pending, root } = standingOf(nft);
  if (owner !== account) return "not-owner";
  if (pending) return "item-pending";
  // Whoever buys it, or burns it, would have something else than is there.
  if (isListed(root)) return "item-listed";
  // What only waits to be accepted anybody may have put there.
  return nft.children?.some((child) => !child.pending) === true ? "item-not-empty" : undefined;
}
