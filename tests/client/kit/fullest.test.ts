/** Which of several rooms one comes to, where one may come at any time. */
import { expect, test } from "vitest";
import { fullestOf } from "#kit/fullest.ts";
import type { Listing } from "#protocol/control.ts";
import type { RoomId } from "#protocol/identity.ts";

const room = "0123456789abcdef0123" as RoomId;
const other = "ffff456789abcdef0123" as RoomId;

const listing = (id: RoomId, taken: number, free: number, phase: Listing["phase"] = "playing"): Listing =>
  ({ room: id, taken, free, phase }) as Listing;

test.for([
  ["where most are", [listing(other, 2, 30), listing(room, 9, 3)], room],
  ["where a seat is free", [listing(other, 32, 0), listing(room, 1, 31)], room],
  ["where it is not over", [listing(other, 9, 9, "ended"), listing(room, 1, 31, "open")], room],
  ["nowhere, if there is none", [listing(other, 9, 9, "ended")], undefined],
] as const)("one plays %s", ([, rooms, found]) => {
  expect(fullestOf(rooms)).toBe(found);
});
