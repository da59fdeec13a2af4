/** A host that shows an older state of a room, opens copies of it, or loses its disk gets nothing out of that. */
import { describe, expect, test } from "vitest";
import { decodeWitness } from "#protocol/witness.ts";
import type { HostedRoom } from "#enclave/rooms.ts";
import { Disk } from "../support/memory-store.ts";
import { Machine } from "./machine.ts";
import { all, any, played, rolledBack, substance } from "./played.ts";
import { alice, bob, carol } from "./room/harness.ts";

const recordsOf = async (machine: Machine, { room, log }: HostedRoom): Promise<number> => {
  await machine.settle();
  expect(machine.rooms.find(room.id)).toBeDefined();
  return log!.recorded;
};

describe("a copy of an `all` room in a second genuine worker", () => {
  test("shows nothing and applies nothing while one of its players is elsewhere, whoever else comes and asks", async () => {
    const { older, id } = await rolledBack();
    const copy = new Machine(older, all);
    const hosted = await copy.open(id);
    const records = await recordsOf(copy, hosted);
    const accomplice = await copy.enter(id, alice);
    const watcher = await copy.enter(id, carol, undefined, { want: "watch" });
    copy.move(id, accomplice, 2, { over: true });
    copy.move(id, accomplice, 3, { award: "all" });
    await copy.pass(9000);
    for (const connection of [accomplice, watcher]) expect(substance(copy.told(connection))).toEqual([]);
    expect(await recordsOf(copy, hosted)).toBe(records);
    expect(copy.updates(accomplice).at(0)?.status).toMatchObject({ phase: "paused" });
  });

  test("that its accomplice waits out is abandoned, and nothing hidden is shown", async () => {
    const { older, id } = await rolledBack();
    const copy = new Machine(older, all);
    await copy.open(id);
    const accomplice = await copy.enter(id, alice);
    const watcher = await copy.enter(id, carol, undefined, { want: "watch" });
    await copy.pass(11_000);
    const { status } = copy.updates(accomplice).findLast((update) => update.status !== undefined)!;
    expect(status).toMatchObject({ phase: "ended", ended: { how: "abandoned" } });
    for (const connection of [accomplice, watcher]) {
      expect(JSON.stringify(copy.told(connection))).not.toContain("hidden");
    }
  });

  test("in which nobody sits waits for ever, timers and all", async () => {
    const it = await played();
    it.machine.move(it.id, it.a, 2, { add: 9 });
    await it.machine.pass(100);
    const copy = new Machine(it.disk.copy(), all);
    const hosted = await copy.open(it.id);
    const watcher = await copy.enter(it.id, carol, undefined, { want: "watch" });
    const records = await recordsOf(copy, hosted);
    await copy.pass(60_000);
    expect(substance(copy.told(watcher))).toEqual([]);
    expect(await recordsOf(copy, hosted)).toBe(records);
  });

  test("waits before the game, too: whoever had a seat may have seen it begin", async () => {
    const disk = new Disk();
    const machine = new Machine(disk, all);
    const { room } = machine.create("tally");
    await machine.enter(room.id, bob);
    await machine.pass(100);
    const copy = new Machine(disk.copy(), all);
    await copy.open(room.id);
    const accomplice = await copy.enter(room.id, alice);
    await copy.pass(5000);
    expect(substance(copy.told(accomplice))).toEqual([]);
    expect(copy.updates(accomplice)[0]?.status).toMatchObject({ phase: "paused", waiting: [[0, 9980]] });
    const back = await copy.enter(room.id, bob);
    await copy.pass(100);
    expect(copy.view(back)).toMatchObject({ total: 0 });
  });

  test("gives no witness away before all of its players were there together", async () => {
    const { disk, id } = await played();
    const copy = new Machine(disk.copy(), all);
    await copy.open(id);
    const first = await copy.enter(id, alice);
    await copy.pass(1000);
    expect(copy.witness(first)).toBeUndefined();
    const second = await copy.enter(id, bob);
    await copy.pass(100);
    expect(copy.witness(first)).toEqual(copy.witness(second));
    expect(copy.witness(first)).toBeDefined();
  });
});

