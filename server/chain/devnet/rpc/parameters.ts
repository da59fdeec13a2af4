/** What a caller gave, read with what is expected. All methods throw RpcError "Invalid params". */
import { decodeBase58 } from "#rmrk/base58.ts";
import { blake2b } from "@noble/hashes/blake2.js";
import { concatBytes, equalBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { isRecord } from "#protocol/value.ts";
import { fromHex, keyOf, type StorageKey } from "../hex.ts";
import { keysMax, transactionBytesMax } from "../limits.ts";
import { invalidParameters } from "./errors.ts";

/** Keys of storage are far shorter. */
const keyLengthMax = 4096;

export class Parameters {
  readonly #values: readonly unknown[];

  constructor(values: readonly unknown[]) {
    this.#values = values;
  }

  has(at: number): boolean {
    return this.#values[at] !== undefined && this.#values[at] !== null;
  }

  value(at: number): unknown {
    return this.#values[at];
  }

  text(at: number): string {
    const value = this.#values[at];
    if (typeof value !== "string") throw wrong(at, "a text");
    return value;
  }

  /** A natural number, in decimal or as text in hexadecimal. */
  number(at: number): number {
    return numberOf(this.#values[at]) ?? fail(at, "a number");
  }

  bytes(at: number): Uint8Array {
    return fromHex(this.#values[at]) ?? fail(at, "bytes in hexadecimal with 0x");
  }

  transaction(at: number): Uint8Array {
    const bytes = this.bytes(at);
    if (bytes.length > transactionBytesMax) throw wrong(at, `at most ${transactionBytesMax} bytes`);
    return bytes;
  }

  /** A block's hash; undefined if none is given. */
  hash(at: number): string | undefined {
    return this.has(at) ? (hashOf(this.#values[at]) ?? fail(at, "a block's hash")) : undefined;
  }

  key(at: number): StorageKey {
    return keyIn(this.#values[at]) ?? fail(at, "a storage key in hexadecimal with 0x");
  }

  keys(at: number): StorageKey[] {
    const value = this.#values[at];
    if (!Array.isArray(value) || value.length > keysMax) throw wrong(at, `at most ${keysMax} storage keys`);
    return value.map((key) => keyIn(key) ?? fail(at, "storage keys in hexadecimal with 0x"));
  }

  /** An account's public key, from its address with any prefix, or in hexadecimal. */
  account(at: number): Uint8Array {
    return accountIn(this.#values[at]) ?? fail(at, "an address");
  }

  members(at: number): Readonly<Record<string, unknown>> {
    const value = this.#values[at] ?? {};
    if (!isRecord(value)) throw wrong(at, "an object");
    return value;
  }
}

export function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" && /^0x[0-9a-fA-F]{1,13}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

export const hashOf = (value: unknown): string | undefined =>
  typeof value === "string" && /^0x[0-9a-fA-F]{64}$/.test(value) ? value.toLowerCase() : undefined;

function keyIn(value: unknown): StorageKey | undefined {
  const bytes = fromHex(value);
  return bytes === undefined || bytes.length > keyLengthMax ? undefined : keyOf(bytes);
}

const accountLength = 32;
const addressLengthMax = 52;
const checksumLength = 2;

function accountIn(value: unknown): Uint8Array | undefined {
  const key = fromHex(value);
  if (key?.length === accountLength) return key;
  if (typeof value !== "string" || value.length > addressLengthMax) return undefined;
  const bytes = decodeBase58(value);
  if (bytes === undefined) return undefined;
  const body = bytes.subarray(0, -checksumLength);
  if (body.length !== accountLength + (bytes[0]! < 64 ? 1 : 2)) return undefined;
  const checksum = blake2b(concatBytes(utf8ToBytes("SS58PRE"), body), { dkLen: 64 }).subarray(0, checksumLength);
  return equalBytes(checksum, bytes.subarray(-checksumLength)) ? body.slice(-accountLength) : undefined;
}

const wrong = (at: number, what: string) => invalidParameters(`parameter ${at + 1} must be ${what}`);

function fail(at: number, what: string): never {
  throw wrong(at, what);
}
