/** Where FRAME's pallets keep what is proven: hashes of names, then of what an entry belongs to. */
import { blake2b } from "@noble/hashes/blake2.js";
import { concatBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { xxh64 } from "#protocol/xxh64.ts";
import { littleEndian } from "./scale.ts";

/** XXH64 with the seeds 0, 1, … for eight bytes each. */
function twox(bytes: Uint8Array, length: 8 | 16): Uint8Array {
  const halves = Array.from({ length: length / 8 }, (_, seed) => littleEndian(xxh64(bytes, BigInt(seed)), 8));
  return concatBytes(...halves);
}

export const storageKey = (pallet: string, item: string, ...keys: readonly Uint8Array[]): Uint8Array =>
  concatBytes(twox(utf8ToBytes(pallet), 16), twox(utf8ToBytes(item), 16), ...keys);

const twox64Concat = (key: Uint8Array): Uint8Array => concatBytes(twox(key, 8), key);
export const blake2b128Concat = (key: Uint8Array): Uint8Array => concatBytes(blake2b(key, { dkLen: 16 }), key);

/** Milliseconds since 1970, as the block's author said. */
export const timeKey = storageKey("Timestamp", "Now");
export const eventsKey = storageKey("System", "Events");
/** Of the runtime that executed the block whose state it is. */
export const runtimeKey = storageKey("System", "LastRuntimeUpgrade");

/** By how much work costs more than usual just now: see `runtime/fees.ts`. */
export const feeMultiplierKey = storageKey("TransactionPayment", "NextFeeMultiplier");

/** @param account 32 bytes. */
export const accountKey = (account: Uint8Array): Uint8Array =>
  storageKey("System", "Account", blake2b128Concat(account));

/** On a relay chain: the newest header of a parachain that it has accepted. */
export const parachainHeadKey = (parachain: number): Uint8Array =>
  storageKey("Paras", "Heads", twox64Concat(littleEndian(parachain, 4)));
