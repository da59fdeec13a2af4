/** What a room says, to whom and when: to those in it at boundaries, to the lobby, and only what is durable. */
import { describe, expect, test } from "vitest";
import { tally } from "./contracts.ts";
import { alice, bob, carol, openRoom } from "./harness.ts";
import { twoPlaying } from "./two-playing.ts";

test("a room waits for enough players, then plays", () => {
  const it = openRoom(tally);
  it.enter(1, alice);
  it.pass(100);
  expect(it.status(1)?.phase).toBe("open");
  it.enter(2, bob);
  it.pass(100);
  expect(it.status(1)?.phase).toBe("playing");
  expect(it.view(2)).toEqual({ total: 0, seen: ["join 0", "join 1"] });
});

test("nothing but admissions leaves before the next boundary", () => {
  const it = openRoom(tally);
  it.enter(1, alice);
  expect(it.told(1).map(({ type }) => type)).toEqual(["admitted"]);
  it.pass(20);
  expect(it.told(1).map(({ type }) => type)).toEqual(["admitted", "update"]);
});

test("at a boundary with a move, everybody in a steady room gets exactly one update, accepted or refused", () => {
  const counts = [3, -1].map((add) => {
    const it = twoPlaying();
    it.enter(3, carol, { want: "watch" });
    it.pass(20);
    const before = [1, 2, 3].map((connection) => it.told(connection).length);
    it.move(1, 1, { add });
    it.pass(20);
    return [1, 2, 3].map((connection, i) => it.told(connection).length - before[i]!);
  });
  expect(counts).toEqual([
    [1, 1, 1],
    [1, 1, 1],
  ]);
});

test("the same reason earns one award, and nobody else is told of it", () => {
  const it = twoPlaying();
  it.move(1, 1, { award: "the first" });
  it.move(1, 2, { award: "the first" });
  it.move(1, 3, { award: "the second" });
  it.pass(20);
  const awards = (connection: number): unknown[] => it.updates(connection).flatMap(({ awards: list }) => list ?? []);
  expect(awards(1)).toEqual([
    { item: "a cup", once: "the first" },
    { item: "a cup", once: "the second" },
  ]);
  expect(awards(2)).toEqual([]);
});

test("an empty room sleeps and returns as it was", () => {
  const it = twoPlaying();
  it.move(1, 1, { add: 4 });
  it.pass(20);
  it.room.drop(1, it.now);
  it.room.drop(2, it.now);
  it.pass(100);
  it.room.sleep();
  expect(it.room.asleep).toBe(true);
  expect(it.room.dueAt).toBe(Number.POSITIVE_INFINITY);
  it.enter(11, alice);
  it.enter(12, bob);
  it.pass(20);
  expect(it.view(11)).toMatchObject({ total: 4 });
});

test("heads change with every record and differ between openings", () => {
  const it = twoPlaying();
  const heads = [it.room.head];
  for (let n = 1; n <= 3; n++) {
    it.move(1, n, { add: 1 });
    it.pass(20);
    heads.push(it.room.head);
  }
  heads.push(openRoom(tally, { seed: 50 }).room.head);
  expect(new Set(heads.map((head) => Buffer.from(head).toString("hex"))).size).toBe(5);
});

test("the lobby is told of seats and phase, and of nothing else", () => {
  const it = twoPlaying();
  it.move(1, 1, { add: 1 });
  it.pass(20);
  expect(it.listings.map(({ taken, free, phase }) => [taken, free, phase])).toEqual([
    [0, 2, "open"],
    [2, 0, "playing"],
  ]);
  expect(Object.keys(it.listings[0]!).sort()).toEqual([
    "contract",
    "free",
    "listed",
    "options",
    "phase",
    "room",
    "taken",
  ]);
});

describe("while the journal lags behind", () => {
  test("nobody is told what a crash could undo, and then everything in order", () => {
    const it = openRoom(tally);
    it.enter(1, alice);
    it.enter(2, bob);
    it.pass(20);
    const before = [it.told(1).length, it.told(2).length];
    it.journal.lag = 1;
    it.move(1, 1, { add: 2 });
    it.pass(20);
    it.journal.lag = 2;
    it.move(1, 2, { say: "hello" });
    it.pass(20);
    expect([it.told(1).length, it.told(2).length]).toEqual(before);
    it.journal.lag = 1;
    it.room.release();
    expect(it.outcomes(1)).toEqual([[1, null]]);
    it.journal.lag = 0;
    it.room.release();
    expect(it.outcomes(1)).toEqual([
      [1, null],
      [2, null],
    ]);
    expect(it.view(2)).toMatchObject({ total: 2 });
  });

  test("a ping is answered at once: it rests on nothing, and a line must not seem dead while the store is away", () => {
    const it = openRoom(tally);
    it.enter(1, alice);
    it.pass(20);
    it.journal.lag = 1;
    it.room.receive(1, { type: "ping", at: 8 }, it.now);
    expect(it.told(1).at(-1)).toEqual({ type: "pong", at: 8 });
  });
});
