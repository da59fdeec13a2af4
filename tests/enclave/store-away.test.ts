/** A store that stays away, or that another worker goes on with: a room stops and says why. */
import { describe, expect, test } from "vitest";
import type { RoomId } from "#protocol/identity.ts";
import { Machine } from "./machine.ts";
import { all, any, played } from "./played.ts";
import { alice, carol } from "./room/harness.ts";

describe("a store that stays away", () => {
  test("stops the room after a while and says why; nothing that was acknowledged is lost, and it goes on by itself", async () => {
    const { machine, a, b, id } = await played();
    machine.store.fails = "before";
    machine.move(id, a, 2, { add: 10 });
    await machine.pass(4000);
    expect(machine.told(a)).not.toContainEqual(expect.objectContaining({ type: "frozen" }));
    await machine.pass(4000);
    for (const connection of [a, b]) {
      expect(machine.told(connection)).toContainEqual({ type: "frozen", reason: "store-unavailable" });
    }
    // What happened is not told, and nothing more happens.
    expect(machine.view(b)).toMatchObject({ total: 3 });
    machine.move(id, b, 1, { add: 100 });
    await machine.pass(5000);
    expect(machine.view(b)).toMatchObject({ total: 3 });
    machine.store.fails = "not";
    await machine.pass(1000);
    expect(machine.told(a)).toContainEqual({ type: "frozen", reason: null });
    expect(machine.view(a)).toMatchObject({ total: 113 });
    expect(machine.updates(b).flatMap(({ outcomes }) => outcomes ?? [])).toEqual([[1, null]]);
  });

  test("lets nobody in meanwhile: being in a room rests on what it has not confirmed", async () => {
    const { machine, a, id } = await played();
    machine.store.fails = "before";
    machine.move(id, a, 2, { add: 10 });
    await machine.pass(8000);
    await expect(machine.enter(id, carol, undefined, { want: "watch" })).rejects.toMatchObject({
      code: "store-unavailable",
    });
  });

  test("answers pings, so that nobody takes the line for dead", async () => {
    const { machine, a, id } = await played();
    machine.store.fails = "before";
    machine.move(id, a, 2, { add: 10 });
    await machine.pass(8000);
    machine.rooms.find(id)!.room.receive(a, { type: "ping", at: 5 }, machine.now);
    expect(machine.told(a).at(-1)).toEqual({ type: "pong", at: 5 });
  });

  test("does not count as anybody's absence", async () => {
    const { machine, a, id } = await played(any);
    machine.store.fails = "before";
    machine.move(id, a, 2, { add: 10 });
    await machine.pass(8000);
    const { room } = machine.rooms.find(id)!;
    room.drop(a, machine.now);
    await machine.pass(60_000);
    machine.store.fails = "not";
    await machine.pass(1000);
    const back = await machine.enter(id, alice);
    await machine.pass(100);
    expect(machine.view(back)).toMatchObject({ seen: ["join 0", "join 1", "dropped 0", "returned 0"] });
  });

  test.for([
    ["store-full", "store-full"],
    ["store-damaged", "store-damaged"],
    ["store-failed", "store-unavailable"],
  ] as const)("because of %s is told as %s", async ([code, reason]) => {
    const { machine, a, id } = await played();
    machine.store.fails = "before";
    machine.store.failure = code;
    machine.move(id, a, 2, { add: 10 });
    await machine.pass(8000);
    expect(machine.told(a).findLast(({ type }) => type === "frozen")).toEqual({ type: "frozen", reason });
  });
});

test("a room that another worker has gone on with says so and nothing else", async () => {
  const { machine, disk, a, b, id } = await played();
  const other = new Machine(disk, all);
  await other.open(id);
  const before = [a, b].map((connection) => machine.told(connection).length);
  machine.move(id, a, 2, { award: "twice" });
  await machine.pass(100);
  expect([machine.closed.get(a), machine.closed.get(b)]).toEqual(["room-moved", "room-moved"]);
  expect([a, b].map((connection) => machine.told(connection).length)).toEqual(before);
  expect(machine.rooms.find(id as RoomId)).toBeUndefined();
});
