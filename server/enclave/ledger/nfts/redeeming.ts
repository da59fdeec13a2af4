/**
 * What is signed next for a voucher: one pre-signed mint at a time, and the next one only when the one before it is dead
 * and the chain has proven that nobody used it. So it does not matter whether a journal comes back older than it was, as
 * long as whoever starts signs nothing until all that may have been signed before is dead.
 */
import type { AccountId } from "#rmrk/account.ts";
import { slotsMax } from "./limits.ts";
import type { PreSignedMint } from "./pre-signed-mint.ts";
import { slotOf, voucherAttribute, type Slot } from "./slot.ts";

/** What of a voucher goes on this ledger. */
export interface Redeemable {
  readonly id: string;
  readonly recipient: AccountId;
  readonly symbol: string;
  readonly metadata: string | undefined;
}

export interface RedeemingTerms {
  /** As the chain numbers it. */
  readonly collection: number;
  /** The newest final block, as the runtime counts blocks for deadlines. */
  readonly block: number;
  /** Blocks for which a pre-signed mint can be used. */
  readonly period: number;
  /** Up to this block something may be used that was signed before, by this worker or one before it. */
  readonly signedUntil: number;
}

export type NextMint =
  /** The voucher's item was minted: here it is, or was. */
  | { readonly next: "redeemed"; readonly item: number; readonly owner: AccountId | undefined }
  /** For its player to use. */
  | { readonly next: "sign"; readonly mint: PreSignedMint }
  /** What was signed before may still be used. */
  | { readonly next: "wait" }
  /** Others are everywhere. */
  | { readonly next: "no-slot" };

/**
 * A place in which something was minted that does not say for whom counts as redeemed: it may have been given, or made
 * silent. That it was another's happens as seldom as two vouchers have one place.
 *
 * @param slots as they were proven to be after the final block, from the first on; those that are not needed may be
 *   missing.
 */
export function nextMint(
  { id, recipient, symbol, metadata }: Redeemable,
  slots: readonly Slot[],
  { collection, block, period, signedUntil }: RedeemingTerms,
): NextMint {
  for (let attempt = 0; attempt < slotsMax; attempt++) {
    const slot = slots[attempt];
    if (slot === undefined) break;
    const item = slotOf(id, attempt);
    if (slot.voucher !== undefined && slot.voucher !== id) continue;
    if (slot.minted) return { next: "redeemed", item, owner: slot.owner };
    if (block <= signedUntil) return { next: "wait" };
    const attributes = [
      [voucherAttribute, id],
      ["symbol", symbol],
      ...(metadata === undefined ? [] : [["metadata", metadata] as const]),
    ] as const;
    const deadline = block + period;
    return {
      next: "sign",
      mint: { collection, item, attributes, onlyAccount: recipient, deadline },
    };
  }
  return { next: "no-slot" };
}
