/** What comes of a move: it is answered once, by whoever may move, and one that is refused or fails leaves nothing behind. */
import { expect, test } from "vitest";
import { leaversAnswered, Outcomes, playersRemembered } from "#enclave/room/outcomes.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import type { PlayerId } from "#protocol/identity.ts";
import { movesPendingMax } from "#protocol/limits.ts";
import { inProcess } from "#testing/in-process.ts";
import { tally } from "./contracts.ts";
import { alice, bob, carol, openRoom } from "./harness.ts";
import { code, twoPlaying } from "./two-playing.ts";

test("an accepted move is answered to the mover and seen by everybody", () => {
  const it = twoPlaying();
  it.move(1, 1, { add: 3 });
  it.pass(20);
  expect(it.outcomes(1)).toEqual([[1, null]]);
  expect(it.outcomes(2)).toEqual([]);
  expect(it.view(2)).toMatchObject({ total: 3 });
});

test("a refused move says why and leaves nothing behind, effects included", () => {
  const it = twoPlaying();
  it.move(1, 1, { add: -1 });
  it.pass(20);
  expect(it.outcomes(1)).toEqual([[1, "Only upwards."]]);
  expect(it.updates(2).flatMap(({ sent }) => sent ?? [])).toEqual([]);
});

test("moves are applied in the order in which they arrived", () => {
  const it = twoPlaying();
  it.move(2, 1, { say: "first" });
  it.move(1, 1, { say: "second" });
  it.move(2, 2, { say: "third" });
  it.pass(20);
  expect(it.updates(1).flatMap(({ sent }) => sent ?? [])).toEqual(["first", "second", "third"]);
});

test("a move sent again is answered again and not applied again", () => {
  const it = twoPlaying();
  it.move(1, 1, { add: 3 });
  it.pass(20);
  it.move(1, 1, { add: 3 });
  it.pass(20);
  expect(it.outcomes(1)).toEqual([
    [1, null],
    [1, null],
  ]);
  expect(it.view(1)).toMatchObject({ total: 3 });
});

test.for([0, 2, 1000])("a first move with the number %d is refused: they begin at 1 and have no gaps", (n) => {
  const it = twoPlaying();
  expect(() => it.move(1, n, { add: 1 })).toThrow(code("malformed"));
});

test("a flood of moves is refused", () => {
  const it = twoPlaying();
  expect(() => {
    for (let n = 1; n < 1000; n++) it.move(1, n, { add: 1 });
  }).toThrow(code("too-many-moves"));
});

test("a spectator sees, and its moves are refused", () => {
  const it = twoPlaying();
  it.enter(3, carol, { want: "watch" });
  it.pass(20);
  expect(it.view(3)).toEqual({ total: 0, seen: ["join 0", "join 1"] });
  it.move(3, 1, { add: 1 });
  it.pass(20);
  expect(it.outcomes(3)).toEqual([[1, "You are watching."]]);
});

test("a contract that refuses a move and still asks for something gets nothing", () => {
  const honest = inProcess(tally);
  const greedy: LoadedContract = {
    ...honest,
    instantiate() {
      const instance = honest.instantiate();
      return {
        call(call) {
          const answer = instance.call(call);
          if (call.call !== "move" || answer.answer !== "done") return answer;
          return { ...answer, reason: "No.", effects: [{ effect: "send", to: "everyone", message: "leaked" }] };
        },
        usage: instance.usage,
        tables: () => instance.tables(),
        fingerprint: () => instance.fingerprint(),
        snapshot: () => instance.snapshot(),
        close: () => instance.close(),
      };
    },
  };
  const it = openRoom(tally, { loaded: greedy });
  it.enter(1, alice);
  it.enter(2, bob);
  it.pass(20);
  it.move(1, 1, { add: 1 });
  it.pass(20);
  expect(it.outcomes(1)).toEqual([[1, "No."]]);
  expect(it.updates(2).flatMap(({ sent }) => sent ?? [])).toEqual([]);
});

test("a rule that fails on a move changes nothing, and the game goes on", () => {
  const it = twoPlaying();
  it.move(1, 1, { add: 4 });
  it.pass(20);
  it.move(1, 2, { boom: true });
  it.move(2, 1, { add: 1 });
  it.pass(20);
  expect(it.outcomes(1)).toEqual([
    [1, null],
    [2, "The rules failed on this move."],
  ]);
  expect(it.view(2)).toMatchObject({ total: 5 });
  expect(it.faults[0]).toContain("boom");
});

