/** What a player has earned that goes on a chain, and how far it has come: what the player's own channel tells. */
import { ProtocolError } from "./errors.ts";
import { isRoomId, type RoomId } from "./identity.ts";
import { isRecord } from "./value.ts";

/**
 * - `earned`: it is written down.
 * - `waiting`: it is not on its way just now; `reason` says why.
 * - `submitted`: a signed transaction with it was sent.
 * - `in-block`: the place says that a block has it, which may still be given up. Nobody has proven it.
 * - `final`: proven: its item is on the chain for good.
 */
export const voucherStages = ["earned", "waiting", "submitted", "in-block", "final"] as const;
export type VoucherStage = (typeof voucherStages)[number];

/** Why it waits, in a sentence for the player. */
export const voucherReasons = {
  "no-account": "Link a wallet to receive it. It is kept for you until then.",
  "no-chain": "This place has no chain to put it on. It is kept for you.",
  "collection-unknown": "Its collection is not on the chain yet.",
  "not-issuer": "Its collection is issued by somebody else now.",
  "collection-locked": "Nothing more is issued in its collection.",
  "collection-full": "All items that its collection may ever have were issued.",
  "issuer-unfunded": "The place has not paid the chain's fees. It is kept for you until it has.",
  "issuer-stopped": "Another worker of this place issues it.",
} as const;
export type VoucherReason = keyof typeof voucherReasons;

export interface VoucherEntry {
  /** 64 hexadecimal digits: of this award and of no other. */
  readonly voucher: string;
  readonly room: RoomId;
  /** The reason within the room. */
  readonly once: string;
  /** Id of the collection, and the item's symbol in it. */
  readonly collection: string;
  readonly symbol: string;
  readonly metadata: string | null;
  readonly stage: VoucherStage;
  readonly reason: VoucherReason | null;
}

/** Some of what this player has earned in this world: what is new, or stands differently. */
export interface VouchersMessage {
  readonly type: "vouchers";
  readonly vouchers: readonly VoucherEntry[];
}

/** In one message; the newest count. */
export const vouchersMax = 256;

const textLengthMax = 1024;

/** For MessagePack. */
export const encodeVouchers = ({ vouchers }: VouchersMessage) =>
  vouchers.map(({ voucher, room, once, collection, symbol, metadata, stage, reason }) => [
    voucher,
    room,
    once,
    collection,
    symbol,
    metadata,
    stage,
    reason,
  ]);

/** @throws ProtocolError "malformed". */
export function decodeVouchers(value: unknown): VouchersMessage {
  if (!Array.isArray(value) || value.length > vouchersMax) throw malformed();
  return { type: "vouchers", vouchers: value.map(decodeEntry) };
}

function decodeEntry(entry: unknown): VoucherEntry {
  if (!Array.isArray(entry) || entry.length !== 8) throw malformed();
  const [voucher, room, once, collection, symbol, metadata, stage, reason] = entry as readonly unknown[];
  if (typeof voucher !== "string" || !/^[0-9a-f]{64}$/.test(voucher) || !isRoomId(room)) throw malformed();
  if (reason !== null && !(typeof reason === "string" && Object.hasOwn(voucherReasons, reason))) throw malformed();
  const known = voucherStages.find((one) => one === stage);
  if (known === undefined) throw malformed();
  return {
    voucher,
    room,
    once: text(once),
    collection: text(collection),
    symbol: text(symbol),
    metadata: metadata === null ? null : text(metadata),
    stage: known,
    reason: reason as VoucherReason | null,
  };
}

function text(value: unknown): string {
  if (typeof value !== "string" || value.length > textLengthMax) throw malformed();
  return value;
}

const malformed = (): ProtocolError => new ProtocolError("malformed", "vouchers");

/** A collection that a contract issues items of, by what its manifest says. */
export interface CollectionTerms {
  /** Items that there may ever be. */
  readonly max: number;
  /** What describes it: ipfs://… or https://… */
  readonly metadata: string;
}

export const collectionTermsLimits = { collections: 16, symbol: 32, max: 99_999_999, metadata: 256 } as const;

/** By symbol, in their order; undefined if this is no such declaration. */
export function readCollections(value: unknown): { readonly [symbol: string]: CollectionTerms } | undefined {
  const { collections, symbol: symbolMax, max: itemsMax, metadata: metadataMax } = collectionTermsLimits;
  if (!isRecord(value)) return undefined;
  const symbols = Object.keys(value).sort();
  if (symbols.length === 0 || symbols.length > collections) return undefined;
  const found: Record<string, CollectionTerms> = {};
  for (const symbol of symbols) {
    const terms: unknown = value[symbol];
    if (!/^[A-Z0-9_]+$/.test(symbol) || symbol.length > symbolMax || !isRecord(terms)) return undefined;
    const { max, metadata } = terms;
    if (typeof max !== "number" || !Number.isInteger(max) || max < 1 || max > itemsMax) return undefined;
    if (typeof metadata !== "string" || metadata.length > metadataMax) return undefined;
    if (!/^(?:ipfs|https):\/\/[\x21-\x7e]+$/.test(metadata)) return undefined;
    found[symbol] = { max, metadata };
  }
  return found;
}
