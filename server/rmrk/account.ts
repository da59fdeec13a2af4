/** Accounts: public keys here, addresses (SS58) in remarks. The network's prefix is passed in; 0 is Polkadot's. */
import { blake2b } from "@noble/hashes/blake2.js";
import { bytesToHex, concatBytes, equalBytes, hexToBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { decodeBase58, encodeBase58 } from "./base58.ts";
import { RmrkError } from "./errors.ts";

/** 32 bytes of a public key, or of what a chain computes for multisigs and pure proxies, as 64 lower-case hex digits. */
export type AccountId = string & { readonly brand: "AccountId" };

const keyLength = 32;
const checksumLength = 2;
const addressLengthMax = 52;
/** The registry of SS58 prefixes ends at 16,383; 46 and 47 are reserved. */
const prefixMax = 16_383;
const label = utf8ToBytes("SS58PRE");

/** @throws RangeError unless there are 32 bytes: what a chain says is no input of a player. */
export function accountOf(key: Uint8Array): AccountId {
  if (key.length !== keyLength) throw new RangeError("an account is 32 bytes");
  return bytesToHex(key) as AccountId;
}

export const isAccountId = (text: string): text is AccountId => /^[0-9a-f]{64}$/.test(text);

export const accountBytes = (account: AccountId): Uint8Array => hexToBytes(account);

/** The one spelling of this account on this network. */
export function encodeAddress(account: AccountId, prefix: number): string {
  const body = concatBytes(encodePrefix(prefix), accountBytes(account));
  return encodeBase58(concatBytes(body, checksumOf(body)));
}

/**
 * @throws RmrkError "address-malformed" for anything that is no address of 32 bytes with its checksum;
 *   "address-network" for a right one of another network, which a player may have copied by mistake.
 */
export function decodeAddress(address: string, prefix: number): AccountId {
  const bytes = address.length <= addressLengthMax ? decodeBase58(address) : undefined;
  if (bytes === undefined) throw new RmrkError("address-malformed");
  const prefixLength = bytes.length - keyLength - checksumLength;
  if (prefixLength !== (bytes[0]! < 64 ? 1 : 2) || bytes[0]! > 127) throw new RmrkError("address-malformed");
  const body = bytes.subarray(0, -checksumLength);
  if (!equalBytes(bytes.subarray(-checksumLength), checksumOf(body))) throw new RmrkError("address-malformed");
  if (!equalBytes(bytes.subarray(0, prefixLength), encodePrefix(prefix))) throw new RmrkError("address-network");
  return accountOf(body.subarray(prefixLength));
}

/** An address of whichever network; undefined for anything that `decodeAddress` would call malformed. */
export function readAddress(address: string): { readonly account: AccountId; readonly prefix: number } | undefined {
  const bytes = address.length <= addressLengthMax ? decodeBase58(address) : undefined;
  const first = bytes?.[0];
  if (bytes === undefined || first === undefined || first > 127) return undefined;
  const prefix = first < 64 ? first : ((first & 0x3f) << 2) | (bytes[1]! >> 6) | ((bytes[1]! & 0x3f) << 8);
  try {
    return { account: decodeAddress(address, prefix), prefix };
  } catch {
    return undefined;
  }
}

/** One byte below 64; else two, whose bits are mixed so that no address of one kind looks like one of the other. */
function encodePrefix(prefix: number): Uint8Array {
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > prefixMax) throw new RangeError("not an SS58 prefix");
  if (prefix < 64) return Uint8Array.of(prefix);
  return Uint8Array.of(((prefix & 0xfc) >> 2) | 0x40, (prefix >> 8) | ((prefix & 0x03) << 6));
}

const checksumOf = (body: Uint8Array): Uint8Array =>
  blake2b(concatBytes(label, body), { dkLen: 64 }).subarray(0, checksumLength);
