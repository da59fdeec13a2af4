/** The words of the page: clock, headline, story, lobby. */
import { expect, test } from "vitest";
import type { RosterEntry, Status } from "#protocol/message.ts";
import type { How, View } from "#dot4/view.ts";
import { clockText, clockWords, timeLeft } from "../../../client/page/game/clock.ts";
import { headlineOf } from "../../../client/page/game/headline.ts";
import { peopleOf } from "../../../client/page/game/people.ts";
import { stateOf as stateOfPlayer } from "../../../client/page/game/player-cards.tsx";
import { tell } from "../../../client/page/game/story.ts";
import { inOrder, roomNickname, stateOf } from "../../../client/page/lobby/room-words.ts";
import { viewWith } from "./views.ts";
import type { Listing } from "#protocol/control.ts";

test.for([
  [0, "0:00", "0 seconds"],
  [1, "0:01", "1 second"],
  [999, "0:01", "1 second"],
  [7000, "0:07", "7 seconds"],
  [60_000, "1:00", "1 minute"],
  [150_500, "2:31", "2 minutes 31 seconds"],
  [-5, "0:00", "0 seconds"],
] as const)("%i ms are %s, read as %s", ([ms, text, words]) => {
  expect(clockText(ms)).toBe(text);
  expect(clockWords(ms)).toBe(words);
});

test("time left is what lies between the room's tick and the deadline, never less than nothing", () => {
  expect(timeLeft(1500, 1000, 50)).toBe(10_000);
  expect(timeLeft(1500, 1501.5, 50)).toBe(0);
  expect(timeLeft(null, 0, 50)).toBeNull();
});

const roster: RosterEntry[] = [
  { seat: 0, player: "a", name: "Nova", present: true },
  { seat: 1, player: "b", name: " ", present: true },
];
const playing: Status = { phase: "playing", waiting: [], spectators: 0, ended: null };

const standing = (view: View | null, seat: 0 | 1 | null, status: Status = playing, people = roster) =>
  headlineOf({ view, status, seat, people: peopleOf(people, status, seat) });

test("somebody without a name is called Guest", () => {
  expect(peopleOf(roster, playing, 0).map(({ name }) => name)).toEqual(["Nova", "Guest"]);
});

test.for<[string, ReturnType<typeof standing>, string, string]>([
  [
    "alone",
    standing(viewWith([], { phase: "waiting" }), 0, { ...playing, phase: "open" }, roster.slice(0, 1)),
    "Waiting for an opponent",
    "wait",
  ],
  ["hiding", standing(viewWith([], { phase: "placing", ready: [false, true] }), 0), "Hide your three bombs", "act"],
  ["hidden", standing(viewWith([], { phase: "placing", ready: [true, false] }), 0), "Your bombs are hidden", "wait"],
  ["own turn", standing(viewWith(), 0), "Your turn", "act"],
  ["other's turn", standing(viewWith([], { turn: 1 }), 0), "Guest to move", "wait"],
  ["watching", standing(viewWith(), null), "Nova to move", "wait"],
])("%s: the headline says whose move it is", ([, headline, title, mood]) => {
  expect(headline).toMatchObject({ title, mood });
});

test("a pause names who is awaited, even before any view is shown", () => {
  const status: Status = { ...playing, phase: "paused", waiting: [[1, 30_000]] };
  for (const view of [null, viewWith()]) {
    expect(standing(view, 0, status)).toMatchObject({ title: "Paused: waiting for Guest", mood: "paused" });
  }
  expect(stateOfPlayer(peopleOf(roster, status, 0)[1], viewWith(), 5000)).toBe("away, 0:25 left");
});

test.for([
  ["rolled-back", /older state/],
  ["store-unavailable", /to keep this game/],
  ["store-full", /out of space/],
  ["store-damaged", /damaged/],
] as const)("a room frozen because of %s says so before anything else", ([frozen, title]) => {
  const status: Status = { ...playing, phase: "frozen", frozen, waiting: [[1, 30_000]] };
  for (const view of [null, viewWith(), ended("four", 0)]) {
    expect(standing(view, 0, status)).toMatchObject({ title: expect.stringMatching(title), mood: "paused" });
  }
});

