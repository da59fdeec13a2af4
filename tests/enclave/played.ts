/** A game that Alice and Bob have played, and the store as it was before its last move. */
import { expect } from "vitest";
import { inProcess } from "#testing/in-process.ts";
import { Disk } from "../support/memory-store.ts";
import { tally } from "./room/contracts.ts";
import { alice, bob } from "./room/harness.ts";
import { Machine } from "./machine.ts";

export { substance } from "./substance.ts";

export const all = inProcess(tally);
export const any = inProcess({ ...tally, name: "hub", presence: "any" });

/** Alice and Bob have played, and everything is durable. */
export async function played(contract = all) {
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
export async function rolledBack(contract = all) {
  const it = await played(contract);
  const older = it.disk.copy();
  const stale = it.machine.witness(it.b)!;
  it.machine.move(it.id, it.b, 1, { add: 4 });
  await it.machine.pass(1200);
  expect(it.machine.view(it.a)).toMatchObject({ total: 7 });
  return { ...it, older, stale, witnesses: [it.machine.witness(it.a)!, it.machine.witness(it.b)!] as const };
}
