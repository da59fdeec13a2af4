/** What is kept for players: theirs and nobody else's, one after another, and never taken back unnoticed. */
import { describe, expect, test } from "vitest";
import { ProtocolError } from "#protocol/errors.ts";
import type { PlayerId } from "#protocol/identity.ts";
import { StoreError, type Store } from "#protocol/store.ts";
import type { Value } from "#protocol/value.ts";
import { Records } from "#enclave/records/records.ts";
import { Kept, noVersion, type Version } from "#enclave/room/kept.ts";
import { VaultError } from "#enclave/vault/errors.ts";
import type { Lineage } from "#enclave/vault/lineages.ts";
import { Disk, MemoryStore } from "../../support/memory-store.ts";

const fill = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const [ann, ben] = ["11".repeat(16), "22".repeat(16)] as [PlayerId, PlayerId];
const hubs: Lineage = { contract: fill(4), lineage: fill(5), key: fill(6) };
const others: Lineage = { contract: fill(7), lineage: fill(8), key: fill(9) };

const on = (store: Store | undefined, world = fill(1)): Records => new Records({ world, store: () => store });

async function kept(records: Records, values: readonly Value[], player = ann): Promise<Version> {
  let { version } = await records.load(hubs, player);
  for (const record of values) version = (await records.save(hubs, { player, behind: version, record }))!;
  return version;
}

async function codeOf(what: Promise<unknown>): Promise<string> {
  try {
    await what;
    return "done";
  } catch (error) {
    if (error instanceof ProtocolError || error instanceof VaultError || error instanceof StoreError) return error.code;
    throw error;
  }
}

test("what is kept is there for the next worker, and for no other player, contract or world", async () => {
  const disk = new Disk();
  expect(await on(new MemoryStore(disk)).load(hubs, ann)).toEqual({ value: null, version: noVersion });
  const version = await kept(on(new MemoryStore(disk)), [{ found: 1 }, { found: 2 }]);
  expect(await on(new MemoryStore(disk)).load(hubs, ann)).toEqual({ value: { found: 2 }, version });
  expect((await on(new MemoryStore(disk)).load(hubs, ben)).value).toBeNull();
  expect((await on(new MemoryStore(disk)).load(others, ann)).value).toBeNull();
  expect((await on(new MemoryStore(disk), fill(2)).load(hubs, ann)).value).toBeNull();
});

test("whoever keeps it reads neither what it is nor whose, and of its length only a size of a short list", async () => {
  const disk = new Disk();
  const text = "a secret that is easy to find";
  await kept(on(new MemoryStore(disk)), [{ text }, { text: "x" }]);
  for (const [chain, { records }] of disk.chains) {
    expect(chain).not.toContain(ann);
    for (const { record } of records) {
      expect(new TextDecoder("latin1").decode(record)).not.toContain("secret");
      expect(record!.length).toBe(32 + 128 + 16);
    }
  }
});

test("two rooms cannot both go on with one record: the second is told", async () => {
  const disk = new Disk();
  const [one, two] = [on(new MemoryStore(disk)), on(new MemoryStore(disk))];
  const behind = await kept(one, ["first"]);
  expect(await one.save(hubs, { player: ann, behind, record: "here" })).toBeDefined();
  expect(await two.save(hubs, { player: ann, behind, record: "there" })).toBeUndefined();
  expect((await two.load(hubs, ann)).value).toBe("here");
});

test("where nobody offers a store, records of so many players are kept, and whoever was here before them begins anew", async () => {
  const records = new Records({ world: fill(1), store: () => undefined }, 2);
  const cat = "33".repeat(16) as PlayerId;
  await kept(records, ["ann 1"]);
  await kept(records, ["ben 1"], ben);
  await kept(records, ["ann 2"]);
  await kept(records, ["cat 1"], cat);
  expect((await records.load(hubs, ann)).value).toBe("ann 2");
  expect((await records.load(hubs, cat)).value).toBe("cat 1");
  expect(await records.load(hubs, ben)).toEqual({ value: null, version: noVersion });
  await kept(records, ["ben 2"], ben);
  expect((await records.load(hubs, ben)).version.number).toBe(1);
});

test("keeping the same again keeps it once", async () => {
  const disk = new Disk();
  const behind = await kept(on(new MemoryStore(disk)), ["first"]);
  const saving = { player: ann, behind, record: "second" };
  const once = await on(new MemoryStore(disk)).save(hubs, saving);
  expect(await on(new MemoryStore(disk)).save(hubs, saving)).toEqual(once);
  expect((await on(new MemoryStore(disk)).load(hubs, ann)).version.number).toBe(2);
});

