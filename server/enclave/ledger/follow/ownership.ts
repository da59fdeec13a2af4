/** What a room may believe that a player owns: nothing, unless it is known now. */
import type { AccountId } from "#rmrk/account.ts";
import { itemsOf, type Item } from "#rmrk/queries/inventory.ts";
import type { BlockRef } from "../proof/finality.ts";
import type { Strength } from "../proof/strength.ts";
import type { View } from "./follower.ts";

export type Ownership =
  | {
      readonly known: true;
      /** Trees of items, what waits in them to be accepted included. */
      readonly items: readonly Item[];
      readonly strength: Strength;
      readonly block: BlockRef;
      readonly ageMs: number;
    }
  /** "not-followed": nothing was heard of the chain yet. "stale": what was heard is older than it may be. */
  | { readonly known: false; readonly reason: "not-followed" | "stale" };

/**
 * @param now milliseconds since 1970, of the worker's clock. Whoever runs the machine can turn it, so that this bounds how
 *   long a network may be silent, and not more.
 * @param ageMaxMs beyond which a player's sale could have been missed.
 */
export function ownedBy(view: View | undefined, account: AccountId, now: number, ageMaxMs: number): Ownership {
  if (view === undefined) return { known: false, reason: "not-followed" };
  const ageMs = Math.max(0, now - view.time);
  if (ageMs > ageMaxMs) return { known: false, reason: "stale" };
  return { known: true, items: itemsOf(view.items, account), strength: view.strength, block: view.block, ageMs };
}
