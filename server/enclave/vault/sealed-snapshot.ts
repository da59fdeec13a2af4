/**
 * Sealed snapshots: all it takes to go on from one record of a room.
 *
 * ```text
 * snapshot = [version u8 = 1] [kind u8 = 3] [term u32 le] [index u64 le] [nonce 32] [sealed]
 * sealed   = ChaCha20-Poly1305(snapshot key, nonce = index, associated, padded body)
 * associated = lp("phatroom/1/sealed-snapshot", world, lineage, room, all before `sealed`, head)
 * ```
 *
 * `index` counts the records it stands for, `head` is that of the last of them. Every snapshot has a key of its own, from
 * its nonce: a room may take two of them at one record.
 */
import { concatBytes, lengthPrefixed } from "#protocol/bytes.ts";
import { VaultError } from "./errors.ts";
import { nonceLength } from "./keys.ts";
import { pad, unpad } from "./padding.ts";
import type { Place } from "./record.ts";
import { seal, unseal } from "./seal.ts";

const version = 1;
const kind = 3;
const headerLength = 14 + nonceLength;

/** The memory of the largest room, and what the room itself holds beside it. */
export const snapshotLengthMax = 72 * 1024 * 1024;

export interface SnapshotHeader {
  readonly term: number;
  readonly index: number;
  /** Drawn for this snapshot inside the enclave; 32 bytes. */
  readonly nonce: Uint8Array;
}

export function sealSnapshot(
  place: Place,
  key: Uint8Array,
  { term, index, nonce }: SnapshotHeader,
  head: Uint8Array,
  body: Uint8Array,
): Uint8Array {
  const clear = new Uint8Array(headerLength);
  const view = new DataView(clear.buffer);
  clear[0] = version;
  clear[1] = kind;
  view.setUint32(2, term, true);
  view.setBigUint64(6, BigInt(index), true);
  clear.set(nonce, 14);
  return concatBytes(clear, seal(key, index, associatedOf(place, clear, head), pad(body)));
}

/** What stands in front of it: which key opens it. @throws VaultError "not-ours". */
export function readSnapshotHeader(bytes: Uint8Array): SnapshotHeader {
  if (bytes.length < headerLength || bytes[0] !== version || bytes[1] !== kind) {
    throw new VaultError("not-ours", "no snapshot");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return {
    term: view.getUint32(2, true),
    index: Number(view.getBigUint64(6, true)),
    nonce: bytes.slice(14, headerLength),
  };
}

/** @throws VaultError "not-ours" unless it is this room's, at the record with this head. */
export function openSnapshot(place: Place, key: Uint8Array, bytes: Uint8Array, head: Uint8Array): Uint8Array {
  const { index } = readSnapshotHeader(bytes);
  const clear = bytes.subarray(0, headerLength);
  const padded = unseal(key, index, associatedOf(place, clear, head), bytes.subarray(headerLength));
  return unpad(padded, snapshotLengthMax);
}

const associatedOf = ({ world, lineage, room }: Place, clear: Uint8Array, head: Uint8Array): Uint8Array =>
  lengthPrefixed("phatroom/1/sealed-snapshot", world, lineage, room, clear, head);
