/** What a player presents of a room: old ones and foreign ones harm nobody, and it speaks for what is durable. */
import { describe, expect, test } from "vitest";
import { decodeWitness } from "#protocol/witness.ts";
import { headsPerBlock } from "#enclave/vault/heads.ts";
import { Machine } from "./machine.ts";
import { all, any, played, rolledBack } from "./played.ts";
import { alice, bob } from "./room/harness.ts";

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
