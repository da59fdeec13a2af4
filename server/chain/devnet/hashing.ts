/** Hashes that chains and their storage keys are made of. */
import { blake2b } from "@noble/hashes/blake2.js";
import { concatBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { keyOf, type StorageKey } from "./hex.ts";
import { xxh64 } from "#protocol/xxh64.ts";

export const blake2b256 = (bytes: Uint8Array): Uint8Array => blake2b(bytes, { dkLen: 32 });
export const blake2b128 = (bytes: Uint8Array): Uint8Array => blake2b(bytes, { dkLen: 16 });

/** Names of pallets and their items, which runtimes hash again before every access. */
const namesKept = 4096;
const nameLengthMax = 64;
const names = new Map<string, Uint8Array>();

/** XXH64 with as many seeds (0, 1, …) as make `length` bytes: "twox". The result is not to be changed. */
export function twox(bytes: Uint8Array, length: 8 | 16 | 32): Uint8Array {
  if (bytes.length > nameLengthMax || length !== 16) return computeTwox(bytes, length);
  const name = keyOf(bytes);
  let hash = names.get(name);
  if (hash === undefined) {
    if (names.size >= namesKept) names.clear();
    hash = computeTwox(bytes, length);
    names.set(name, hash);
  }
  return hash;
}

function computeTwox(bytes: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  const view = new DataView(out.buffer);
  for (let seed = 0; seed * 8 < length; seed++) view.setBigUint64(seed * 8, xxh64(bytes, BigInt(seed)), true);
  return out;
}

/** Where a pallet keeps a value; or, with hashed keys behind, an entry of a map. */
export const storageKey = (pallet: string, item: string, ...keys: readonly Uint8Array[]): StorageKey =>
  keyOf(concatBytes(twox(utf8ToBytes(pallet), 16), twox(utf8ToBytes(item), 16), ...keys));

export const blake2b128Concat = (key: Uint8Array): Uint8Array => concatBytes(blake2b128(key), key);
export const twox64Concat = (key: Uint8Array): Uint8Array => concatBytes(twox(key, 8), key);
