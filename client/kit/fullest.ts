/** Of games that one comes to at any time: where others are. To the gateway, a room that plays already is no match. */
import type { Listing } from "#protocol/control.ts";
import type { RoomId } from "#protocol/identity.ts";

/** The room where most are, of those that can be joined; undefined if there is none. */
export function fullestOf(rooms: readonly Listing[]): RoomId | undefined {
  const open = rooms.filter(({ free, phase }) => free > 0 && (phase === "open" || phase === "playing"));
  return open.toSorted((a, b) => b.taken - a.taken)[0]?.room;
}
