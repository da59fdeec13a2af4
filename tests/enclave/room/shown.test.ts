/** A room that waits for everybody tells nobody what not everybody has shown to keep. */
import { describe, expect, test } from "vitest";
import { witnessLength } from "#protocol/witness.ts";
import type { WorkerMessage } from "#protocol/message.ts";
import type { AnyContract } from "#contract/contract.ts";
import { chooseOptions } from "#protocol/manifest.ts";
import { decodeBoundary, encodeBoundary } from "#enclave/room/boundary-codec.ts";
import { decodeCourse } from "#enclave/room/course-codec.ts";
import { Course } from "#enclave/room/course.ts";
import { showingMs } from "#enclave/room/shown.ts";
import { inProcess } from "#testing/in-process.ts";
import { substance } from "../substance.ts";
import { tally } from "./contracts.ts";
import { alice, bob, carol, openRoom, TestJournal, type RoomUnderTest } from "./harness.ts";

class WitnessingJournal extends TestJournal {
  override witness(): Uint8Array {
    return new Uint8Array(witnessLength).fill(this.durable);
  }
}

/** Alice, Bob and Carol, who watches, are told everything so far. What each is told from then on. */
function steady(contract: AnyContract = tally) {
  const it = openRoom(contract, { journal: new WitnessingJournal() });
  it.enter(1, alice);
  it.enter(2, bob);
  it.enter(3, carol, { want: "watch" });
  it.pass(200);
  const before = [1, 2, 3].map((connection) => it.told(connection).length);
  const since = (connection: number): WorkerMessage[] => it.told(connection).slice(before[connection - 1] ?? 0);
  /** What tells anything of the game. */
  const game = (connection: number): WorkerMessage[] =>
    substance(since(connection)).filter(({ type }) => type !== "witness");
  return { it, since, game };
}

const kinds = (messages: readonly WorkerMessage[]): string[] => messages.map(({ type }) => type);

describe("what rests on a move", () => {
  test("is told nobody before everybody who has a seat has shown that they keep it", () => {
    const { it, since, game } = steady();
    it.silent.add(2);
    it.move(2, 1, { add: 3 });
    it.pass(showingMs - 100);
    for (const connection of [1, 2, 3]) expect(kinds(since(connection))).toEqual(["witness"]);
    it.silent.clear();
    it.room.receive(2, { type: "witness", witness: it.journal.witness!() }, it.now);
    for (const connection of [1, 2, 3]) expect(game(connection)).toHaveLength(1);
    expect(it.view(1)).toMatchObject({ total: 3 });
    expect(it.outcomes(2)).toEqual([[1, null]]);
  });

  test("is not told for a witness that was not handed out, an older one, one's own twice, or a spectator's", () => {
    const { it, game } = steady();
    it.silent.add(2);
    const older = it.journal.witness!();
    it.move(2, 1, { add: 3 });
    it.pass(100);
    const newest = it.journal.witness!();
    const show = (connection: number, witness: Uint8Array): void =>
      it.room.receive(connection, { type: "witness", witness }, it.now);
    show(2, older);
    show(
      2,
      newest.map((byte) => byte ^ 1),
    );
    show(1, newest);
    show(1, newest);
    show(3, newest);
    expect([1, 2, 3].flatMap(game)).toEqual([]);
    show(2, newest);
    expect([1, 2, 3].flatMap(game)).toHaveLength(3);
  });

  test("is told as far as the slowest has shown, and a later witness speaks for those before it", () => {
    const { it } = steady();
    it.silent.add(2);
    const handed = [];
    for (let n = 1; n <= 4; n++) {
      it.move(1, n, { add: 1 });
      it.pass(20);
      handed.push(it.journal.witness!());
    }
    const show = (witness: Uint8Array): void => it.room.receive(2, { type: "witness", witness }, it.now);
    show(handed[1]!);
    expect(it.outcomes(1)).toEqual([
      [1, null],
      [2, null],
    ]);
    show(handed[3]!);
    expect(it.outcomes(1)).toHaveLength(4);
    show(handed[0]!);
    expect(it.view(2)).toMatchObject({ total: 4 });
  });

  test("is asked of nobody outside, and awarded nobody, before", () => {
    const given: string[] = [];
    const journal = new WitnessingJournal();
    const it = openRoom(tally, { journal, award: ({ once }) => given.push(once) });
    it.enter(1, alice);
    it.enter(2, bob);
    it.pass(200);
    it.silent.add(2);
    it.move(1, 1, { award: "first" });
    it.pass(1000);
    expect(given).toEqual([]);
    it.room.receive(2, { type: "witness", witness: journal.witness() }, it.now);
    expect(given).toEqual(["first"]);
  });

  test("is told at once where nobody keeps the room, and where it goes on without some", () => {
    for (const { contract, journal } of [
      { contract: tally, journal: new TestJournal() },
      { contract: { ...tally, presence: "any" as const }, journal: new WitnessingJournal() },
    ]) {
      const it = openRoom(contract, { journal });
      for (const connection of [1, 2]) it.silent.add(connection);
      it.enter(1, alice);
      it.enter(2, bob);
      it.pass(100);
      it.move(2, 1, { add: 3 });
      it.pass(100);
      expect(it.view(1)).toMatchObject({ total: 3 });
      it.pass(60_000);
      expect(it.closed.size).toBe(0);
    }
  });
});

