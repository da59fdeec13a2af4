/** What a room says is heard once, in order, and changes no more of a view than is different. */
import * as v from "valibot";
import { expect, test } from "vitest";
import { accept, type Contract } from "#contract/index.ts";
import type { Value } from "#protocol/value.ts";
import { tally } from "../enclave/room/contracts.ts";
import { board, onBoard } from "./board.ts";
import { Place } from "./place.ts";

test("only what changed in a view is a new object", async () => {
  const { place, room } = await onBoard();
  const before = room.view!;
  await place.time.until(room.move({ put: [0, 1] }));
  const after = room.view!;
  expect(after.rows[0]).toEqual([0, 1]);
  expect(after).not.toBe(before);
  expect(after.rows[1]).toBe(before.rows[1]);
  expect(after.rules).toBe(before.rules);
});

test("a whole view after a reconnection keeps what is the same, and is no change if nothing is", async () => {
  const place = new Place(board);
  const id = place.newRoom();
  const carrier = place.carrier();
  const room = await place.join<typeof board>(id, 1, carrier);
  const opponent = await place.join<typeof board>(id, 2);
  const changes: unknown[] = [];
  room.on("view", (next) => changes.push(next));
  const before = room.view!;
  carrier.cut();
  expect(room.view).toBe(before);
  await place.time.pass(5000);
  expect(room.connection).toBe("joined");
  expect(changes).toEqual([]);
  expect(room.view).toBe(before);
  carrier.cut();
  void opponent.move({ put: [1, 1] });
  await place.time.pass(15_000);
  expect(changes).toHaveLength(1);
  expect(room.view?.rows[1]).toEqual([0, 1]);
  expect(room.view?.rows[0]).toBe(before.rows[0]);
});

test("nobody can write into a view", async () => {
  const { place, room } = await onBoard();
  expect(() => room.view!.rows[0]!.push(9)).toThrow(TypeError);
  await place.time.until(room.move({ put: [0, 0] }));
  expect(() => (room.view!.rows[0]![0] = 9)).toThrow(TypeError);
});

test("a listener is told the next view and the one before, once per change", async () => {
  const { place, room } = await onBoard();
  const told: unknown[] = [];
  const stop = room.on("view", (next, previous) => told.push([next.rows[0], previous?.rows[0]]));
  await place.time.until(room.move({ put: [0, 0] }));
  await place.time.pass(500);
  stop();
  await place.time.until(room.move({ put: [0, 1] }));
  expect(told).toEqual([
    [
      [1, 0],
      [0, 0],
    ],
  ]);
});

test("a selection is told only when what it picks changes", async () => {
  const { place, room } = await onBoard();
  const told: unknown[] = [];
  const stop = room.select(
    ({ rows }) => rows[1],
    (next, previous) => told.push([next, previous]),
  );
  await place.time.until(room.move({ put: [0, 0] }));
  expect(told).toEqual([]);
  await place.time.until(room.move({ put: [1, 0] }));
  stop();
  await place.time.until(room.move({ put: [1, 1] }));
  expect(told).toEqual([
    [
      [1, 0],
      [0, 0],
    ],
  ]);
});

test("what the contract sends arrives once and in order, the view of the same update being in place", async () => {
  const { place, room } = await onBoard();
  const heard: unknown[] = [];
  room.on("message", (message) => heard.push([message, room.view?.rows[0]?.[0]]));
  void room.move({ put: [0, 0] });
  void room.move({ say: "one" });
  await place.time.until(room.move({ say: "two" }));
  expect(heard).toEqual([
    ["one", 1],
    ["two", 1],
  ]);
});

test("what comes with the very first update is heard by listeners added right after joining", async () => {
  const greeter: Contract<null, never, null> = {
    name: "greeter",
    players: { min: 1, max: 1 },
    moves: v.never(),
    open: () => null,
    join: (_, player, context) => context.send(player, "welcome"),
    apply: accept,
    view: () => null,
  };
  const place = new Place(greeter);
  const heard: Value[] = [];
  const options = await place.options(place.newRoom(), place.carrier(), 1);
  const { joinIn } = await import("#client/join.ts");
  const joining = joinIn(place.environment(), "http://localhost", options).then((room) => {
    room.on("message", (message) => heard.push(message));
    return room;
  });
  await place.time.until(joining);
  await place.time.pass(100);
  expect(heard).toEqual(["welcome"]);
});

test("the end is told once, with its result and what was earned, and the room can still be looked at", async () => {
  const { place, room } = await onBoard();
  const ended: unknown[] = [];
  const awards: unknown[] = [];
  room.on("ended", (end) => ended.push(end));
  room.on("award", (award) => awards.push(award));
  expect(await place.time.until(room.move({ win: true }))).toEqual({ accepted: true });
  await place.time.pass(5000);
  expect(ended).toEqual([{ how: "finished", result: { winner: 0 } }]);
  expect(awards).toEqual([{ item: { kind: "cup" }, once: "won" }]);
  expect(room.status).toMatchObject({ phase: "ended" });
  expect(room.connection).toBe("joined");
  expect(await place.time.until(room.move({ put: [0, 0] }))).toMatchObject({ accepted: false });
});

test("roster and status tell who is here and whom the room waits for", async () => {
  const place = new Place(tally);
  const id = place.newRoom();
  const room = await place.join<typeof tally>(id, 1);
  const rosters: number[] = [];
  const phases: string[] = [];
  room.on("roster", (roster) => rosters.push(roster.filter(({ present }) => present).length));
  room.on("status", ({ phase }) => phases.push(phase));
  const opponent = await place.join<typeof tally>(id, 2);
  await place.time.pass(100);
  opponent.close();
  await place.time.pass(100);
  expect(rosters).toEqual([2, 1]);
  expect(phases).toEqual(["playing", "paused"]);
  expect(room.status.waiting).toMatchObject([[1, expect.any(Number)]]);
});

test("the estimated tick goes on between updates and stands still while the room is paused", async () => {
  const place = new Place(tally);
  const id = place.newRoom();
  const room = await place.join<typeof tally>(id, 1);
  const opponent = await place.join<typeof tally>(id, 2);
  await place.time.pass(100);
  const before = room.tickNow();
  await place.time.pass(1000);
  expect(room.tickNow() - before).toBeCloseTo(50);
  opponent.close();
  await place.time.pass(100);
  const paused = room.tickNow();
  await place.time.pass(1000);
  expect(room.tickNow()).toBe(paused);
});

test("a listener that throws is reported, and nothing else suffers", async () => {
  const { place, room } = await onBoard();
  const thrown: unknown[] = [];
  const stop = catchUncaught(thrown);
  const told: string[] = [];
  const broken = new Error("broken listener");
  room.on("view", () => {
    throw broken;
  });
  room.on("view", () => told.push("view"));
  expect(await place.time.until(room.move({ put: [0, 0] }))).toEqual({ accepted: true });
  stop();
  expect(told).toEqual(["view"]);
  expect(thrown).toEqual([broken]);
  expect(room.connection).toBe("joined");
});

/** Takes over what the process does with errors that nobody catches. Returns how to give it back. */
function catchUncaught(into: unknown[]): () => void {
  const listeners = process.listeners("uncaughtException");
  const mine = (error: unknown): void => void into.push(error);
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", mine);
  return () => {
    process.off("uncaughtException", mine);
    for (const listener of listeners) process.on("uncaughtException", listener);
  };
}
