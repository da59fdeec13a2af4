/** A worker that begins brings every kept room back, says how far it is, and waits for a store that goes away meanwhile. */
import { expect, test } from "vitest";
import { lineageId } from "#protocol/manifest.ts";
import { StoreError } from "#protocol/store.ts";
import { Recovery, type RecoveryEvent } from "#enclave/recovery.ts";
import { Rooms, roomsLimits } from "#enclave/rooms.ts";
import { Vault } from "#enclave/vault/vault.ts";
import { inProcess } from "#testing/in-process.ts";
import { Disk, MemoryStore } from "../support/memory-store.ts";
import { tally } from "./room/contracts.ts";

const loaded = inProcess(tally);
const world = new Uint8Array(32).fill(9);
const lineage = { contract: loaded.hash, lineage: lineageId(world, loaded.hash), key: new Uint8Array(32).fill(5) };

function worker(disk: Disk) {
  const store = new MemoryStore(disk);
  const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
  const vault = new Vault({ store, world, lineages: [lineage], random, log: () => undefined });
  const rooms = new Rooms({
    contracts: [loaded],
    output: { send: () => undefined, close: () => undefined },
    announce: () => undefined,
    gone: () => undefined,
    fault: () => undefined,
    random,
    vault: () => vault,
    limits: roomsLimits,
  });
  const events: RecoveryEvent[] = [];
  let ms = 0;
  let offered = true;
  let back: () => void = () => undefined;
  const recovery = new Recovery({
    rooms,
    vault,
    store: {
      get offered() {
        return offered;
      },
      whenOffered: () => (offered ? Promise.resolve() : new Promise((resolve) => (back = resolve))),
    },
    back: () => undefined,
    log: (event) => events.push(event),
    // Each look at the clock takes its time.
    now: () => (ms += 10),
  });
  const offer = (there: boolean): void => {
    offered = there;
    if (there) back();
  };
  return { store, vault, rooms, recovery, events, offer };
}

async function diskWith(count: number): Promise<Disk> {
  const disk = new Disk();
  const { rooms, vault } = worker(disk);
  for (let i = 0; i < count; i++) rooms.create({ contract: "tally", options: {}, listed: true }, 0);
  await vault.close();
  return disk;
}

test("five hundred rooms are there again, and the operator sees how far it is", async () => {
  const { recovery, rooms, events } = worker(await diskWith(500));
  await recovery.all();
  expect(rooms.size).toBe(500);
  const done = events.flatMap((event) => (event.event === "recovering" ? [event.done] : []));
  expect(done[0]).toBe(0);
  expect(done.length).toBeGreaterThan(4);
  expect(done).toEqual(done.toSorted((a, b) => a - b));
  expect(events.at(-1)).toMatchObject({ event: "recovered", rooms: 500, failed: 0 });
});

test("a store that goes away in the middle is waited for, and no room is called unreadable for that", async () => {
  const { recovery, rooms, events, store, offer } = worker(await diskWith(20));
  const read = store.records.bind(store);
  let reads = 0;
  store.records = (...given) => {
    if ((reads += 1) !== 7) return read(...given);
    offer(false);
    setImmediate(() => offer(true));
    return Promise.reject(new StoreError("store-failed", "gone"));
  };
  await recovery.all();
  expect(rooms.size).toBe(20);
  expect(events.map(({ event }) => event)).not.toContain("room-unreadable");
  expect(events.at(-1)).toMatchObject({ event: "recovered", rooms: 20, failed: 0 });
});
