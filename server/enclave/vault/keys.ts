/**
 * Keys of a room, all derived from its lineage: whoever may run the contract's lineage may open the room, nobody else.
 *
 * ```text
 * lineage key  = the platform's, by lineage
 * room key     = HKDF-SHA-256(lineage key, "room", room)
 * record key   = HKDF(room key, "record", opening nonce)      one for each opening of the room
 * tree root    = HKDF(room key, "revealable", opening nonce)  instead of it, where a log may be revealed
 * record macs  = HKDF(room key, "record-mac", opening nonce)  and what holds those records together
 * snapshot key = HKDF(room key, "snapshot", snapshot nonce)   one for each snapshot
 * witness key  = HKDF(room key, "witness")                    the same in all openings: players come back with witnesses
 * ```
 *
 * The opening nonce is drawn by each worker that opens the room. Two workers that open the same snapshot therefore never
 * seal different records under one key and number.
 */
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, lengthPrefixed } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import type { Platform } from "../platform/platform.ts";

export const keyLength = 32;
export const nonceLength = 32;

/** Keys of one room that outlast its openings. */
export interface RoomKeys {
  readonly room: Uint8Array;
  readonly witness: Uint8Array;
}

/** 32 bytes; the same on every machine that the platform's key authority lets run this image. */
export const deriveLineageKey = (platform: Platform, lineage: Uint8Array): Promise<Uint8Array> =>
  platform.deriveKey(`phatroom/1/lineage-key/hkdf-sha256/${bytesToHex(lineage)}`);

export function deriveRoomKeys(lineageKey: Uint8Array, room: RoomId): RoomKeys {
  const key = derive(lineageKey, "phatroom/1/room", room);
  return { room: key, witness: derive(key, "phatroom/1/witness") };
}

/** @param nonce 32 bytes, drawn inside the enclave for this opening. */
export const deriveRecordKey = (roomKey: Uint8Array, nonce: Uint8Array): Uint8Array =>
  derive(roomKey, "phatroom/1/record", checked(nonce));

/** See `opening-keys.ts`. */
export const deriveTreeRoot = (roomKey: Uint8Array, nonce: Uint8Array): Uint8Array =>
  derive(roomKey, "phatroom/1/revealable", checked(nonce));

export const deriveAuthenticationKey = (roomKey: Uint8Array, nonce: Uint8Array): Uint8Array =>
  derive(roomKey, "phatroom/1/record-mac", checked(nonce));

/** @param nonce 32 bytes, drawn inside the enclave for this snapshot. */
export const deriveSnapshotKey = (roomKey: Uint8Array, nonce: Uint8Array): Uint8Array =>
  derive(roomKey, "phatroom/1/snapshot", checked(nonce));

function checked(nonce: Uint8Array): Uint8Array {
  if (nonce.length !== nonceLength) throw new RangeError(`a nonce has ${nonceLength} bytes`);
  return nonce;
}

/** RFC 5869 without salt: what is derived from is uniform already. */
const derive = (key: Uint8Array, ...info: readonly (Uint8Array | string)[]): Uint8Array =>
  hkdf(sha256, key, undefined, lengthPrefixed(...info), keyLength);
