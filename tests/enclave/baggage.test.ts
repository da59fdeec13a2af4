/** What somebody brings into a room: of their record the newest that room, worker and store know, and never an older one. */
import { expect, test } from "vitest";
import type { PlayerId } from "#protocol/identity.ts";
import type { AuthMessage } from "#protocol/message.ts";
import type { StoreErrorCode } from "#protocol/store.ts";
import { accept, type Contract } from "#contract/index.ts";
import { BaggageDesk } from "#enclave/baggage.ts";
import { Records } from "#enclave/records/records.ts";
import type { Version } from "#enclave/room/kept.ts";
import type { HostedRoom } from "#enclave/rooms.ts";
import { Tickets } from "#enclave/travel/tickets.ts";
import { Disk, MemoryStore } from "../support/memory-store.ts";
import { openGate, unsignedPlatform, world, type GateUnderTest, type HandClient } from "./gate-harness.ts";

/** Keeps what a move says. */
const keeper: Contract<null, string, null> = {
  name: "keeper",
  players: { min: 1, max: 4 },
  presence: "any",
  records: true,
  moves: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value: value as string }) } },
  open: () => null,
  apply(state, move, context) {
    context.record(context.player, move);
    return accept(state);
  },
  view: () => null,
};

interface Kept {
  readonly it: GateUnderTest;
  readonly store: MemoryStore;
  readonly hosted: HostedRoom;
  readonly player: PlayerId;
  readonly client: HandClient;
}

/** What was done for a store is done by then. */
async function settle(it: GateUnderTest): Promise<void> {
  for (let i = 0; i < 4; i++) {
    it.pass(50);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

/** A room whose only player had so much kept for them, one record after the other. */
async function afterKeeping(...records: readonly string[]): Promise<Kept> {
  const store = new MemoryStore(new Disk());
  const it = await openGate(keeper, unsignedPlatform(), { store: () => store });
  const client = it.client(1, it.room());
  await client.join();
  await settle(it);
  const hosted = it.rooms.find(client.room)!;
  const [player] = hosted.room.outside.seated as [PlayerId];
  for (const [i, record] of records.entries()) {
    client.say({ type: "move", n: i + 1, move: record });
    await settle(it);
  }
  return { it, store, hosted, player, client };
}

/** Of another worker, which has seen nothing yet. */
function deskOf(store: MemoryStore): BaggageDesk {
  const worldKey = new Uint8Array(32).fill(3);
  const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
  const tickets = new Tickets({ world, worldKey, random, now: () => 1000 });
  return new BaggageDesk({ tickets, records: new Records({ world, store: () => store }), moderator: undefined });
}

test.for<[string, boolean, number]>([
  ["before all that", true, 0],
  ["before the last of it", true, 1],
  ["as the newest of it", false, 2],
  ["when another room had kept more", false, 3],
])("whether a record that was read %s is older than what the room has kept by now: %s", async ([, stale, number]) => {
  const { hosted, player, store } = await afterKeeping("first", "second");
  const known = hosted.room.outside.versionOf(player)!;
  expect(known.number).toBe(2);
  const version: Version = { number, head: new Uint8Array(32) };
  expect(deskOf(store).isStale(hosted, player, { record: { value: null, version } })).toBe(stale);
});

test("nothing is older where the room knows no record of that player, or none was brought", async () => {
  const { hosted, player, store } = await afterKeeping("first");
  const desk = deskOf(store);
  const version: Version = { number: 0, head: new Uint8Array(32) };
  const stranger = "f".repeat(32) as PlayerId;
  expect(desk.isStale(hosted, stranger, { record: { value: null, version } })).toBe(false);
  expect(desk.isStale(hosted, player, {})).toBe(false);
  expect(desk.isStale(hosted, player, { moderator: true })).toBe(false);
});

test("what a room has on its way for somebody is brought before anything that was kept", async () => {
  const { it, store, hosted, player, client } = await afterKeeping("kept");
  const { promise, resolve } = Promise.withResolvers<void>();
  store.gate = promise;
  client.say({ type: "move", n: 2, move: "on its way" });
  it.pass(50);
  const auth = client.auth();
  const desk = deskOf(store);
  const version = hosted.room.outside.versionOf(player)!;
  expect(version.number).toBe(1);
  expect(await desk.check(hosted, player, auth)).toEqual({ record: { value: "on its way", version } });
  resolve();
  await settle(it);
  expect(await desk.check(hosted, player, auth)).toMatchObject({
    record: { value: "on its way", version: { number: 2 } },
  });
});

test("who only watches brings nothing, not even a ticket that is none", async () => {
  const { store, hosted, player, client } = await afterKeeping("kept");
  const auth: AuthMessage = { ...client.auth(), want: "watch", ticket: new Uint8Array(400) };
  expect(deskOf(store).check(hosted, player, auth)).toBeUndefined();
  expect(() => deskOf(store).check(hosted, player, { ...auth, want: "play" })).toThrow(
    expect.objectContaining({ code: "ticket-refused" }),
  );
});

test.for<[StoreErrorCode, string]>([
  ["store-failed", "store-unavailable"],
  ["store-damaged", "store-unavailable"],
])("a store that says %s keeps players outside, as %s", async ([failure, code]) => {
  const { store, hosted, player, client } = await afterKeeping("kept");
  store.fails = "before";
  store.failure = failure;
  await expect(deskOf(store).check(hosted, player, client.auth())).rejects.toMatchObject({ code });
});

test("a record that no worker of this world sealed keeps its player outside", async () => {
  const { store, hosted, player, client } = await afterKeeping("kept");
  const [chain] = [...store.disk.chains.values()];
  chain!.records[0]!.record = new Uint8Array(400).fill(7);
  await expect(deskOf(store).check(hosted, player, client.auth())).rejects.toMatchObject({ code: "store-damaged" });
});
