/** Rooms that are kept: written while they are played, read back by another worker, and lost to nobody. */
import { describe, expect, test } from "vitest";
import { chooseOptions } from "#protocol/manifest.ts";
import type { RoomId } from "#protocol/identity.ts";
import type { ChainId } from "#protocol/store.ts";
import { encodeCourse } from "#enclave/room/course-codec.ts";
import { Course } from "#enclave/room/course.ts";
import type { Opening } from "#enclave/vault/opening.ts";
import type { KeptRoom } from "#enclave/vault/kept-room.ts";
import type { OutgoingEvent } from "#enclave/vault/outgoing.ts";
import { Vault } from "#enclave/vault/vault.ts";
import { inProcess } from "#testing/in-process.ts";
import { Disk, MemoryStore } from "../../support/memory-store.ts";
import { tally } from "../room/contracts.ts";
import { fill } from "./vault-cases.ts";

const loaded = inProcess(tally);
const options = chooseOptions(loaded.manifest, undefined);
const room = "0123456789abcdef0123" as RoomId;
const opening: Opening = { contract: loaded.hash, options, listed: true, seed: fill(9) };
const lineage = { contract: loaded.hash, lineage: fill(2), key: fill(3) };

interface Worker {
  readonly store: MemoryStore;
  readonly vault: Vault;
  readonly events: OutgoingEvent[];
}

let draws = 0;

function worker(disk: Disk, lineages = [lineage]): Worker {
  const store = new MemoryStore(disk);
  const events: OutgoingEvent[] = [];
  const vault = new Vault({
    store,
    world: fill(1),
    lineages,
    random: (length) => new Uint8Array(length).fill((draws += 1)),
    log: (event) => events.push(event),
  });
  return { store, vault, events };
}

/** Resolves when this has been called so often. */
function counter(): { readonly call: () => void; reached(count: number): Promise<void> } {
  let count = 0;
  let waiting: (() => void) | undefined;
  return {
    call: () => {
      count += 1;
      waiting?.();
    },
    reached: (wanted) =>
      new Promise((resolve) => {
        waiting = () => {
          if (count >= wanted) resolve();
        };
        waiting();
      }),
  };
}

const unheard = { durable: () => undefined, lost: () => undefined };

const courseOf = ({ course, boundaries, opening: { seed } }: KeptRoom): Course => {
  const read = new Course({ contract: loaded, options, seed, fault: () => undefined }, course);
  for (const boundary of boundaries) read.step(boundary);
  return read;
};

test("what was written while a room was played is read back by the next worker", async () => {
  const disk = new Disk();
  const { vault } = worker(disk);
  const log = vault.open(room, opening, unheard);
  log.record({ tick: 1, inputs: [{ input: "watched", watched: true }] });
  vault.flush();
  log.record({ tick: 5, inputs: [] });
  await vault.close();
  const kept = await worker(disk).vault.read(room);
  expect(kept).toMatchObject({ opening, boundaries: [{ tick: 1 }, { tick: 5 }], position: { index: 3, terms: 1 } });
  expect(await worker(disk).vault.rooms()).toEqual([room]);
});

test("a snapshot stands for what was before it", async () => {
  const disk = new Disk();
  const { vault } = worker(disk);
  const told = counter();
  const log = vault.open(room, opening, { ...unheard, durable: told.call });
  const course = new Course({ contract: loaded, options, seed: opening.seed, fault: () => undefined });
  const play = async (tick: number): Promise<void> => {
    const boundary = { tick, inputs: [{ input: "watched", watched: tick % 2 === 0 }] } as const;
    course.step(boundary);
    log.record(boundary);
    vault.flush();
    await told.reached(tick);
  };
  for (let tick = 1; tick <= 3; tick++) await play(tick);
  await vault.save(log, encodeCourse(course.save()));
  for (let tick = 4; tick <= 6; tick++) await play(tick);
  await vault.save(log, encodeCourse(course.save()));
  await play(7);
  await vault.close();
  const kept = await worker(disk).vault.read(room);
  expect(kept?.boundaries.map(({ tick }) => tick)).toEqual([7]);
  expect(encodeCourse(courseOf(kept!).save())).toEqual(encodeCourse(course.save()));
  expect((await worker(disk).store.list("room-", "", 10))[0]).toMatchObject({ first: 4 });
});

