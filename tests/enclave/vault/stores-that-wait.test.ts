/** Stores that are slow or never answer: rooms are saved all the same, and a worker still stops. */
import { expect, test } from "vitest";
import type { RoomId } from "#protocol/identity.ts";
import type { ChainId } from "#protocol/store.ts";
import type { Opening } from "#enclave/vault/opening.ts";
import { RoomLog, type Outgoing } from "#enclave/vault/room-log.ts";
import { deriveRoomKeys } from "#enclave/vault/keys.ts";
import { History } from "#enclave/vault/history.ts";
import { beginning } from "#enclave/vault/room-log.ts";
import { LinkedStore } from "#enclave/vault/store-client.ts";
import { Vault } from "#enclave/vault/vault.ts";
import { encodeOffer } from "#protocol/store-link.ts";
import { Disk, MemoryStore } from "../../support/memory-store.ts";
import { fill } from "./vault-cases.ts";

const room = "0123456789abcdef0123" as RoomId;
const opening: Opening = { contract: fill(4), options: {}, listed: true, seed: fill(9) };
const unheard = { durable: () => undefined, lost: () => undefined };
const lineage = { contract: fill(4), lineage: fill(2), key: fill(3) };

test("a room that is never still is sealed as it was when all of that was durable, and goes on from there", () => {
  const place = { world: fill(1), lineage: fill(2), room };
  const keys = deriveRoomKeys(fill(3), room);
  const sent: Outgoing[] = [];
  const log = new RoomLog({
    place,
    keys,
    opening,
    position: beginning(),
    random: (length) => new Uint8Array(length).fill(7),
    send: (record) => sent.push(record),
  });
  log.record({ tick: 1, inputs: [] });
  const [course, records] = [fill(30, 100), log.recorded];
  const sealed: ReturnType<RoomLog["snapshot"]>[] = [];
  log.onceDurable(() => sealed.push(log.snapshot(course, records)));
  // Each time something becomes durable, the next is on its way already.
  for (let tick = 2; tick <= 5; tick++) {
    log.record({ tick, inputs: [] });
    log.stored();
    expect(log.durable).toBeLessThan(log.recorded);
  }
  expect(sealed).toHaveLength(1);
  expect(sealed[0]).toMatchObject({ index: 2, head: sent[1]!.head });
  const { history, course: read } = History.fromSnapshot(place, keys, sealed[0]!);
  expect(read).toEqual(course);
  const after = sent.slice(2).map(({ head, bytes }, i) => history.read({ index: 2 + i, head, record: bytes }));
  expect(after.map((boundary) => boundary?.tick)).toEqual([2, 3, 4, 5]);
  expect(() => log.snapshot(course, records)).toThrow(RangeError);
});

test("saving a room asks the store for no snapshot: the one before it may be as large as the room", async () => {
  const store = new MemoryStore(new Disk());
  store.snapshot = () => expect.unreachable("its bytes are of no use here");
  const vault = new Vault({
    store,
    world: fill(1),
    lineages: [lineage],
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    log: () => undefined,
  });
  const log = vault.open(room, opening, unheard);
  for (let tick = 1; tick <= 3; tick++) {
    log.record({ tick, inputs: [] });
    vault.flush();
    while (log.durable < log.recorded) await Promise.resolve();
    await vault.save(log, fill(30, 100));
  }
  const [chain] = [...store.disk.chains.keys()] as [ChainId];
  expect(await store.state(chain)).toMatchObject({ length: 4, first: 3 });
});

test("a gateway that takes what it is asked and never answers does not keep a worker from stopping", async () => {
  const store = new LinkedStore();
  store.offer({ sendApart: (_kind, _bodies, done) => done() }, encodeOffer());
  const vault = new Vault({
    store,
    world: fill(1),
    lineages: [lineage],
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    log: () => undefined,
  });
  const log = vault.open(room, opening, unheard);
  await vault.close(5);
  await store.close(5);
  expect(log.durable).toBe(0);
});
