/**
 * What players of rooms own, for rules that ask: told when they sit down and whenever it is different, and that it is not
 * known as soon as it is not. So nobody uses what is not theirs, also where a host hides blocks: what it cannot do is to
 * make a room believe that they own something.
 */
import { heldItemsMax, type HeldItem } from "#protocol/held-item.ts";
import type { PlayerId } from "#protocol/identity.ts";
import { accountOf, type AccountId } from "#rmrk/account.ts";
import { isIdOf } from "#rmrk/ids.ts";
import { saysUsed, type Item } from "#rmrk/queries/inventory.ts";
import type { View } from "../ledger/follow/follower.ts";
import { ownedBy } from "../ledger/follow/ownership.ts";
import type { Recipients } from "./recipients.ts";

/** What a `Room` has `outside` is one. */
export interface ItemsAudience {
  /** Who is seated. */
  readonly seated: readonly PlayerId[];
  /** Null: it is not known now. */
  tellItems(player: PlayerId, items: readonly HeldItem[] | null): void;
}

export interface HoldingsSetup {
  readonly view: () => View | undefined;
  readonly recipients: Recipients;
  /** Whether an item is used up, by its id: it may not be on chain yet. */
  readonly isUsed: (item: string) => boolean;
  /** Where items are those of pallet-nfts; undefined where they are RMRK's. May reject: nothing is known then. */
  readonly nfts?: ((account: AccountId, view: View) => Promise<readonly HeldItem[]>) | undefined;
  readonly ageMaxMs: number;
  /** Of the worker's clock: milliseconds since 1970. */
  readonly now: () => number;
}

export class Holdings {
  readonly #setup: HoldingsSetup;
  /** What each player of a room was told last, as text. */
  readonly #told = new WeakMap<ItemsAudience, Map<PlayerId, string>>();

  constructor(setup: HoldingsSetup) {
    this.#setup = setup;
  }

  /** @param own who issues what the room's rules award. @returns whether anything was told. */
  async look(room: ItemsAudience, own: AccountId | undefined): Promise<boolean> {
    const { seated } = room;
    const told = this.#told.get(room) ?? new Map<PlayerId, string>();
    this.#told.set(room, told);
    // Whoever sits down again is told again.
    for (const player of told.keys()) if (!seated.includes(player)) told.delete(player);
    let any = false;
    for (const player of seated) {
      const items = await this.#itemsOf(player, own);
      const text = JSON.stringify(items);
      // At first nothing is known, which need not be said.
      if ((told.get(player) ?? "null") === text || !room.seated.includes(player)) continue;
      told.set(player, text);
      room.tellItems(player, items);
      any = true;
    }
    return any;
  }

  async #itemsOf(player: PlayerId, own: AccountId | undefined): Promise<readonly HeldItem[] | null> {
    const { view, recipients, isUsed, nfts, ageMaxMs, now } = this.#setup;
    if (view() === undefined) return null;
    // Whoever knows accounts may be away.
    const account = await recipients.findRecipient(player).catch(() => null);
    if (account === null) return null;
    if (account === undefined) return [];
    const newest = view();
    const owned = ownedBy(newest, accountOf(account), now(), ageMaxMs);
    if (!owned.known) return null;
    if (nfts === undefined) return heldItems(owned.items, own, isUsed);
    const held = await nfts(accountOf(account), newest!).catch(() => null);
    return (
      held &&
      ownFirst(
        held.filter(({ id }) => !isUsed(id)),
        own,
      )
    );
  }
}

/**
 * Trees laid flat, without what waits to be accepted: it is not the player's yet. And without what is used up, with all that
 * lies in it, which is burned with it.
 */
export function heldItems(
  items: readonly Item[],
  own: AccountId | undefined,
  isUsed: (item: string) => boolean = () => false,
): readonly HeldItem[] {
  const flat: HeldItem[] = [];
  const collect = (item: Item, inside: string | null): void => {
    if (item.pending || isUsed(item.id) || saysUsed(item)) return;
    const { id, collection, symbol, metadata = null, equipped = null } = item;
    flat.push({ id, collection, symbol, metadata, inside, slot: equipped });
    for (const child of item.children) collect(child, id);
  };
  for (const item of items) collect(item, null);
  return ownFirst(flat, own);
}

/** Of own ones, and of the others, one of a kind before the second of any: gifts of which somebody has many hide nothing of which there is one. */
function ownFirst(items: readonly HeldItem[], own: AccountId | undefined): readonly HeldItem[] {
  const isOwn = ({ collection }: HeldItem): boolean => own !== undefined && isIdOf(own, collection);
  const kinds = new Set<string>();
  const isFirst = ({ collection, symbol, metadata }: HeldItem): boolean => {
    const kind = JSON.stringify([collection, symbol, metadata]);
    const first = !kinds.has(kind);
    kinds.add(kind);
    return first;
  };
  const ranked = items.map((item) => ({ item, rank: (isOwn(item) ? 0 : 2) + (isFirst(item) ? 0 : 1) }));
  return ranked
    .sort((a, b) => a.rank - b.rank)
    .slice(0, heldItemsMax)
    .map(({ item }) => item);
}
