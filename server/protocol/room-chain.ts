/**
 * What the chain of a room is called: the room, and the beginning of its lineage, so that a worker need not try keys. The
 * store and its gateway read the room; which contract it is of they know from the lobby.
 */
import { bytesToHex } from "./bytes.ts";
import type { RoomId } from "./identity.ts";
import type { ChainId } from "./store.ts";

/** What all chains of rooms begin with. */
export const roomChains = "room-";

/** @param lineage 32 bytes. */
export const chainOfRoom = (room: RoomId, lineage: Uint8Array): ChainId =>
  `${roomChains}${room}-${hintOf(lineage)}` as ChainId;

/** What the chain of this room begins with, whatever its lineage. */
export const chainPrefixOf = (room: RoomId): string => `${roomChains}${room}-`;

/** Undefined for a chain that is no room's. */
export function readRoomChain(chain: string): { readonly room: RoomId; readonly hint: string } | undefined {
  const [, room, hint] = /^room-([0-9a-f]{20})-([0-9a-f]{16})$/.exec(chain) ?? [];
  return room === undefined || hint === undefined ? undefined : { room: room as RoomId, hint };
}

/** Of a lineage, as it stands in the name of a chain. */
export const hintOf = (lineage: Uint8Array): string => bytesToHex(lineage.subarray(0, 8));
