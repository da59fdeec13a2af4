/**
 * Sealed records: what happened in a room at one boundary, chained to all before it.
 *
 * ```text
 * record  = [version u8 = 1] [kind u8] [term u32 le] [index u64 le] ([opening nonce 32] if kind is opening) [sealed]
 * sealed  = ChaCha20-Poly1305(record key, nonce = index, associated, padded body)
 * associated = lp("phatroom/1/sealed-record", world, lineage, room, all of the record before `sealed`, head before it)
 * head    = SHA-256(lp("phatroom/1/head", head before it, record))
 * ```
 *
 * Heads are over ciphertext: the store links records by them, clients hold witnesses of them, and neither learns from
 * them what a room's secrets are. Rooms whose log may be revealed have records of version 2: see `opening-keys.ts`.
 */
import { hash } from "node:crypto";
import { concatBytes, equalBytes, lengthPrefixed } from "#protocol/bytes.ts";
import { VaultError } from "./errors.ts";
import { pad, unpad } from "./padding.ts";
import {
  associatedOf,
  bodyLengthMax,
  encodeHeader,
  headerLength,
  readHeader,
  type Place,
  type RecordHeader,
} from "./record-header.ts";
import { seal, unseal } from "./seal.ts";

export { headLength, readHeader, type Place, type RecordHeader } from "./record-header.ts";

export interface SealedRecord {
  readonly bytes: Uint8Array;
  /** 32 bytes. */
  readonly head: Uint8Array;
}

/** @param before 32 bytes: the head of the record before this one; zeros for the first. */
export function sealRecord(
  place: Place,
  key: Uint8Array,
  header: RecordHeader,
  before: Uint8Array,
  body: Uint8Array,
): SealedRecord {
  const clear = encodeHeader(header);
  const bytes = concatBytes(clear, seal(key, header.index, associatedOf(place, clear, before), pad(body)));
  return { bytes, head: headOf(before, bytes) };
}

/**
 * @param head that the store gave beside it, or undefined if there is none to compare with.
 * @throws VaultError "not-ours" unless this very record of this room stands at this index behind this head.
 */
export function openRecord(
  place: Place,
  key: Uint8Array,
  bytes: Uint8Array,
  before: Uint8Array,
  expected: { readonly index: number; readonly head?: Uint8Array },
): Uint8Array {
  const header = readHeader(bytes);
  if (header.index !== expected.index) throw new VaultError("not-ours", "another index");
  if (expected.head !== undefined && !equalBytes(headOf(before, bytes), expected.head)) {
    throw new VaultError("not-ours", "another head");
  }
  const clear = bytes.subarray(0, headerLength(header.kind));
  return unpad(
    unseal(key, header.index, associatedOf(place, clear, before), bytes.subarray(clear.length)),
    bodyLengthMax,
  );
}

/** 32 bytes. */
export const headOf = (before: Uint8Array, record: Uint8Array): Uint8Array =>
  new Uint8Array(hash("sha256", lengthPrefixed("phatroom/1/head", before, record), "buffer"));
