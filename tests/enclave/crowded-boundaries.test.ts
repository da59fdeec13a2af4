/** However much players say between two boundaries, what is written down can be read back, and hinders no other room. */
import { expect, test } from "vitest";
import type { PlayerId } from "#protocol/identity.ts";
import { movesPendingMax } from "#protocol/limits.ts";
import type { Value } from "#protocol/value.ts";
import { inProcess } from "#testing/in-process.ts";
import { Disk } from "../support/memory-store.ts";
import { Machine } from "./machine.ts";
import { tally } from "./room/contracts.ts";

/** Everybody sees the sum, and who they are. */
const crowd = inProcess({
  ...tally,
  name: "crowd",
  presence: "any",
  players: { min: 2, max: 100 },
  view: ({ total }, viewer) => ({ total, seen: viewer.kind === "player" ? [viewer.id] : [] }),
});

const playerOf = (number: number): PlayerId => number.toString(16).padStart(2, "0").repeat(16) as PlayerId;

/** So many sit in a room, and each says as much at once as a player may. */
async function crowded(players: number, moveOf: () => Value) {
  const disk = new Disk();
  const machine = new Machine(disk, crowd);
  const [{ room }, other] = [machine.create("crowd"), machine.create("crowd")];
  const beside = await machine.enter(other.room.id, playerOf(200));
  const connections: number[] = [];
  for (let number = 0; number < players; number++) connections.push(await machine.enter(room.id, playerOf(number)));
  await machine.pass(100);
  for (const connection of connections) {
    for (let n = 1; n <= movesPendingMax; n++) machine.move(room.id, connection, n, moveOf());
  }
  machine.move(other.room.id, beside, 1, { add: 3 });
  await machine.pass(1000);
  return { disk, machine, id: room.id, connections, beside };
}

const answered = (machine: Machine, connection: number): number =>
  machine.updates(connection).flatMap(({ outcomes }) => outcomes ?? []).length;

test.for<readonly [string, number, () => Value]>([
  ["of as many values as there can be", 6, () => Array.from({ length: 2000 }, () => 0)],
  ["of bytes that hardly compress", 70, () => crypto.getRandomValues(new Uint8Array(2000))],
])("moves %s are all answered, and the room can be gone on with", async ([, players, move]) => {
  const { disk, machine, id, connections, beside } = await crowded(players, move);
  for (const connection of connections) expect(answered(machine, connection)).toBe(movesPendingMax);
  expect(answered(machine, beside)).toBe(1);
  const next = new Machine(disk.copy(), crowd);
  const { room } = await next.open(id);
  expect(room.tick).toBeGreaterThan(0);
  const back = await next.enter(id, playerOf(0));
  await next.pass(100);
  expect(next.view(back)).toMatchObject({ total: 0 });
});

test("whoever takes a seat while what was said before is not applied yet is shown nothing of who sat there", async () => {
  const machine = new Machine(new Disk(), crowd);
  const { room } = machine.create("crowd");
  const connections: number[] = [];
  for (let number = 0; number < 70; number++) connections.push(await machine.enter(room.id, playerOf(number)));
  await machine.pass(100);
  expect(machine.view(connections[0]!)).toMatchObject({ seen: [playerOf(0)] });
  for (const connection of connections) {
    for (let n = 1; n <= movesPendingMax; n++) machine.move(room.id, connection, n, new Uint8Array(2000).fill(n));
  }
  room.receive(connections[0]!, { type: "leave" }, machine.now);
  const late = await machine.enter(room.id, playerOf(99));
  await machine.pass(100);
  expect(machine.updates(late)[0]).not.toHaveProperty("patch");
  expect(JSON.stringify(machine.told(late))).not.toContain(`"seen":["${playerOf(0)}"]`);
  expect(machine.view(late)).toMatchObject({ seen: [playerOf(99)] });
});
