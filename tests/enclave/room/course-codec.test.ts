/** A course as a snapshot holds it: read back however much has gathered in the room, and as earlier workers wrote it. */
import { expect, test } from "vitest";
import { decodeCourse, encodeCourse } from "#enclave/room/course-codec.ts";
import { reasonsRemembered } from "#enclave/room/effects.ts";
import { playersRemembered } from "#enclave/room/outcomes.ts";
import type { SavedCourse } from "#enclave/room/saved-course.ts";
import { concatBytes, u32le, utf8ToBytes } from "#protocol/bytes.ts";
import type { PlayerId } from "#protocol/identity.ts";
import { manifestLimits } from "#protocol/manifest.ts";
import { encodeMsgpack } from "#protocol/msgpack.ts";

const playerOf = (i: number): PlayerId => i.toString(16).padStart(32, "0") as PlayerId;
const many = <T>(length: number, of: (i: number) => T): T[] => Array.from({ length }, (_, i) => of(i));

/** What a hub has gathered after a long life. */
const courseOf = (players: number, awards: number, seats: number): SavedCourse => ({
  tick: 1_000_000,
  started: true,
  watched: false,
  invite: null,
  members: many(seats, (seat) => ({ id: playerOf(seat), seat, name: "Somebody", present: true, pauseLeftMs: 0 })),
  outcomes: many(players, (i) => [playerOf(i), [[4_294_967_297, null]]]),
  views: { computedTick: 999_999, newest: many(seats, (seat) => [seat, { seat }, false]) },
  rules: {
    instance: Uint8Array.of(1, 2, 3),
    streamKey: new Uint8Array(32),
    timers: [],
    awarded: many(awards, (i) => `treasure/${i}`),
    items: many(awards, (i) => {
      const item = { collection: "SPIRITS", symbol: "spirit", transferable: false, perPlayer: true };
      return { player: playerOf(i), item, once: `spirit/${playerOf(i)}` };
    }),
    kept: {
      versions: new Uint8Array(52 * players),
      going: many(seats, (i) => [playerOf(i), many(300, (n) => n), [{ next: i }]]),
    },
    faults: 0,
    ended: null,
  },
});

test("everything that a room remembers after a long life is read back", () => {
  const full = courseOf(playersRemembered, reasonsRemembered, manifestLimits.seats);
  expect(decodeCourse(encodeCourse(full))).toEqual(full);
});

test("a course of version 1 is read as one of today, and no other is", () => {
  const course = courseOf(3, 2, 2);
  const { views, outcomes, rules, ...rest } = course;
  const { instance, ...others } = rules;
  const head = {
    ...rest,
    outcomes: outcomes.map(([player, entries]) => [player, encodeMsgpack(entries)]),
    views: { ...views, newest: views.newest.map(([seat, value, stale]) => [seat, encodeMsgpack(value), stale]) },
    rules: others,
  };
  const packed = encodeMsgpack(head);
  const bytes = concatBytes(utf8ToBytes("phatroom course 1\0"), u32le(packed.length), packed, instance);
  expect(decodeCourse(bytes)).toEqual(course);
  bytes[16] = "3".charCodeAt(0);
  expect(() => decodeCourse(bytes)).toThrow(expect.objectContaining({ code: "damaged" }));
});
