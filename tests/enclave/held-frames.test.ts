/**
 * A host lets a player's frames in and holds back what goes out to them, has an accomplice at the table, and plays the room
 * once more from a copy of before: what the accomplice was told then counts for nothing.
 */
import { describe, expect, test } from "vitest";
import { showingMs } from "#enclave/room/shown.ts";
import { Machine } from "./machine.ts";
import { all, any, played, substance } from "./played.ts";
import { alice, bob } from "./room/harness.ts";

/** Bob's frames are held back from here on, and the host has a copy of its store. Alice is its accomplice. */
async function heldBack(contract = all) {
  const it = await played(contract);
  await it.machine.pass(1200);
  const older = it.disk.copy();
  it.machine.heldBack.add(it.b);
  const before = it.machine.told(it.a).length;
  return {
    ...it,
    older,
    /** What Bob's device keeps: all that it was let through to. */
    kept: it.machine.witness(it.b)!,
    /** What Alice was told of the game since. */
    learnt: () => substance(it.machine.told(it.a).slice(before)).filter(({ type }) => type !== "witness"),
  };
}

describe("a move whose player is kept in the dark", () => {
  test("is told nobody, so that a host that plays on from before it has learnt nothing", async () => {
    const { machine, id, a, b, older, kept, learnt } = await heldBack();
    machine.move(id, b, 1, { add: 4 });
    await machine.pass(showingMs - 200);
    expect(machine.view(a)).toMatchObject({ total: 3 });
    expect(learnt()).toEqual([]);
    // Bob cannot know better.
    const second = new Machine(older, all);
    const hosted = await second.open(id);
    const again = await second.enter(id, alice);
    await second.enter(id, bob, kept);
    await second.pass(200);
    expect(hosted.room.frozen).toBeNull();
    expect(second.view(again)).toMatchObject({ total: 3 });
  });

  test("is told as soon as that player's device keeps it, and nobody is taken back to before it any more", async () => {
    const { machine, id, a, b, older } = await heldBack();
    machine.heldBack.clear();
    machine.move(id, b, 1, { add: 4 });
    await machine.pass(200);
    expect(machine.view(a)).toMatchObject({ total: 7 });
    const second = new Machine(older, all);
    const hosted = await second.open(id);
    await second.enter(id, bob, machine.witness(b)!);
    expect(hosted.room.frozen).toBe("rolled-back");
  });

  test("is not told by another worker either, to which the room goes with everything in it", async () => {
    const { machine, disk, id, b } = await heldBack();
    machine.move(id, b, 1, { over: true });
    await machine.pass(100);
    const second = new Machine(disk, all);
    await second.open(id);
    const again = await second.enter(id, alice);
    await second.pass(500);
    expect(substance(second.told(again))).toEqual([]);
    const back = await second.enter(id, bob);
    second.heldBack.add(back);
    await second.pass(showingMs - 200);
    expect(substance(second.told(again)).filter(({ type }) => type !== "witness")).toEqual([]);
    second.heldBack.clear();
    await second.pass(showingMs);
    await second.enter(id, bob);
    await second.pass(200);
    expect(second.view(again)).toMatchObject({ total: 3 });
    expect(second.updates(again).findLast(({ status }) => status !== undefined)?.status?.ended?.how).toBe("finished");
  });

  test("is never told once the others wait no longer", async () => {
    const { machine, id, a, b, learnt } = await heldBack();
    machine.move(id, b, 1, { add: 4 });
    await machine.pass(60_000);
    expect(machine.view(a)).toMatchObject({ total: 3 });
    expect(learnt().map((told) => (told.type === "update" ? told.status?.ended : told))).toContainEqual({
      how: "abandoned",
      result: null,
    });
    for (const told of learnt()) expect(told).not.toHaveProperty("patch");
  });
});

test("in a room that goes on without some nobody waits for anybody", async () => {
  const { machine, id, a, b } = await heldBack(any);
  machine.move(id, b, 1, { add: 4 });
  await machine.pass(1200);
  expect(machine.view(a)).toMatchObject({ total: 7 });
});