describe("a room that was rolled back", () => {
  test("freezes at the first player who knows more, tells everybody, and closes without a view, a reveal or an award", async () => {
    const { older, id, witnesses } = await rolledBack();
    const lying = new Machine(older, all);
    const hosted = await lying.open(id);
    const a = await lying.enter(id, alice);
    const b = await lying.enter(id, bob, witnesses[1]);
    const records = await recordsOf(lying, hosted);
    lying.move(id, b, 1, { over: true });
    lying.move(id, a, 2, { award: "mine" });
    await lying.pass(2000);
    for (const connection of [a, b]) {
      expect(lying.told(connection)).toContainEqual({ type: "frozen", reason: "rolled-back" });
      expect(substance(lying.told(connection))).toEqual([]);
    }
    expect(hosted.room.phase).toBe("frozen");
    expect(await recordsOf(lying, hosted)).toBe(records);
    await lying.pass(30_000);
    expect([lying.closed.get(a), lying.closed.get(b)]).toEqual(["rolled-back", "rolled-back"]);
    for (const connection of [a, b]) expect(substance(lying.told(connection))).toEqual([]);
    expect(lying.events).toEqual([{ event: "room-frozen", reason: "rolled-back" }, { event: "room-rolled-back" }]);
  });

  test("freezes also if both know as much as this copy has records, but of another history", async () => {
    const { older, id, witnesses } = await rolledBack();
    const lying = new Machine(older, all);
    // The opening of this copy stands where the players' record stood.
    await lying.open(id);
    await lying.enter(id, alice, witnesses[0]);
    expect(lying.events).toEqual([{ event: "room-frozen", reason: "rolled-back" }]);
  });

  test("freezes also if a player knows more than this copy has records, those on their way included", async () => {
    const { disk, machine, id, a, b } = await played();
    const older = disk.copy();
    for (let n = 2; n < 7; n++) {
      machine.move(id, a, n, { add: 1 });
      await machine.pass(20);
    }
    const lying = new Machine(older, all);
    const hosted = await lying.open(id);
    lying.store.fails = "before";
    await lying.enter(id, alice);
    await lying.enter(id, bob);
    await lying.pass(20);
    expect(hosted.log!.recorded).toBeGreaterThan(hosted.log!.durable);
    expect(hosted.room.frozen).toBeNull();
    await lying.enter(id, bob, machine.witness(b)!);
    expect(hosted.room.frozen).toBe("rolled-back");
  });

  test("charges nobody for the time in which it was frozen", async () => {
    const { older, id, witnesses } = await rolledBack();
    const lying = new Machine(older, all);
    await lying.open(id);
    const a = await lying.enter(id, alice, witnesses[0]);
    await lying.pass(25_000);
    expect(lying.closed.get(a)).toBeUndefined();
    expect(lying.updates(a)[0]?.status?.ended).toBeNull();
  });

  test("thaws as soon as the store has what is missing, and its players go on where they were", async () => {
    const { older, id, disk, witnesses } = await rolledBack();
    const machine = new Machine(older, all);
    const frozen = await machine.open(id);
    const a = await machine.enter(id, alice, witnesses[0]);
    await machine.pass(3000);
    machine.store.disk.chains.clear();
    for (const [chain, records] of disk.copy().chains) machine.store.disk.chains.set(chain, records);
    await machine.pass(2000);
    expect(machine.closed.get(a)).toBe("room-moved");
    expect(machine.events.at(-1)).toMatchObject({ event: "room-thawed" });
    // The frozen copy's log may still hear that it lost the room.
    machine.rooms.forget(frozen, "room-moved");
    const back = [await machine.enter(id, alice, witnesses[0]), await machine.enter(id, bob, witnesses[1])];
    await machine.pass(100);
    expect(machine.view(back[0]!)).toMatchObject({ total: 7 });
    machine.move(id, back[0]!, 2, { add: 1 });
    await machine.pass(100);
    expect(machine.view(back[1]!)).toMatchObject({ total: 8 });
  });

  test("does not thaw because the store says that it has what is missing: its records must", async () => {
    const { older, id, witnesses } = await rolledBack();
    const lying = new Machine(older, all);
    await lying.open(id);
    const a = await lying.enter(id, alice, witnesses[0]);
    lying.store.heads = () => Promise.resolve(decodeWitness(witnesses[0]).head);
    await lying.pass(31_000);
    expect(lying.closed.get(a)).toBe("rolled-back");
  });

  test("can be opened again once it was closed, and then with everything", async () => {
    const { older, id, disk, witnesses } = await rolledBack();
    const lying = new Machine(older, all);
    await lying.open(id);
    await lying.enter(id, alice, witnesses[0]);
    await lying.pass(31_000);
    expect(lying.rooms.find(id)).toBeUndefined();
    const honest = new Machine(disk, all);
    await honest.open(id);
    const back = [await honest.enter(id, alice, witnesses[0]), await honest.enter(id, bob, witnesses[1])];
    await honest.pass(100);
    expect(honest.view(back[0]!)).toMatchObject({ total: 7 });
  });

  test("of the kind that goes on without some freezes for everybody when one of them returns", async () => {
    const { older, id, witnesses } = await rolledBack(any);
    const lying = new Machine(older, any);
    await lying.open(id);
    const a = await lying.enter(id, alice);
    await lying.pass(100);
    const shown = substance(lying.told(a)).length;
    // Such a room goes on: its host can explore a copy until somebody comes who knows better.
    expect(lying.view(a)).toMatchObject({ total: 3 });
    await lying.enter(id, bob, witnesses[1]);
    lying.move(id, a, 2, { add: 5 });
    await lying.pass(2000);
    expect(lying.told(a)).toContainEqual({ type: "frozen", reason: "rolled-back" });
    expect(substance(lying.told(a))).toHaveLength(shown);
  });

  test("freezes after its game has ended, too: it may have ended otherwise", async () => {
    const { older, id, witnesses } = await rolledBack();
    const lying = new Machine(older, all);
    const hosted = await lying.open(id);
    const a = await lying.enter(id, alice);
    await lying.pass(11_000);
    expect(hosted.room.phase).toBe("ended");
    const b = await lying.enter(id, bob, witnesses[1]);
    await lying.pass(100);
    expect(hosted.room.phase).toBe("frozen");
    expect(lying.told(b).filter(({ type }) => type === "update")).toHaveLength(1);
    expect(substance(lying.told(b))).toEqual([]);
    expect(lying.told(a)).toContainEqual({ type: "frozen", reason: "rolled-back" });
  });
});