test("one append carries what all rooms wrote, and the next one what was written meanwhile", async () => {
  const { vault, store } = worker(new Disk());
  const told = counter();
  const ids = Array.from({ length: 50 }, (_, i) => i.toString(16).padStart(20, "0") as RoomId);
  const logs = ids.map((id) => vault.open(id, opening, { ...unheard, durable: told.call }));
  let open = (): void => undefined;
  store.gate = new Promise((resolve) => (open = resolve));
  vault.flush();
  await Promise.resolve();
  for (const log of logs) log.record({ tick: 1, inputs: [] });
  vault.flush();
  open();
  await told.reached(100);
  expect(store.appends).toBe(2);
  expect(logs.every(({ durable }) => durable === 2)).toBe(true);
});

describe("a store that fails", () => {
  test.for(["before", "after"] as const)(
    "%s it has stored: the same is stored once, as soon as it answers",
    async (when) => {
      const { vault, store, events } = worker(new Disk());
      const told = counter();
      const lost = (): never => expect.unreachable("nobody else wrote to it");
      const log = vault.open(room, opening, { durable: told.call, lost });
      log.record({ tick: 1, inputs: [] });
      store.fails = when;
      vault.flush();
      await new Promise((resolve) => setTimeout(resolve, 10));
      expect(log.durable).toBe(0);
      log.record({ tick: 2, inputs: [] });
      store.fails = "not";
      await told.reached(1);
      await vault.close();
      expect(log.durable).toBe(3);
      expect((await store.list("room-", "", 10))[0]).toMatchObject({ length: 3 });
      expect(events).toEqual([{ event: "store-unreachable", code: "store-failed" }, { event: "store-reached" }]);
    },
  );

  test("for good does not keep a worker from stopping", async () => {
    const { vault, store } = worker(new Disk());
    vault.open(room, opening, unheard);
    store.fails = "before";
    await vault.close();
  });
});

test("a worker whose room was gone on with elsewhere learns that, writes no more, and says nothing more", async () => {
  const disk = new Disk();
  const first = worker(disk);
  const lost = counter();
  const log = first.vault.open(room, opening, { durable: () => undefined, lost: lost.call });
  first.vault.flush();
  await new Promise((resolve) => setTimeout(resolve, 5));
  const second = worker(disk);
  const kept = await second.vault.read(room);
  second.vault.open(room, kept!.opening, unheard, kept!.position);
  await second.vault.close();
  log.record({ tick: 1, inputs: [] });
  log.record({ tick: 2, inputs: [] });
  first.vault.flush();
  await lost.reached(1);
  expect(log.durable).toBe(1);
  expect((await second.store.list("room-", "", 10))[0]).toMatchObject({ length: 2 });
  expect(first.events).toContainEqual({ event: "room-lost" });
});

test("rooms of contracts that a worker does not host are not its own", async () => {
  const disk = new Disk();
  const { vault } = worker(disk);
  vault.open(room, opening, unheard);
  await vault.close();
  const other = worker(disk, [{ contract: fill(50), lineage: fill(51), key: fill(52) }]);
  expect(await other.vault.rooms()).toEqual([]);
  expect(await other.vault.read(room)).toBeUndefined();
});

test("a host that gives a room another lineage's name gives nobody a room", async () => {
  const disk = new Disk();
  const { vault } = worker(disk);
  vault.open(room, opening, unheard);
  await vault.close();
  const [name, chain] = [...disk.chains][0]!;
  disk.chains.set(name.replace(/-[0-9a-f]{16}$/, `-${"33".repeat(8)}`) as ChainId, chain);
  disk.chains.delete(name);
  const other = worker(disk, [{ contract: fill(50), lineage: fill(0x33), key: fill(52) }]);
  await expect(other.vault.read(room)).rejects.toMatchObject({ code: "not-ours" });
});

test("a forgotten room is gone", async () => {
  const disk = new Disk();
  const { vault } = worker(disk);
  const log = vault.open(room, opening, unheard);
  await vault.settled(log);
  await vault.forget(log);
  expect(await worker(disk).vault.read(room)).toBeUndefined();
});
