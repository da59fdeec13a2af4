/** Which items go into the next batch: those that the chain would take, each under a serial number of its own. */
import type { AccountId } from "#rmrk/account.ts";
import { encodeRemark } from "#rmrk/codec/interaction.ts";
import { serialText, type CollectionId } from "#rmrk/ids.ts";
import { collectionSizeMax } from "#rmrk/limits.ts";
import type { Collection, State } from "#rmrk/state/state.ts";
import type { WaitingReason } from "./errors.ts";
import { mintOf, type Voucher } from "./voucher.ts";

/** Items in one batch. Wallets and indexers still read it, and it costs little if it has to be made again. */
export const batchMax = 100;

/** Bytes of a batch's remarks: far below a block's, so that it does not wait for an empty one. */
const batchBytesMax = 128 * 1024;

/** As many of these remarks as one batch takes, always one: the others are said in the next. So is a fee bounded by length. */
export function withinBatch(remarks: readonly Uint8Array[]): readonly Uint8Array[] {
  let bytes = 0;
  const more = remarks.findIndex((remark, i) => (bytes += remark.length) > batchBytesMax && i > 0);
  return more < 0 ? remarks : remarks.slice(0, more);
}

export interface Batch {
  readonly vouchers: readonly Voucher[];
  readonly remarks: readonly Uint8Array[];
  readonly waiting: ReadonlyMap<Voucher["id"], WaitingReason>;
}

/** @param open vouchers that are not redeemed, in the order in which they were earned. */
export function nextBatch(items: State, issuer: AccountId, open: Iterable<Voucher>): Batch {
  const serials = new Serials();
  const vouchers: Voucher[] = [];
  const remarks: Uint8Array[] = [];
  const waiting = new Map<Voucher["id"], WaitingReason>();
  let bytes = 0;
  for (const voucher of open) {
    if (vouchers.length === batchMax) break;
    const collection = items.collections.get(voucher.collection);
    const reason = reasonToWait(collection, issuer);
    const serial = reason === undefined ? serials.next(collection!) : undefined;
    if (serial === undefined) {
      waiting.set(voucher.id, reason ?? "collection-full");
      continue;
    }
    const remark = encodeRemark(mintOf(voucher, serialText(serial)), items.prefix);
    bytes += remark.length;
    if (bytes > batchBytesMax) break;
    vouchers.push(voucher);
    remarks.push(remark);
  }
  return { vouchers, remarks, waiting };
}

function reasonToWait(collection: Collection | undefined, issuer: AccountId): WaitingReason | undefined {
  if (collection === undefined || collection.destroyed) return "collection-unknown";
  if (collection.issuer !== issuer) return "not-issuer";
  return collection.locked ? "collection-locked" : undefined;
}

/** Whether the chain has seen the voucher: under any issuer of what this account created. */
export const isRedeemed = (items: State, { collection, id }: Voucher): boolean => {
  const creator = items.collections.get(collection)?.creator;
  return creator !== undefined && items.vouchers.get(creator)?.has(id) === true;
};

/** Numbers that no item of a collection ever had, counting those of the batch that is made. */
class Serials {
  readonly #last = new Map<CollectionId, number>();
  readonly #given = new Map<CollectionId, number>();

  /** Undefined: the collection is full. */
  next({ id, max, serials }: Collection): number | undefined {
    const given = this.#given.get(id) ?? 0;
    if (serials.size + given >= (max === 0 ? collectionSizeMax : max)) return undefined;
    // Numbers are given in order, so that the count is where to look; others than we may have left gaps or taken more.
    let serial = this.#last.get(id) ?? serials.size;
    do serial = (serial % collectionSizeMax) + 1;
    while (serials.has(serial));
    this.#last.set(id, serial);
    this.#given.set(id, given + 1);
    return serial;
  }
}
