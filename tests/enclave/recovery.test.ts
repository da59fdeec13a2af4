/** Rooms that cannot be brought back: whoever asks for one is told why, and the others are there. */
import { expect, test } from "vitest";
import type { ProtocolError } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { StoreError } from "#protocol/store.ts";
import type { Gate } from "#enclave/gate.ts";
import type { LinkConnection } from "#enclave/link-server.ts";
import { RoomDesk } from "#enclave/room-desk.ts";
import { Recovery, type RecoveryEvent, type RecoverySetup } from "#enclave/recovery.ts";
import { inProcess } from "#testing/in-process.ts";
import { Disk } from "../support/memory-store.ts";
import { Machine } from "./machine.ts";
import { alice, bob } from "./room/harness.ts";
import { tally } from "./room/contracts.ts";

const loaded = inProcess(tally);

/** A disk with so many rooms on it. */
async function kept(count: number) {
  const disk = new Disk();
  const machine = new Machine(disk, loaded);
  const ids: RoomId[] = [];
  for (let i = 0; i < count; i++) {
    const { room } = machine.create("tally");
    ids.push(room.id);
    await machine.enter(room.id, alice);
    await machine.enter(room.id, bob);
  }
  await machine.pass(100);
  return { disk, ids };
}

function recoveryOf(machine: Machine) {
  const events: RecoveryEvent[] = [];
  const setup: RecoverySetup = {
    rooms: machine.rooms,
    vault: machine.vault,
    store: { offered: true, whenOffered: () => Promise.resolve() },
    back: () => undefined,
    log: (event) => events.push(event),
    now: () => machine.now,
  };
  return { recovery: new Recovery(setup), events };
}

test.for([
  ["store-failed", "store-unavailable"],
  ["store-full", "store-full"],
  ["store-damaged", "store-damaged"],
] as const)("a store that says %s is told as %s", async ([failure, code]) => {
  const { disk, ids } = await kept(1);
  const machine = new Machine(disk, loaded);
  machine.store.fails = "before";
  machine.store.failure = failure;
  await expect(recoveryOf(machine).recovery.one(ids[0]!)).rejects.toMatchObject({ code });
  machine.store.fails = "not";
  expect(await recoveryOf(machine).recovery.one(ids[0]!)).toBeDefined();
});

test("one room whose records were changed keeps no other from coming back", async () => {
  const { disk, ids } = await kept(3);
  const chains = [...disk.chains.values()];
  const [first] = chains[1]!.records;
  first!.record![first!.record!.length - 1]! ^= 1;
  const machine = new Machine(disk, loaded);
  const { recovery, events } = recoveryOf(machine);
  await recovery.all();
  expect(machine.rooms.size).toBe(2);
  expect(events).toContainEqual(expect.objectContaining({ event: "recovered", rooms: 2, failed: 1 }));
  const results = await Promise.allSettled(ids.map((id) => recovery.one(id)));
  const reasons = results.flatMap((result) => (result.status === "rejected" ? [result.reason as ProtocolError] : []));
  expect(reasons.map(({ code }) => code)).toEqual(["store-damaged"]);
});

test("a store that fails in the middle loses no room: it is asked for again", async () => {
  const { disk, ids } = await kept(1);
  const machine = new Machine(disk, loaded);
  const { recovery } = recoveryOf(machine);
  const { store } = machine;
  const records = store.records.bind(store);
  store.records = () => Promise.reject(new StoreError("store-failed", "once"));
  await expect(recovery.one(ids[0]!)).rejects.toMatchObject({ code: "store-unavailable" });
  store.records = records;
  await expect(recovery.one(ids[0]!)).resolves.toBeDefined();
});

test("whoever waits for a room that cannot be brought back is told why", async () => {
  const { disk, ids } = await kept(1);
  const machine = new Machine(disk, loaded);
  machine.store.fails = "before";
  machine.store.failure = "store-damaged";
  const refused: unknown[] = [];
  const desk = new RoomDesk({
    rooms: machine.rooms,
    recovery: recoveryOf(machine).recovery,
    gate: {
      attach: () => expect.unreachable("there is no room"),
      refuse: (_link: unknown, seat: number, code: string) => void refused.push([seat, code]),
    } as unknown as Gate,
    kept: () => true,
    flush: () => undefined,
    now: () => machine.now,
  });
  desk.attach({} as LinkConnection, 7, ids[0]!);
  await machine.settle();
  expect(refused).toEqual([[7, "store-damaged"]]);
});
