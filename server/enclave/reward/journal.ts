/**
 * What a worker writes down before it does it: awards before it tells of them, transactions before it sends them. It may
 * come back older than it was, or empty: then vouchers come again from their rooms, and the fence keeps them single.
 */
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { isPlayerId, isRoomId } from "#protocol/identity.ts";
import { isNftId } from "#rmrk/ids.ts";
import { isNftsItemId } from "../ledger/nfts/used.ts";
import type { BlockHash } from "../ledger/proof/header.ts";
import type { Award } from "./award.ts";
import { RewardError } from "./errors.ts";
import type { Use } from "./used-items.ts";
import { checkVoucher, isVoucherId, type Voucher, type VoucherId } from "./voucher.ts";

/** A transaction that was signed: sent again it is the same, and another one is not signed while it may be included. */
export interface Intent {
  readonly nonce: number;
  readonly birth: { readonly number: number; readonly hash: BlockHash };
  readonly period: number;
  readonly transaction: Uint8Array;
  /** None: it is a fence, creates collections, or gives items their forms. */
  readonly vouchers: readonly VoucherId[];
}

export type JournalEntry =
  /** For a player, whose account may not be known yet. */
  | { readonly kind: "award"; readonly award: Award }
  /** An item is used up: the first of an item counts. */
  | { readonly kind: "use"; readonly use: Use }
  | { readonly kind: "voucher"; readonly voucher: Voucher }
  | { readonly kind: "intent"; readonly intent: Intent };

/** Where entries are kept: sealed, in order. */
export interface RewardJournal {
  /** Resolves when the entry is kept. */
  append(entry: Uint8Array): Promise<void>;
}

const entryLengthMax = 4 * 1024 * 1024;

export function encodeEntry(entry: JournalEntry): Uint8Array {
  if (entry.kind === "award") return utf8ToBytes(JSON.stringify(entry.award));
  if (entry.kind === "use") return utf8ToBytes(JSON.stringify(entry.use));
  if (entry.kind === "voucher") return utf8ToBytes(JSON.stringify(entry.voucher));
  const { transaction, ...rest } = entry.intent;
  return concatBytes(utf8ToBytes(JSON.stringify({ ...rest, transaction: bytesToHex(transaction) })));
}

/** @throws RewardError "journal-malformed" for anything that `encodeEntry` would not have written. */
export function decodeEntry(bytes: Uint8Array): JournalEntry {
  if (bytes.length > entryLengthMax) throw new RewardError("journal-malformed", "too long");
  try {
    const json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as Record<string, unknown>;
    if (typeof json["transaction"] === "string") return { kind: "intent", intent: intentOf(json) };
    if (typeof json["item"] === "string") return { kind: "use", use: readUse(json) };
    if (typeof json["player"] === "string") return { kind: "award", award: readAward(json) };
    return { kind: "voucher", voucher: checkVoucher(json) };
  } catch (error) {
    throw new RewardError("journal-malformed", error instanceof Error ? error.message : undefined);
  }
}

function readAward(json: Record<string, unknown>): Award {
  const { player, room, once } = json;
  // Whoever receives it is not known yet: any account will do to look at the rest.
  const { recipient: _, ...item } = checkVoucher({ ...json, recipient: "00".repeat(32) });
  if (!isPlayerId(player) || !isRoomId(room) || typeof once !== "string")
    throw new RewardError("journal-malformed", "an award");
  return { ...item, player, room, once };
}

function readUse({ item, player, room, n, voucher }: Record<string, unknown>): Use {
  const named = typeof item === "string" && (isNftId(item) || isNftsItemId(item));
  if (
    !named ||
    !isPlayerId(player) ||
    !isRoomId(room) ||
    !Number.isSafeInteger(n) ||
    (voucher !== undefined && !isVoucherId(voucher))
  )
    throw new RewardError("journal-malformed", "a use");
  return { item, player, room, n: n as number, voucher };
}

/** Our own seal is around it: what is checked is that this version wrote it. */
function intentOf(json: Record<string, unknown>): Intent {
  const { nonce, birth, period, transaction, vouchers } = json as unknown as Omit<Intent, "transaction"> & {
    readonly transaction: string;
  };
  const sound =
    [nonce, birth.number, period].every((number) => Number.isInteger(number) && number >= 0) &&
    [birth.hash, ...vouchers].every((text) => /^[0-9a-f]{64}$/.test(text));
  if (!sound) throw new RewardError("journal-malformed", "an intent");
  return { nonce, birth, period, transaction: hexToBytes(transaction), vouchers };
}
