import { describe, expect, test } from "vitest";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { inProcess } from "#testing/in-process.ts";
import { alice, bob, carol, openRoom, type RoomUnderTest } from "./harness.ts";
import { tally } from "./contracts.ts";

/** Alice on connection 1 and Bob on 2, playing. */
function twoPlaying(): RoomUnderTest {
  const it = openRoom(tally);
  it.enter(1, alice);
  it.enter(2, bob);
  it.pass(100);
  return it;
}

const code = (error: string): object => expect.objectContaining({ code: error });

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

test.for([
  ["room-full", { want: "play" as const }, 1],
  ["watching-refused", { want: "watch" as const }, 2],
] as const)("%s when there is no place left", ([expected, entry, already]) => {
  const it = twoPlaying();
  if (already === 2) it.enter(9, "d".repeat(32) as typeof carol, { want: "watch" });
  expect(() => it.enter(3, carol, entry)).toThrow(code(expected));
});

test("a private room lets in whoever holds the invitation, and its own players without it", () => {
  const it = openRoom(tally);
  const invite = new Uint8Array(16).fill(5);
  it.enter(1, alice, { invite, lock: true });
  it.pass(20);
  expect(() => it.enter(2, bob)).toThrow(code("invite-required"));
  expect(() => it.enter(2, bob, { invite: new Uint8Array(16).fill(6) })).toThrow(code("invite-required"));
  it.enter(2, bob, { invite });
  it.pass(20);
  it.room.drop(2, it.now);
  it.enter(4, bob);
  it.pass(20);
  expect(it.status(1)?.phase).toBe("playing");
  expect(it.listings.at(-1)?.listed).toBe(false);
});

test("nobody can lock a room that somebody has been in", () => {
  const it = openRoom(tally);
  it.enter(1, alice);
  expect(() => it.enter(2, bob, { invite: new Uint8Array(16), lock: true })).toThrow(code("lock-refused"));
  expect(() => it.enter(3, carol, { want: "watch" })).not.toThrow();
});

test("whoever made a room private may say so again", () => {
  const it = openRoom(tally);
  const invite = new Uint8Array(16).fill(5);
  it.enter(1, alice, { invite, lock: true });
  it.pass(20);
  expect(() => it.enter(2, alice, { invite, lock: true })).not.toThrow();
});

test("the same account in a second window takes over the first", () => {
  const it = twoPlaying();
  it.enter(5, alice);
  it.pass(20);
  expect(it.closed.get(1)).toBe("taken-over");
  expect(it.view(5)).toEqual({ total: 0, seen: ["join 0", "join 1"] });
  expect(it.status(5)?.phase).toBe("playing");
  it.move(5, 1, { add: 2 });
  it.pass(20);
  expect(it.view(2)).toMatchObject({ total: 2 });
});

test("while a seated player is absent nothing is applied, no clock runs and no view leaves", () => {
  const it = twoPlaying();
  it.move(1, 1, { add: 9 });
  it.pass(500);
  it.room.drop(2, it.now);
  it.move(1, 2, { add: 1 });
  it.enter(3, carol, { want: "watch" });
  it.pass(5000);
  expect(it.status(1)).toMatchObject({ phase: "paused", waiting: [[1, 10_000]] });
  expect(it.outcomes(1)).toEqual([[1, null]]);
  expect(it.view(1)).toEqual({ total: 9, seen: ["join 0", "join 1"] });
  expect(it.view(3)).toBeUndefined();
  it.enter(6, bob);
  it.pass(20);
  expect(it.outcomes(1)).toEqual([
    [1, null],
    [2, null],
  ]);
  expect(it.view(6)).toEqual({ total: 10, seen: ["join 0", "join 1", "dropped 1", "returned 1"] });
  // Half of the second had passed before the pause.
  it.pass(600);
  expect(it.view(1)).toMatchObject({ seen: expect.arrayContaining([expect.stringMatching(/^timer nine at /)]) });
});

test("who stays away too long ends the room as abandoned, and nothing more is shown", () => {
  const it = twoPlaying();
  it.move(1, 1, { add: 4 });
  it.pass(20);
  const before = it.view(1);
  it.room.drop(2, it.now);
  it.pass(9000);
  expect(it.status(1)?.phase).toBe("paused");
  it.pass(1500);
  expect(it.status(1)).toMatchObject({
    phase: "ended",
    ended: { how: "abandoned", result: { total: 4, absent: [1] } },
  });
  expect(it.view(1)).toEqual(before);
});

test("several absences count together", () => {
  const it = twoPlaying();
  for (const connection of [2, 7, 8]) {
    if (connection !== 2) it.enter(connection, bob);
    it.pass(1000);
    it.room.drop(connection, it.now);
    it.pass(4000);
  }
  expect(it.status(1)).toMatchObject({ phase: "ended", ended: { how: "abandoned" } });
});

test("while both are away nobody loses patience", () => {
  const it = twoPlaying();
  it.room.drop(1, it.now);
  it.room.drop(2, it.now);
  it.pass(60 * 60_000);
  it.enter(11, alice);
  it.enter(12, bob);
  it.pass(20);
  expect(it.status(11)?.phase).toBe("playing");
  it.room.drop(12, it.now);
  it.pass(5000);
  expect(it.status(11)?.phase).toBe("paused");
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

test("leaving while somebody is absent abandons the room for both", () => {
  const it = twoPlaying();
  it.enter(3, carol, { want: "watch" });
  it.pass(20);
  it.room.drop(2, it.now);
  it.pass(100);
  it.room.receive(1, { type: "leave" }, it.now);
  it.pass(100);
  expect(it.closed.get(1)).toBe("left");
  expect(it.status(3)).toMatchObject({ ended: { how: "abandoned", result: { absent: [0, 1] } } });
});

test("leaving is told to the rules at once; a lost connection before the game frees the seat after its grace", () => {
  const it = openRoom(tally);
  it.enter(1, alice);
  it.pass(20);
  it.room.drop(1, it.now);
  it.pass(4000);
  expect(it.listings.at(-1)).toMatchObject({ taken: 1 });
  it.pass(1500);
  expect(it.listings.at(-1)).toMatchObject({ taken: 0, free: 2 });
  it.enter(2, bob);
  it.pass(20);
  expect(it.view(2)).toMatchObject({ seen: ["join 0", "dropped 0", "leave 0", "join 0"] });
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
