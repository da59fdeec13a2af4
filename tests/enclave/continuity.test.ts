/** A host that shows an older state of a room, opens copies of it, or loses its disk gets nothing out of that. */
import { describe, expect, test } from "vitest";
import type { RoomId } from "#protocol/identity.ts";
import type { WorkerMessage } from "#protocol/message.ts";
import { decodeWitness } from "#protocol/witness.ts";
import type { HostedRoom } from "#enclave/rooms.ts";
import { headsPerBlock } from "#enclave/vault/heads.ts";
import { inProcess } from "#testing/in-process.ts";
import { Disk } from "../support/memory-store.ts";
import { tally } from "./room/contracts.ts";
import { alice, bob, carol } from "./room/harness.ts";
import { Machine } from "./machine.ts";

const all = inProcess(tally);
const any = inProcess({ ...tally, name: "hub", presence: "any" });

/** Alice and Bob have played, and everything is durable. */
async function played(contract = all) {
  const disk = new Disk();
  const machine = new Machine(disk, contract);
  const { room } = machine.create(contract.manifest.name);
  const [a, b] = [await machine.enter(room.id, alice), await machine.enter(room.id, bob)];
  await machine.pass(100);
  machine.move(room.id, a, 1, { add: 3 });
  await machine.pass(100);
  return { disk, machine, id: room.id, a, b };
}

/** The store as it was, and then one more move that both were told of. */
async function rolledBack(contract = all) {
  const it = await played(contract);
  const older = it.disk.copy();
  const stale = it.machine.witness(it.b)!;
  it.machine.move(it.id, it.b, 1, { add: 4 });
  await it.machine.pass(1200);
  expect(it.machine.view(it.a)).toMatchObject({ total: 7 });
  return { ...it, older, stale, witnesses: [it.machine.witness(it.a)!, it.machine.witness(it.b)!] as const };
}

/** What tells anything of a game. */
const substance = (messages: readonly WorkerMessage[]): WorkerMessage[] =>
  messages.filter(
    (message) =>
      message.type === "witness" ||
      (message.type === "update" &&
        (message.patch !== undefined ||
          message.sent !== undefined ||
          message.awards !== undefined ||
          message.outcomes !== undefined ||
          (message.status?.ended ?? null) !== null)),
  );

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

describe("a witness", () => {
  test("of long before is no reason to worry", async () => {
    const { disk, id, stale } = await rolledBack();
    const machine = new Machine(disk, all);
    const hosted = await machine.open(id);
    await machine.enter(id, bob, stale);
    expect(hosted.room.frozen).toBeNull();
  });

  test("that no worker of this room made is refused, and freezes nothing", async () => {
    const { disk, id, witnesses } = await rolledBack();
    const machine = new Machine(disk, all);
    const hosted = await machine.open(id);
    for (let at = 0; at < witnesses[0].length; at++) {
      const forged = witnesses[0].slice();
      forged[at]! ^= 1;
      await expect(machine.enter(id, bob, forged)).rejects.toMatchObject({ code: "witness-refused" });
    }
    const other = await played();
    const foreign = other.machine.witness(other.a)!;
    await expect(machine.enter(id, bob, foreign)).rejects.toMatchObject({ code: "witness-refused" });
    expect(hosted.room.frozen).toBeNull();
  });

  test("of so long before that its head is not at hand is compared with heads that the store gives and we remember", async () => {
    const { machine, disk, id, a, b } = await played();
    const elsewhere = new Machine(disk.copy(), all);
    await elsewhere.open(id);
    const there = await elsewhere.enter(id, alice, machine.witness(a));
    await elsewhere.enter(id, bob);
    await elsewhere.pass(100);
    const ours = machine.witness(b)!;
    for (let n = 2; n < headsPerBlock + 2; n++) {
      machine.move(id, a, n, { add: 1 });
      await machine.pass(20);
    }
    const hosted = machine.rooms.find(id)!;
    expect(machine.continuity.present(hosted, ours)).toBeInstanceOf(Promise);
    await machine.enter(id, bob, ours);
    expect(hosted.room.frozen).toBeNull();
    machine.store.fails = "before";
    await expect(machine.enter(id, bob, ours)).rejects.toMatchObject({ code: "store-unavailable" });
    machine.store.fails = "not";
    await machine.enter(id, bob, elsewhere.witness(there)!);
    expect(hosted.room.frozen).toBe("rolled-back");
    const [chain] = disk.chains.values();
    chain!.records[3] = { ...chain!.records[3]!, head: new Uint8Array(32) };
    await expect(machine.enter(id, bob, ours)).rejects.toMatchObject({ code: "store-damaged" });
  });

  test("is handed out before the words that rest on it", async () => {
    const { machine, a, id } = await played();
    machine.move(id, a, 2, { add: 1 });
    await machine.pass(100);
    const told = machine.told(a);
    const answered = told.findIndex((message) => message.type === "update" && message.outcomes?.[0]?.[0] === 2);
    expect(told[answered - 1]).toMatchObject({ type: "witness" });
  });

  test("speaks for durable records only, also while others are on their way", async () => {
    const { machine, a, id } = await played();
    const { log } = machine.rooms.find(id)!;
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const before = machine.witness(a);
    machine.store.gate = gates[0]!.promise;
    machine.move(id, a, 2, { add: 1 });
    await machine.pass(20);
    machine.move(id, a, 3, { add: 1 });
    await machine.pass(20);
    expect(machine.witness(a)).toEqual(before);
    machine.store.gate = gates[1]!.promise;
    gates[0]!.resolve();
    await machine.settle();
    expect(log!.recorded - log!.durable).toBe(1);
    expect(decodeWitness(machine.witness(a)!)).toEqual({ term: 1, index: log!.length, head: log!.head });
    gates[1]!.resolve();
    await machine.settle();
    expect(decodeWitness(machine.witness(a)!)).toMatchObject({ index: log!.length });
    expect(log!.recorded).toBe(log!.durable);
  });

  test("leaves at most once for each record, and in rooms that go on without some once a second", async () => {
    const counts = [];
    for (const contract of [all, any]) {
      const { machine, a, id } = await played(contract);
      await machine.pass(2000);
      const count = (): number => machine.told(a).filter(({ type }) => type === "witness").length;
      const before = count();
      for (let n = 2; n < 22; n++) {
        machine.move(id, a, n, { add: 1 });
        await machine.pass(20);
      }
      await machine.pass(2000);
      counts.push(count() - before);
    }
    expect(counts).toEqual([20, 2]);
  });
});

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