const ended = (how: How, winner: 0 | 1 | null): View =>
  viewWith([], { phase: "ended", turn: null, result: { how, winner } });

test.for<[How, 0 | 1 | null, 0 | 1 | null, string, string]>([
  ["four", 0, 0, "You win", "Four in a row."],
  ["four", 1, 0, "Guest wins", "Four in a row."],
  ["four", 0, null, "Nova wins", "Four in a row."],
  ["full", null, 0, "A draw", "No stone fits on the board any more."],
  ["resigned", 0, 0, "You win", "Guest resigned."],
  ["resigned", 1, 0, "Guest wins", "You resigned."],
  ["time", 1, null, "Guest wins", "Nova ran out of time."],
  ["left", 0, 0, "You win", "Guest left the game."],
  ["abandoned", 0, 0, "You win", "Guest stayed away too long. Nothing hidden is shown."],
  ["abandoned", null, 0, "Nobody wins", "Both players stayed away too long."],
])("an end by %s, won by %s, seen from seat %s", ([how, winner, seat, title, detail]) => {
  expect(standing(ended(how, winner), seat)).toMatchObject({ title, detail });
});

test("an end after which no view comes is told from the room's result", () => {
  const status: Status = {
    ...playing,
    phase: "ended",
    ended: { how: "abandoned", result: { how: "abandoned", winner: 0 } },
  };
  expect(standing(null, 0, status)).toMatchObject({ title: "You win", mood: "won" });
  const faulted: Status = { ...playing, phase: "ended", ended: { how: "faulted", result: null } };
  expect(standing(viewWith(), 0, faulted)).toMatchObject({ title: "The game was stopped" });
});

test("what happened is told once, from the difference of two views", () => {
  const people = peopleOf(roster, playing, 0);
  const before = viewWith([], { phase: "placing", ready: [true, false] });
  const begun = viewWith([], { turn: 1 });
  expect(tell(null, begun, people)).toEqual([]);
  expect(tell(begun, begun, people)).toEqual([]);
  expect(tell(before, begun, people)).toEqual(["Guest hid three bombs.", "Guest begins."]);
  const rested = viewWith([[[2, 3], 1]], {
    last: {
      seat: 1,
      side: "left",
      line: 3,
      path: [
        [0, 3],
        [2, 3],
      ],
      explosion: null,
    },
  });
  expect(tell(begun, rested, people)).toEqual(["Guest dropped from the left into row 4: it rests on C4."]);
  const blown = viewWith([], {
    drops: 2,
    last: {
      seat: 0,
      side: "top",
      line: 2,
      path: [
        [2, 0],
        [2, 1],
      ],
      explosion: {
        at: [2, 1],
        stones: [{ cell: [2, 2], seat: 1 }],
        bombs: [
          { cell: [2, 1], seat: 0 },
          { cell: [1, 1], seat: 1 },
        ],
      },
    },
  });
  expect(tell(rested, blown, people)).toEqual([
    "You dropped from the top into column C and hit a bomb at C2: 2 stones and 1 more bomb gone.",
  ]);
});

const listing = (room: string, parts: Partial<Listing>): Listing =>
  ({ room, contract: "dot4", taken: 0, free: 2, phase: "open", options: {}, listed: true, ...parts }) as Listing;

test("the lobby lists rooms where somebody waits first, and no room that is over", () => {
  const rooms = [
    listing("c1", { phase: "ended" }),
    listing("b1", { phase: "playing", taken: 2, free: 0 }),
    listing("a2", {}),
    listing("a1", { taken: 1, free: 1 }),
  ];
  expect(inOrder(rooms).map(({ room }) => room)).toEqual(["a1", "a2", "b1"]);
  expect(stateOf(rooms[3]!)).toBe("One player waits for another");
});

test("a room's nickname is made of its id alone", () => {
  expect(roomNickname("3fa2c01d9e8b7a654321")).toBe("Rose Terrace a2c0");
});