describe("whoever shows nothing", () => {
  test("and is late is told apart from nobody: all get as many frames of as many kinds, whatever the move was", () => {
    const frames = [{ add: 3 }, { add: -1 }, { say: "a bid of four" }, { over: true }].map((move) => {
      const { it, since } = steady();
      it.silent.add(2);
      it.move(2, 1, move);
      it.pass(showingMs + 1000);
      return [1, 2, 3].map((connection) => kinds(since(connection)));
    });
    expect(frames).toEqual(Array(4).fill(frames[0]));
  });

  test("counts as somebody whose line dropped, and the others are told whom they wait for and nothing else", () => {
    const { it, game, since } = steady();
    it.silent.add(2);
    it.move(2, 1, { add: 3 });
    it.pass(showingMs + 100);
    expect(it.closed.get(2)).toBe("channel-broken");
    expect(it.status(1)).toMatchObject({ phase: "paused", waiting: [[1, expect.any(Number)]], ended: null });
    expect(since(1).findLast((told) => told.type === "update")).toMatchObject({
      roster: [{ present: true }, { present: false }],
    });
    expect([1, 3].flatMap(game)).toEqual([]);
  });

  test("hears at once that they have to come anew, however slow the disk is", () => {
    const { it } = steady();
    it.silent.add(2);
    it.move(2, 1, { add: 3 });
    it.pass(100);
    it.journal.lag = 1;
    it.move(1, 1, { add: 3 });
    it.pass(showingMs);
    expect(it.journal.durable).toBeLessThan(it.journal.recorded);
    expect(it.closed.get(2)).toBe("channel-broken");
  });

  test("goes on where they were once they are back and show it, and nobody is told old news after new ones", () => {
    const { it } = steady();
    it.silent.add(2);
    it.move(2, 1, { add: 3 });
    it.pass(showingMs + 100);
    it.enter(4, bob);
    it.pass(200);
    expect(it.told(4)[0]).toMatchObject({ type: "admitted", moves: 1 });
    expect(it.status(1)).toMatchObject({ phase: "playing", waiting: [] });
    expect(it.view(1)).toMatchObject({ total: 3 });
    expect(it.view(4)).toMatchObject({ total: 3 });
    const rosters = it
      .updates(1)
      .flatMap(({ roster }) => (roster === undefined ? [] : [roster.map((one) => one.present)]));
    expect(rosters.slice(-2)).toEqual([
      [true, false],
      [true, true],
    ]);
  });

  test("has their own time again on every line", () => {
    const { it } = steady();
    it.silent.add(2);
    it.move(2, 1, { add: 3 });
    it.pass(showingMs - 500);
    it.silent.add(4);
    it.enter(4, bob);
    it.pass(1000);
    expect(it.closed.get(4)).toBeUndefined();
    it.pass(showingMs);
    expect(it.closed.get(4)).toBe("channel-broken");
  });

  test("is not missed while the room is frozen for its store", () => {
    const { it } = steady();
    it.silent.add(2);
    it.move(2, 1, { add: 3 });
    it.pass(100);
    it.room.freeze("store-unavailable", it.now);
    it.pass(60_000);
    it.room.thaw(it.now);
    it.pass(showingMs - 500);
    expect(it.closed.size).toBe(0);
    it.pass(1000);
    expect(it.closed.get(2)).toBe("channel-broken");
  });

  test("keeps it from everybody for good once they are waited for no longer: the room is over, without a result", () => {
    for (const move of [{ add: 3 }, { say: "I have the queen" }, { award: "cup" }, { over: true }] as const) {
      const { it, game } = steady();
      it.silent.add(2);
      it.move(2, 1, move);
      it.pass(60_000);
      for (const connection of [1, 3]) {
        expect(it.status(connection)).toMatchObject({ phase: "ended", ended: { how: "abandoned", result: null } });
        for (const update of game(connection)) {
          expect(Object.keys(update).toSorted()).toEqual(["roster", "status", "tick", "type"]);
        }
      }
      it.silent.clear();
      it.enter(5, bob);
      it.pass(60_000);
      for (const connection of [1, 3, 5]) {
        expect(it.updates(connection).flatMap(({ sent, awards }) => [...(sent ?? []), ...(awards ?? [])])).toEqual([]);
        expect(it.status(connection)?.ended).toEqual({ how: "abandoned", result: null });
      }
      expect(it.view(5)).toBeUndefined();
    }
  });

  test("keeps it from everybody also if they went on with their record elsewhere", () => {
    const { it } = steady();
    it.silent.add(2);
    it.move(2, 1, { add: 3 });
    it.pass(100);
    it.room.outside.kept(bob, null, it.now);
    it.pass(200);
    expect(it.status(1)?.ended).toEqual({ how: "abandoned", result: null });
    expect(it.view(1)).toMatchObject({ total: 0 });
  });

  test("has not told the lobby that it is over either", () => {
    const { it } = steady();
    it.silent.add(2);
    it.move(2, 1, { over: true });
    it.pass(1000);
    expect(it.listings.at(-1)).toMatchObject({ phase: "playing" });
    it.room.receive(2, { type: "witness", witness: it.journal.witness!() }, it.now);
    it.pass(100);
    expect(it.listings.at(-1)).toMatchObject({ phase: "ended" });
  });

  test("is awaited before the game has begun only for what they did themselves", () => {
    const three = { ...tally, players: { min: 3, max: 3 } };
    for (const moved of [false, true]) {
      const it = openRoom(three, { journal: new WitnessingJournal() });
      it.enter(1, alice);
      it.enter(2, bob);
      it.pass(200);
      it.silent.add(2);
      if (moved) it.move(2, 1, { add: 3 });
      else it.move(1, 1, { add: 3 });
      it.pass(60_000);
      if (moved) expect(it.status(1)?.ended).toEqual({ how: "abandoned", result: null });
      else expect(it.status(1)).toMatchObject({ phase: "open", ended: null });
      expect(it.view(1)).toMatchObject({ total: moved ? 0 : 3 });
    }
  });
});

