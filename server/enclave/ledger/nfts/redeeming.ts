/**
 * What is signed next for a voucher: one pre-signed mint at a time, and the next one only when the one before it is dead
 * and the chain has proven that nobody used it. What is signed for a voucher is for one place, whoever signs it, so that
 * a journal may come back older than it was, and two workers may sign: the runtime mints a place once. A second place is
 * signed only when all that may have been signed for the first one is dead.
 */
import { utf8ToBytes } from "#protocol/bytes.ts";
import type { AccountId } from "#rmrk/account.ts";
import { attributeValueMax, slotsMax } from "./limits.ts";
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
  /** Up to this block something may be used that was signed before: for this place by this worker, for one before it by anybody. */
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

/** What an item says of itself. */
export const attributesOf = ({ id, symbol, metadata }: Omit<Redeemable, "recipient">): PreSignedMint["attributes"] => [
  [voucherAttribute, id],
  ["symbol", symbol],
  ...(metadata === undefined ? [] : [["metadata", metadata] as const]),
];

/** Whether a pallet's items can say it. */
export const isRedeemable = ({ symbol, metadata = "" }: Pick<Redeemable, "symbol" | "metadata">): boolean =>
  [symbol, metadata].every((text) => utf8ToBytes(text).length <= attributeValueMax);

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
    const attributes = attributesOf({ id, symbol, metadata });
    const deadline = block + period;
    return {
      next: "sign",
      mint: { collection, item, attributes, onlyAccount: recipient, deadline },
    };
  }
  return { next: "no-slot" };
}
