/** What an issuer of pallet-nfts reads in one turn: of collections, of players, and of the places that vouchers have. */
import type { PreSigned } from "#protocol/award.ts";
import type { AccountId } from "#rmrk/account.ts";
import type { CollectionId } from "#rmrk/ids.ts";
import type { CollectionState } from "../ledger/nfts/collection.ts";
import { slotsMax } from "../ledger/nfts/limits.ts";
import type { NamedCollections } from "../ledger/nfts/naming.ts";
import type { PreSignedMint } from "../ledger/nfts/pre-signed-mint.ts";
import type { NftsAnswer, NftsQuestion } from "../ledger/nfts/reading.ts";
import { isRedeemable, type NextMint } from "../ledger/nfts/redeeming.ts";
import { slotOf, type Slot } from "../ledger/nfts/slot.ts";
import type { WaitingReason } from "./errors.ts";
import type { Intent } from "./journal.ts";
import type { Voucher, VoucherId } from "./voucher.ts";

/** An item that the issuer mints for itself and hands over, in one. */
export interface Gift {
  readonly mint: PreSignedMint;
  readonly to: AccountId;
}

/** What is known of a voucher's places. */
export interface Known {
  readonly voucher: Voucher;
  /** Where others' items were found so far, and until when something may live that was signed before that was known. */
  others: number;
  quietUntil: { readonly deadlines: number; readonly blocks: number };
  signed: PreSigned | undefined;
  reason: WaitingReason | undefined;
}

export interface Turn {
  /** The newest final block, as the runtime counts blocks for deadlines. */
  readonly block: number;
  readonly collections: ReadonlyMap<CollectionId, CollectionState | undefined>;
  readonly funds: ReadonlyMap<AccountId, bigint>;
  /** Items that each collection has or may get by what is on its way. */
  readonly counts: Map<CollectionId, number>;
  readonly gifts: Map<VoucherId, Gift>;
}

type Ask = (question: NftsQuestion) => Promise<NftsAnswer>;

/**
 * @param open all that are not final. @param own collections in which it issues.
 * @param intent what is on its way. @throws whatever asking throws.
 */
export async function readTurn(
  looked: readonly Known[],
  open: Iterable<Known>,
  own: readonly CollectionId[],
  named: NamedCollections,
  intent: Intent | undefined,
  ask: Ask,
): Promise<Turn> {
  const ids = own.filter((id) => named.numberOf(id) !== undefined);
  const accounts = [...new Set(looked.map(({ voucher }) => voucher.recipient))];
  const { block, collections, funds } = await ask({ collections: ids.map((id) => named.numberOf(id)!), accounts });
  const counts = new Map(ids.map((id, i) => [id, collections[i]?.minted ?? 0]));
  for (const { voucher, signed } of open) {
    const alive = signed !== undefined && signed.deadline > block;
    if (!alive && intent?.vouchers.includes(voucher.id) !== true) continue;
    counts.set(voucher.collection, (counts.get(voucher.collection) ?? 0) + 1);
  }
  return {
    block,
    collections: new Map(ids.map((id, i) => [id, collections[i]])),
    funds: new Map(accounts.map((account, i) => [account, funds[i]!])),
    counts,
    gifts: new Map(),
  };
}

/** The places of each voucher, from the first on, as far as others' items are in them. @throws whatever asking throws. */
export async function readSlots(
  looked: readonly Known[],
  named: NamedCollections,
  ask: Ask,
): Promise<ReadonlyMap<VoucherId, readonly Slot[]>> {
  const found = new Map<VoucherId, Slot[]>();
  let left = looked.filter(({ voucher }) => named.numberOf(voucher.collection) !== undefined);
  for (let attempt = 0; attempt < slotsMax && left.length > 0; attempt++) {
    const places = left.map(({ voucher }) => ({
      collection: named.numberOf(voucher.collection)!,
      item: slotOf(voucher.id, attempt),
    }));
    const answer = await ask({ places });
    for (const [i, { voucher }] of left.entries()) {
      found.set(voucher.id, [...(found.get(voucher.id) ?? []), answer.places[i]!]);
    }
    left = left.filter((known, i) => isAnothers(answer.places[i]!, known.voucher.id));
  }
  return found;
}

export const isAnothers = (slot: Slot, id: VoucherId): boolean => slot.voucher !== undefined && slot.voucher !== id;

/** Whether there may be another one, of so many at most; if so, it is counted. */
export function counted(collection: CollectionId, max: number, { collections, counts }: Turn): boolean {
  const count = counts.get(collection)!;
  if (count >= Math.min(max, collections.get(collection)?.max ?? Infinity)) return false;
  counts.set(collection, count + 1);
  return true;
}

/** Why nothing may be signed, whatever was signed before. */
export function reasonToWait(
  voucher: Voucher,
  next: NextMint | undefined,
  state: CollectionState | undefined,
): WaitingReason | undefined {
  if (state === undefined) return "collection-unknown";
  if (!state.issues) return "not-issuer";
  // An issuer can make items, and not bind them to anybody.
  const unfit = voucher.transferable === 0 || !isRedeemable(voucher) || next?.next === "no-slot";
  return unfit ? "ledger-unfit" : undefined;
}