test("whoever leaves after an end that they have not shown to keep is waited for like anybody absent", () => {
  const { it, game } = steady();
  it.silent.add(2);
  it.move(1, 1, { over: true });
  it.pass(100);
  it.room.receive(2, { type: "leave" }, it.now);
  it.pass(100);
  expect(it.status(1)).toMatchObject({ phase: "paused", waiting: [[1, expect.any(Number)]], ended: null });
  expect(game(1)).toEqual([]);
  it.pass(60_000);
  expect(it.status(1)?.ended).toEqual({ how: "abandoned", result: null });
  expect(it.room.dueAt).toBe(Number.POSITIVE_INFINITY);
});

describe("a room that is opened again after its end", () => {
  /** By what was written down of it; `saved`: by its state instead. */
  function reopened({ room, boundaries }: RoomUnderTest, saved: boolean): RoomUnderTest {
    const contract = inProcess(tally);
    const setup = {
      contract,
      options: chooseOptions(contract.manifest, undefined),
      seed: new Uint8Array(32).fill(1),
      fault: () => undefined,
    };
    const course = new Course(setup, saved ? decodeCourse(room.save()) : undefined);
    const again = boundaries.map((boundary) => decodeBoundary(encodeBoundary(boundary)));
    if (!saved) for (const boundary of again) course.step(boundary);
    const journal = new WitnessingJournal();
    for (const boundary of again) journal.record(boundary);
    return openRoom(tally, { journal, course });
  }

  test.for([false, true])("asks nobody again for an end that all have shown (from its state: %s)", (saved) => {
    const { it } = steady();
    it.move(2, 1, { over: true });
    it.pass(1000);
    expect(it.boundaries.flatMap(({ inputs }) => inputs).filter(({ input }) => input === "shown")).toHaveLength(1);
    const next = reopened(it, saved);
    next.enter(1, alice);
    next.pass(1000);
    expect(next.status(1)).toMatchObject({ phase: "ended", ended: { how: "finished" } });
  });

  test.for([false, true])("asks everybody for one that not all have shown (from its state: %s)", (saved) => {
    const { it } = steady();
    it.silent.add(2);
    it.move(2, 1, { over: true });
    it.pass(1000);
    const next = reopened(it, saved);
    next.enter(1, alice);
    next.pass(60_000);
    expect(next.status(1)).toMatchObject({ ended: { how: "abandoned", result: null } });
  });

  test("remembers nothing of an end that was given up, when everybody has gone", () => {
    const { it } = steady();
    it.silent.add(2);
    it.move(2, 1, { over: true });
    it.pass(60_000);
    it.silent.clear();
    it.room.receive(1, { type: "leave" }, it.now);
    it.pass(1000);
    expect(it.boundaries.flatMap(({ inputs }) => inputs).filter(({ input }) => input === "shown")).toEqual([]);
  });
});

test("an absence that hides nothing ends a room as ever", () => {
  const { it } = steady();
  it.move(2, 1, { add: 3 });
  it.pass(100);
  it.room.drop(2, it.now);
  it.pass(60_000);
  expect(it.status(1)?.ended).toEqual({ how: "abandoned", result: { total: 3, absent: [1] } });
});

test("whoever goes after the end leaves the others what they were told", () => {
  const { it } = steady();
  it.move(2, 1, { over: true });
  it.pass(100);
  it.room.drop(2, it.now);
  it.pass(60_000);
  expect(it.status(1)).toMatchObject({ phase: "ended", ended: { how: "finished" } });
});