test("rules that fail again and again stop the room", () => {
  const it = twoPlaying();
  for (let n = 1; n <= 4; n++) it.move(1, n, { boom: true });
  it.pass(20);
  expect(it.status(2)).toMatchObject({ phase: "ended", ended: { how: "faulted" } });
});

test("after the end moves are answered, late ones too", () => {
  const it = twoPlaying();
  it.move(1, 1, { over: true });
  it.move(2, 1, { add: 1 });
  it.pass(20);
  it.move(2, 2, { add: 1 });
  it.pass(20);
  expect(it.outcomes(2)).toEqual([
    [1, "The game is over."],
    [2, "The game is over."],
  ]);
  expect(it.status(1)).toMatchObject({ ended: { how: "finished", result: { total: 0 } } });
});

test("whoever lost the seat while away, comes back and asks for every move is told what became of each, and none is made again", () => {
  const it = openRoom({ ...tally, presence: "any" });
  it.enter(1, alice);
  it.enter(2, bob);
  it.pass(20);
  it.move(1, 1, { add: 1 });
  it.move(1, 2, { add: -1 });
  it.move(1, 3, { add: 3 });
  it.room.drop(1, it.now);
  it.pass(60_000);
  expect(it.view(2)).toMatchObject({ seen: expect.arrayContaining(["leave 0"]) as string[] });
  it.enter(4, alice);
  for (const [n, add] of [1, -1, 3].entries()) it.move(4, n + 1, { add });
  it.pass(20);
  expect(it.outcomes(4)).toEqual([
    [1, null],
    [2, "Only upwards."],
    [3, null],
  ]);
  expect(it.view(2)).toMatchObject({ total: 4 });
});

test("of those who left last a room remembers all moves, of those before them the newest, also when it was read again", () => {
  const seated = new Set<PlayerId>();
  const outcomes = new Outcomes((player) => seated.has(player));
  const named = (i: number): PlayerId => `${i}` as PlayerId;
  const comeAndGo = (i: number, in_: Outcomes): void => {
    seated.add(named(i));
    in_.seated(named(i));
    for (let n = 1; n <= movesPendingMax + 1; n++) in_.add(named(i), [n, null]);
    seated.delete(named(i));
    in_.unseated(named(i));
  };
  for (let i = 0; i < leaversAnswered; i++) comeAndGo(i, outcomes);
  // Who is back is none of them any more, and whoever watches never was.
  seated.add(named(0));
  outcomes.seated(named(0));
  for (const n of [1, 2]) outcomes.add("watcher" as PlayerId, [n, "You are watching."]);
  comeAndGo(leaversAnswered, outcomes);
  const again = new Outcomes((player) => seated.has(player));
  again.restore(outcomes.all());
  for (const one of [outcomes, again]) {
    expect([one.of(named(1), 1), one.of(named(1), 2)]).toEqual([undefined, [2, null]]);
    expect(one.of("watcher" as PlayerId, 1)).toBe(undefined);
    comeAndGo(leaversAnswered + 1, one);
    expect([one.of(named(1), 2), one.newest(named(1))]).toEqual([undefined, movesPendingMax + 1]);
    expect([0, 2, leaversAnswered + 1].map((i) => one.of(named(i), 2))).toEqual([
      [2, null],
      [2, null],
      [2, null],
    ]);
  }
  expect(again.all()).toEqual(outcomes.all());
});

test("however many come and go, a room remembers moves of so many of them, and of all who are seated", () => {
  const seated = "seated" as PlayerId;
  const outcomes = new Outcomes((player) => player === seated);
  for (const n of [1, 2, 3]) outcomes.add(seated, [n, null]);
  const come = (i: number): void => outcomes.add(`${i}` as PlayerId, [7, "You are watching."]);
  for (let i = 0; i < playersRemembered + 100; i++) come(i);
  come(150);
  come(playersRemembered + 100);
  expect(outcomes.all().length).toBe(playersRemembered);
  expect(outcomes.all()[0]).toEqual([
    seated,
    [
      [1, null],
      [2, null],
      [3, null],
    ],
  ]);
  // One hundred and one of them are too many, and the one who sits here stays; who has moved again is not the oldest.
  expect([100, 101, 150, 102 + 50].map((i) => outcomes.newest(`${i}` as PlayerId))).toEqual([0, 0, 7, 7]);
});