describe("a host that goes back to an earlier record", () => {
  async function rolledBack(): Promise<{ readonly disk: Disk; readonly known: Version; readonly records: Records }> {
    const disk = new Disk();
    const records = on(new MemoryStore(disk));
    await kept(records, ["one", "two"]);
    const before = disk.copy();
    const known = await kept(records, ["three"]);
    return { disk: before, known, records };
  }

  test("is found out by whoever has seen a newer one: the room, by its log", async () => {
    const { disk, known } = await rolledBack();
    expect(await codeOf(on(new MemoryStore(disk)).load(hubs, ann, known))).toBe("record-rolled-back");
  });

  test("is found out by the worker that has seen a newer one, in any room", async () => {
    const { disk } = await rolledBack();
    let shown = new Disk();
    const records = new Records({ world: fill(1), store: () => new MemoryStore(shown) });
    await kept(records, ["one", "two", "three"]);
    shown = disk;
    expect(await codeOf(records.load(hubs, ann))).toBe("record-rolled-back");
    shown = new Disk();
    expect(await codeOf(records.load(hubs, ann))).toBe("record-rolled-back");
  });

  test("is found out when it goes on from there", async () => {
    const { disk, known } = await rolledBack();
    await kept(on(new MemoryStore(disk)), ["another three"]);
    expect(await codeOf(on(new MemoryStore(disk)).load(hubs, ann, known))).toBe("record-rolled-back");
  });

  test("can do so unnoticed where nobody has seen the newer one: that is said in SECURITY", async () => {
    const { disk } = await rolledBack();
    expect((await on(new MemoryStore(disk)).load(hubs, ann)).value).toBe("two");
  });
});

test("a host that shows another player's record, or a changed one, is not believed", async () => {
  const disk = new Disk();
  await kept(on(new MemoryStore(disk)), ["ann's"]);
  await kept(on(new MemoryStore(disk)), ["ben's"], ben);
  const [first, second] = [...disk.chains.values()];
  const own = first!.records[0]!.record!;
  first!.records[0]!.record = second!.records[0]!.record;
  expect(await codeOf(on(new MemoryStore(disk)).load(hubs, ann))).toBe("not-ours");
  first!.records[0]!.record = own.slice();
  first!.records[0]!.record![40]! ^= 1;
  expect(await codeOf(on(new MemoryStore(disk)).load(hubs, ann))).toBe("not-ours");
});

test("of a hundred records the newest counts, and the old ones take no room", async () => {
  const disk = new Disk();
  await kept(
    on(new MemoryStore(disk)),
    Array.from({ length: 100 }, (_, i) => ({ number: i })),
  );
  expect((await on(new MemoryStore(disk)).load(hubs, ann)).value).toEqual({ number: 99 });
  const { records } = [...disk.chains.values()][0]!;
  expect(records.filter(({ record }) => record !== undefined).length).toBeLessThan(40);
});

test("without a store records live with the worker, by the same rules", async () => {
  const records = on(undefined);
  const behind = await kept(records, ["one"]);
  expect(await records.save(hubs, { player: ann, behind: noVersion, record: "late" })).toBeUndefined();
  expect(await records.save(hubs, { player: ann, behind, record: "two" })).toBeDefined();
  expect((await records.load(hubs, ann)).value).toBe("two");
});

describe("a room's memory of what is kept", () => {
  const version = (number: number): Version => ({ number, head: fill(number) });

  test("one record of a player is on its way at a time, and the newest goes next", () => {
    const room = new Kept();
    room.met(ann, version(3));
    for (const record of ["a", "b", "c"]) room.keep(ann, record);
    expect(room.take()).toEqual([{ player: ann, behind: version(3), record: "a" }]);
    expect(room.pending(ann)).toBe("c");
    room.arrived(ann, version(4));
    expect(room.take()).toEqual([{ player: ann, behind: version(4), record: "c" }]);
    room.arrived(ann, version(5));
    expect([room.take(), room.pending(ann), room.versionOf(ann)]).toEqual([[], undefined, version(5)]);
  });

  test("nothing is kept for somebody who was never here", () => {
    const room = new Kept();
    room.keep(ann, "a");
    expect(room.take()).toEqual([]);
  });

  test("it outlasts the worker, with what is on its way", () => {
    const room = new Kept();
    room.met(ann, version(3));
    room.met(ben, version(1));
    room.keep(ann, "a");
    room.keep(ann, "b");
    const again = new Kept();
    again.restore(room.save()!);
    expect(again.save()).toEqual(room.save());
    expect(again.underWay()).toEqual([{ player: ann, behind: version(3), record: "a" }]);
    expect(again.pending(ann)).toBe("b");
    expect(again.versionOf(ben)).toEqual(version(1));
  });

  test("an older version does not take the place of a newer one", () => {
    const room = new Kept();
    room.met(ann, version(3));
    room.met(ann, version(2));
    expect(room.versionOf(ann)).toEqual(version(3));
  });

  test("what was overtaken elsewhere is given up", () => {
    const room = new Kept();
    room.met(ann, version(3));
    room.keep(ann, "a");
    room.overtaken(ann);
    expect([room.pending(ann), room.underWay()]).toEqual([undefined, []]);
  });
});
