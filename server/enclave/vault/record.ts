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
 * them what a room's secrets are.
 */
import { createHash } from "node:crypto";
import { concatBytes, equalBytes, lengthPrefixed } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import { VaultError } from "./errors.ts";
import { nonceLength } from "./keys.ts";
import { pad, unpad } from "./padding.ts";
import { seal, unseal } from "./seal.ts";

export const recordVersion = 1;
export const headLength = 32;

/** The largest body: a full room's inputs of one boundary, thrice. */
export const bodyLengthMax = 3 * 1024 * 1024;

export const recordKinds = { opening: 1, boundary: 2 } as const;
export type RecordKind = keyof typeof recordKinds;

/** Which room, whoever asks. */
export interface Place {
  /** 32 bytes each. */
  readonly world: Uint8Array;
  readonly lineage: Uint8Array;
  readonly room: RoomId;
}

/** What stands in clear in front of a record. */
export interface RecordHeader {
  readonly kind: RecordKind;
  /** Openings of the room before this one, and this one. */
  readonly term: number;
  readonly index: number;
  /** Of kind "opening" only: 32 bytes. */
  readonly nonce?: Uint8Array;
}

export interface SealedRecord {
  readonly bytes: Uint8Array;
  /** 32 bytes. */
  readonly head: Uint8Array;
}

const fixedLength = 14;

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

/** What stands in front of a record. Nothing of it is believed before the record is opened. @throws VaultError "not-ours". */
export function readHeader(bytes: Uint8Array): RecordHeader {
  if (bytes.length < fixedLength || bytes[0] !== recordVersion) throw new VaultError("not-ours", "no record");
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const term = view.getUint32(2, true);
  const index = Number(view.getBigUint64(6, true));
  if (bytes[1] === recordKinds.boundary) return { kind: "boundary", term, index };
  const nonce = bytes.slice(fixedLength, fixedLength + nonceLength);
  if (bytes[1] !== recordKinds.opening || nonce.length !== nonceLength) {
    throw new VaultError("not-ours", "no record");
  }
  return { kind: "opening", term, index, nonce };
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
  new Uint8Array(
    createHash("sha256")
      .update(lengthPrefixed("phatroom/1/head", before, record))
      .digest(),
  );

const headerLength = (kind: RecordKind): number => fixedLength + (kind === "opening" ? nonceLength : 0);

function encodeHeader({ kind, term, index, nonce }: RecordHeader): Uint8Array {
  if ((nonce?.length ?? 0) !== (kind === "opening" ? nonceLength : 0)) throw new RangeError("opening nonce");
  const clear = new Uint8Array(headerLength(kind));
  const view = new DataView(clear.buffer);
  clear[0] = recordVersion;
  clear[1] = recordKinds[kind];
  view.setUint32(2, term, true);
  view.setBigUint64(6, BigInt(index), true);
  if (nonce !== undefined) clear.set(nonce, fixedLength);
  return clear;
}

const associatedOf = ({ world, lineage, room }: Place, clear: Uint8Array, before: Uint8Array): Uint8Array =>
  lengthPrefixed("phatroom/1/sealed-record", world, lineage, room, clear, before);
