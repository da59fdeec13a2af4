/** What a player has earned that goes on a chain, and how far it has come: what the player's own channel tells. */
import { ProtocolError } from "./errors.ts";
import { isRoomId, type RoomId } from "./identity.ts";
import { isRecord } from "./value.ts";

/**
 * - `earned`: it is written down.
 * - `waiting`: it is not on its way just now; `reason` says why.
 * - `redeemable`: its player can put it on the chain, with `mint`, from the account that it was signed for.
 * - `submitted`: a signed transaction with it was sent.
 * - `in-block`: the place says that a block has it, which may still be given up. Nobody has proven it.
 * - `final`: proven: its item is on the chain for good.
 */
export const voucherStages = ["earned", "waiting", "redeemable", "submitted", "in-block", "final"] as const;
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
  "fee-too-high": "The chain asks for more than this place pays for one transaction. It is kept until that is less.",
  "ledger-unfit": "The chain of this place cannot hold such an item. It is kept for you.",
  "mint-expired": "It was not redeemed in time. It is signed again as soon as that is proven.",
  "issuer-stopped": "Another worker of this place issues it.",
} as const;
export type VoucherReason = keyof typeof voucherReasons;

/** What its issuer has signed, so that one account can mint one item of pallet-nfts; what the item says is in the entry. */
export interface PreSigned {
  /** As the chain numbers them. */
  readonly collection: number;
  readonly item: number;
  /** The last block that may include it, as the chain counts blocks for this. */
  readonly deadline: number;
  /** Who may, and who signed: 64 hexadecimal digits each. */
  readonly account: string;
  readonly signer: string;
  /** By sr25519, 128 hexadecimal digits. */
  readonly signature: string;
}

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
  /** Null unless it is redeemable. */
  readonly mint: PreSigned | null;
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
  vouchers.map(({ voucher, room, once, collection, symbol, metadata, stage, reason, mint }) => [
    voucher,
    room,
    once,
    collection,
    symbol,
    metadata,
    stage,
    reason,
    mint && [mint.collection, mint.item, mint.deadline, mint.account, mint.signer, mint.signature],
  ]);

/** @throws ProtocolError "malformed". */
export function decodeVouchers(value: unknown): VouchersMessage {
  if (!Array.isArray(value) || value.length > vouchersMax) throw malformed();
  return { type: "vouchers", vouchers: value.map(decodeEntry) };
}

function decodeEntry(entry: unknown): VoucherEntry {
  if (!Array.isArray(entry) || entry.length !== 9) throw malformed();
  const [voucher, room, once, collection, symbol, metadata, stage, reason, mint] = entry as readonly unknown[];
  if (typeof voucher !== "string" || !/^[0-9a-f]{64}$/.test(voucher) || !isRoomId(room)) throw malformed();
  if (reason !== null && !(typeof reason === "string" && Object.hasOwn(voucherReasons, reason))) throw malformed();
  const known = voucherStages.find((one) => one === stage);
  if (known === undefined || (mint === null) === (known === "redeemable")) throw malformed();
  return {
    voucher,
    room,
    once: text(once),
    collection: text(collection),
    symbol: text(symbol),
    metadata: metadata === null ? null : text(metadata),
    stage: known,
    reason: reason as VoucherReason | null,
    mint: mint === null ? null : decodeMint(mint),
  };
}

function decodeMint(value: unknown): PreSigned {
  const read = Array.isArray(value) && value.length === 6 ? readPreSigned(asPreSigned(value)) : undefined;
  if (read === undefined) throw malformed();
  return read;
}

const asPreSigned = ([collection, item, deadline, account, signer, signature]: readonly unknown[]) => ({
  collection,
  item,
  deadline,
  account,
  signer,
  signature,
});

/** What was kept of one; undefined if it is none. */
export function readPreSigned(value: unknown): PreSigned | undefined {
  if (!isRecord(value)) return undefined;
  const { collection, item, deadline, account, signer, signature } = value;
  if (!isU32(collection) || !isU32(item) || !isU32(deadline)) return undefined;
  if (!isHex(account, 32) || !isHex(signer, 32) || !isHex(signature, 64)) return undefined;
  return { collection, item, deadline, account, signer, signature };
}

const isU32 = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff;

const isHex = (value: unknown, bytes: number): value is string =>
  typeof value === "string" && value.length === 2 * bytes && /^[0-9a-f]+$/.test(value);

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
  /** Forms of its items, which their issuer offers to whoever owns them. Absent: none. */
  readonly resources?: readonly ResourceTerms[];
}

