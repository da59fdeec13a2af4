/** Who a player is: statements that devices sign, and the id a player has in one world. */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, lengthPrefixed } from "./bytes.ts";

/** 32 hex digits: a player in one world. The same in all rooms of that world, unlinkable between worlds. */
export type PlayerId = string & { readonly "~": "PlayerId" };

const playerIdPattern = /^[0-9a-f]{32}$/;
export const isPlayerId = (text: unknown): text is PlayerId => typeof text === "string" && playerIdPattern.test(text);

/** 20 hex digits: a room of one worker's world. */
export type RoomId = string & { readonly "~": "RoomId" };

const roomIdPattern = /^[0-9a-f]{20}$/;
export const isRoomId = (text: unknown): text is RoomId => typeof text === "string" && roomIdPattern.test(text);

/** PlayerId = HMAC-SHA-256(world key, account key), first 16 bytes. */
export const playerIdOf = (worldKey: Uint8Array, account: Uint8Array): PlayerId =>
  bytesToHex(hmac(sha256, worldKey, lengthPrefixed("phatroom/1/player", account)).subarray(0, 16)) as PlayerId;

/**
 * What the device key signs (Ed25519) once per channel. The handshake hash binds it to this channel and no other, so
 * that nobody between can use it elsewhere.
 */
export const authStatement = (
  handshakeHash: Uint8Array,
  world: Uint8Array,
  room: RoomId,
  account: Uint8Array,
): Uint8Array => lengthPrefixed("phatroom/1/auth", handshakeHash, world, room, account);
