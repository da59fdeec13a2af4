/** When witnesses leave a room, and that the moment and the number of them tell nothing about moves. */
import { expect, test } from "vitest";
import { witnessLength } from "#protocol/witness.ts";
import { alice, bob, carol, openRoom, TestJournal } from "./harness.ts";
import { tally } from "./contracts.ts";

class WitnessingJournal extends TestJournal {
  override witness(): Uint8Array {
    return new Uint8Array(witnessLength).fill(this.durable);
  }
}

/** Alice, Bob and Carol, who watches, after so much has happened; and what each is told from then on. */
function steady() {
  const it = openRoom(tally, { journal: new WitnessingJournal() });
  it.enter(1, alice);
  it.enter(2, bob);
  it.enter(3, carol, { want: "watch" });
  it.pass(100);
  it.room.release();
  const before = [1, 2, 3].map((connection) => it.told(connection).length);
  return { it, since: () => [1, 2, 3].map((connection, i) => it.told(connection).slice(before[i])) };
}

test("everybody in a steady room gets as many frames whether a move was accepted or refused, and in the same order", () => {
  const kinds = [3, -1].map((add) => {
    const { it, since } = steady();
    it.journal.lag = 1;
    it.move(1, 1, { add });
    it.pass(20);
    it.journal.lag = 0;
    it.room.release();
    it.show();
    return since().map((told) => told.map(({ type }) => type));
  });
  expect(kinds).toEqual(Array(2).fill(Array(3).fill(["witness", "update"])));
});

test("all get the same witness, spectators too", () => {
  const { it, since } = steady();
  it.move(1, 1, { add: 1 });
  it.pass(20);
  it.room.release();
  const witnesses = since().map((told) => told.find((message) => message.type === "witness"));
  expect(new Set(witnesses.map((message) => message!.witness.join())).size).toBe(1);
});

test("who reconnects is handed one, and nobody is handed the same twice", () => {
  const { it, since } = steady();
  it.pass(5000);
  expect(since().flat()).toEqual([]);
  it.room.drop(2, it.now);
  it.enter(9, bob);
  it.pass(40);
  expect(it.told(9).filter(({ type }) => type === "witness")).toHaveLength(1);
});

test("a witness that was due when a player dropped still comes before the words that rest on it", () => {
  const { it, since } = steady();
  it.journal.lag = 1;
  it.move(1, 1, { add: 1 });
  it.pass(20);
  it.room.drop(2, it.now);
  it.pass(20);
  it.journal.lag = 0;
  it.room.release();
  it.show();
  // Whom they wait for; what rests on it, Bob has not shown to keep.
  expect(since()[0]!.map(({ type }) => type)).toEqual(["witness", "update"]);
  expect(it.status(1)).toMatchObject({ phase: "paused" });
  it.enter(9, bob);
  it.pass(40);
  expect(it.view(1)).toMatchObject({ total: 1 });
});

test("a frozen room that was rolled back hands out none and drops what it held", () => {
  const { it, since } = steady();
  it.journal.lag = 1;
  it.move(1, 1, { add: 1 });
  it.pass(20);
  it.room.freeze("rolled-back", it.now);
  it.journal.lag = 0;
  it.room.release();
  it.pass(2000);
  expect(since().map((told) => told.map(({ type }) => type))).toEqual(Array(3).fill(["frozen"]));
});

test("leaving a room frozen for its store is a way out, not an end of the game", () => {
  const { it } = steady();
  it.room.freeze("store-unavailable", it.now);
  it.room.receive(2, { type: "leave" }, it.now);
  expect(it.closed.get(2)).toBe("left");
  it.pass(20_000);
  it.room.thaw(it.now);
  it.pass(100);
  expect(it.status(1)).toMatchObject({ phase: "paused", waiting: [[1, expect.closeTo(10_000, -2)]], ended: null });
});

test("a room that froze for its store and is rolled back stays frozen, whatever its store does", () => {
  const { it } = steady();
  it.room.freeze("store-full", it.now);
  it.room.freeze("rolled-back", it.now);
  it.room.freeze("store-full", it.now);
  it.room.thaw(it.now);
  expect(it.room.frozen).toBe("rolled-back");
  expect(it.room.phase).toBe("frozen");
  expect(it.listings.at(-1)?.phase).toBe("frozen");
});