/** A form of an item: a picture, what it looks like in a slot, or what it is made of. */
export interface ResourceTerms {
  /** Of the form, once for each symbol. */
  readonly id: string;
  /** Items with this symbol have it. Absent: all of the collection. */
  readonly of?: string;
  /** Its picture: ipfs://… or https://…; only something that is made of parts has none. */
  readonly src?: string;
  /** Where it is worn: symbol of a base of the world's owner, ".", one of its slots. */
  readonly slot?: string;
  /** What it is made of: symbol of a base of the world's owner, and those of its parts, fixed ones and slots. */
  readonly base?: string;
  readonly parts?: readonly string[];
}

export const collectionTermsLimits = {
  collections: 16,
  symbol: 32,
  max: 99_999_999,
  metadata: 256,
  /** An item can have 32, and others may come later. */
  resources: 8,
  parts: 64,
} as const;

/** By symbol, in their order; undefined if this is no such declaration. */
export function readCollections(value: unknown): { readonly [symbol: string]: CollectionTerms } | undefined {
  const { collections, symbol: symbolMax, max: itemsMax } = collectionTermsLimits;
  if (!isRecord(value)) return undefined;
  const symbols = Object.keys(value).sort();
  if (symbols.length === 0 || symbols.length > collections) return undefined;
  const found: Record<string, CollectionTerms> = {};
  for (const symbol of symbols) {
    const terms: unknown = value[symbol];
    if (!/^[A-Z0-9_]+$/.test(symbol) || symbol.length > symbolMax || !isRecord(terms)) return undefined;
    const { max, metadata, resources } = terms;
    if (typeof max !== "number" || !Number.isInteger(max) || max < 1 || max > itemsMax) return undefined;
    if (!isAddress(metadata)) return undefined;
    const forms = resources === undefined ? undefined : readResources(resources);
    if (resources !== undefined && forms === undefined) return undefined;
    found[symbol] = { max, metadata, ...(forms === undefined ? {} : { resources: forms }) };
  }
  return found;
}

function readResources(value: unknown): readonly ResourceTerms[] | undefined {
  const { resources } = collectionTermsLimits;
  if (!Array.isArray(value) || value.length === 0 || value.length > resources) return undefined;
  const read = value.map(readResource);
  if (!read.every((one) => one !== undefined)) return undefined;
  // One id means one form, for each item.
  const clash = read.some((a, i) => read.some((b, j) => j > i && a.id === b.id && (a.of ?? b.of) === (b.of ?? a.of)));
  return clash ? undefined : read;
}

const resourceMembers = ["id", "of", "src", "slot", "base", "parts"];

function readResource(value: unknown): ResourceTerms | undefined {
  if (!isRecord(value) || Object.keys(value).some((key) => !resourceMembers.includes(key))) return undefined;
  const { id, of, src, slot, base, parts } = value;
  if (!isName(id) || (of !== undefined && !isWord(of)) || (src !== undefined && !isAddress(src))) return undefined;
  if (slot !== undefined && !(typeof slot === "string" && isSlotName(slot))) return undefined;
  if (base !== undefined && !isWord(base)) return undefined;
  if (parts !== undefined && !areParts(parts)) return undefined;
  if ((base === undefined) !== (parts === undefined) || (src === undefined && parts === undefined)) return undefined;
  return {
    id,
    ...(of === undefined ? {} : { of }),
    ...(src === undefined ? {} : { src }),
    ...(slot === undefined ? {} : { slot }),
    ...(base === undefined || parts === undefined ? {} : { base, parts: [...parts] }),
  };
}

const isAddress = (value: unknown): value is string =>
  typeof value === "string" &&
  value.length <= collectionTermsLimits.metadata &&
  /^(?:ipfs|https):\/\/[\x21-\x7e]+$/.test(value);

/** A symbol of items or of a base. */
const isWord = (value: unknown): value is string => typeof value === "string" && /^[A-Za-z0-9_]{1,32}$/.test(value);

/** Of a form or a part; one word would be something else in other people's programs. */
const isName = (value: unknown): value is string =>
  typeof value === "string" && /^[A-Za-z0-9_-]{1,32}$/.test(value) && value !== "__proto__";

const isSlotName = (text: string): boolean => {
  const [base, part, ...more] = text.split(".");
  return isWord(base) && isName(part) && more.length === 0;
};

const areParts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length <= collectionTermsLimits.parts &&
  value.every(isName) &&
  new Set(value).size === value.length;
