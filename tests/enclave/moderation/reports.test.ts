/** A report is read by the world's moderator, and by nobody who carries or keeps it; and nobody but a worker makes one. */
import { ed25519 } from "@noble/curves/ed25519.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesToHex } from "#protocol/bytes.ts";
import { ProtocolError } from "#protocol/errors.ts";
import { worldId } from "#protocol/manifest.ts";
import { encodeMsgpack } from "#protocol/msgpack.ts";
import { reportDoubts, type ReaderTerms, type ReportDoubt } from "#protocol/report-reader.ts";
import { headAfter, isModerator, openReport, reportsChain, sealContent, sealReport } from "#protocol/report.ts";
import { noHead } from "#protocol/store.ts";
import { Reports } from "#enclave/moderation/reports.ts";
import { Disk, MemoryStore } from "../../support/memory-store.ts";
import {
  lineage,
  madeUp,
  moderator,
  random,
  readerWith,
  reportKey,
  reportOf,
  secret,
  workerOn,
  world,
} from "../../support/reports.ts";

const fill = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

/** What lies in the store. */
const kept = (disk: Disk): Uint8Array[] => disk.chains.get(reportsChain(world))!.records.map(({ record }) => record!);

/** One report as a worker seals it. */
async function filed(worker: (store: MemoryStore) => Reports = workerOn): Promise<Uint8Array> {
  const disk = new Disk();
  await worker(new MemoryStore(disk)).file(reportOf());
  return kept(disk)[0]!;
}

test("the moderator's key opens it, and no other", async () => {
  const sealed = await filed();
  expect(readerWith().read(sealed)).toEqual({ report: reportOf(), doubt: null });
  expect(() => openReport(sealed, fill(12))).toThrow(ProtocolError);
});

test("with any byte changed it is none", () => {
  const sealed = sealReport(reportOf(), madeUp());
  fc.assert(
    fc.property(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const forged = sealed.slice();
      forged[at]! ^= change;
      expect(() => openReport(forged, secret)).toThrow(ProtocolError);
    }),
  );
});

const seal = (content: readonly unknown[]): Uint8Array =>
  sealContent(encodeMsgpack(content as never), moderator, random(32));
const said = encodeMsgpack(["aa".repeat(10), "phala-world", { about: "ben" }]);
const inWorld =
  (other: Uint8Array, worldKey: Uint8Array = fill(3)) =>
  (store: MemoryStore): Reports =>
    new Reports({ world: other, worldKey, moderator, store: () => store, random });

/** A worker of another world files for itself; whoever keeps both puts it here. */
async function fromWorld(other: Uint8Array, worldKey?: Uint8Array): Promise<Uint8Array> {
  const disk = new Disk();
  await inWorld(other, worldKey)(new MemoryStore(disk)).file(reportOf());
  return disk.chains.get(reportsChain(other))!.records[0]!.record!;
}

test.for<readonly [ReportDoubt, string, () => Uint8Array | Promise<Uint8Array>]>([
  ["report-forged", "by everything that is public", () => sealReport(reportOf(), madeUp())],
  ["report-forged", "by the moderator's own key", () => sealReport(reportOf(), madeUp({ signer: secret }))],
  ["report-forged", "by a worker of another world", () => fromWorld(fill(5), fill(6))],
  ["report-forged", "by a worker of a world whose key is the same", () => fromWorld(fill(5))],
  ["report-forged", "with half a signature", () => seal([said, lineage, new Uint8Array(32)])],
  ["report-forged", "with a signature of nothing", () => seal([said, lineage, new Uint8Array(64)])],
  ["report-unsigned", "as reports were before they were signed", () => seal(["room", "phala-world", { about: "ben" }])],
  ["report-unreadable", "without a signature", () => seal([said, lineage])],
  ["report-unreadable", "by no rules", () => seal([said, new Uint8Array(31), new Uint8Array(64)])],
  ["report-unreadable", "of nothing", () => seal([])],
  ["report-unreadable", "cut off", async () => (await filed()).subarray(0, 4000)],
])("%s: one that is made up %s", async ([doubt, , make]) => {
  const read = readerWith().read(await make());
  expect(read.doubt).toBe(doubt);
  expect(read.report === null).toBe(doubt !== "report-unsigned");
  expect(reportDoubts[doubt]).toMatch(/^[A-Z].*\.$/);
});

test("a signature is for one sealing, by one world and one lineage", async () => {
  const genuine = openReport(await filed(), secret);
  const { said: words, signature } = genuine.signed!;
  // Whoever could open it could not seal it anew either.
  expect(readerWith().read(seal([words, lineage, signature])).doubt).toBe("report-forged");
  expect(readerWith({ world: fill(5) }).read(await filed()).doubt).toBe("report-forged");
});

test.for<readonly [ReportDoubt, string, Partial<ReaderTerms>]>([
  ["report-unchecked", "nobody says by which key", { reportKey: undefined }],
  ["report-forged", "the key is another one", { reportKey: fill(7) }],
  ["report-forged", "the key is none", { reportKey: new Uint8Array(32) }],
  ["report-foreign", "other rules are in question", { lineage: fill(8) }],
])("%s: a genuine one where %s", async ([doubt, , terms]) => {
  expect(readerWith(terms).read(await filed()).doubt).toBe(doubt);
});

test("one that whoever keeps them puts there again is known again", async () => {
  const disk = new Disk();
  const store = new MemoryStore(disk);
  await workerOn(store).file(reportOf(1));
  const [record] = kept(disk);
  const chain = reportsChain(world);
  const expected = headAfter(noHead, record!);
  await store.append([{ chain, expected, head: headAfter(expected, record!), record: record! }]);
  await workerOn(store).file(reportOf(1));
  const reader = readerWith();
  expect(kept(disk).map((sealed) => reader.read(sealed))).toEqual([
    { report: reportOf(1), doubt: null },
    { report: null, doubt: "report-repeated" },
    // Somebody who says the same twice says it twice.
    { report: reportOf(1), doubt: null },
  ]);
});

test("reports of all workers stand in one chain, in order, and say nothing to whoever keeps them", async () => {
  const disk = new Disk();
  const workers = [workerOn(new MemoryStore(disk)), workerOn(new MemoryStore(disk))];
  const numbers = [1, 2, 3, 4, 5, 6];
  for (const number of numbers) {
    expect(await workers[number % 2]!.file(reportOf({ number }))).toBe(true);
  }
  const reader = readerWith();
  const read = kept(disk).map((sealed) => reader.read(sealed));
  expect(read.map(({ report, doubt }) => [report?.report, doubt])).toEqual(numbers.map((number) => [{ number }, null]));
  expect(new Set(kept(disk).map(({ length }) => length)).size).toBe(1);
});

test("many at once are all kept", async () => {
  const disk = new Disk();
  const worker = workerOn(new MemoryStore(disk));
  await Promise.all(Array.from({ length: 30 }, () => worker.file(reportOf())));
  expect(kept(disk)).toHaveLength(30);
});

test("without a moderator or a store they are lost, and that is said", async () => {
  const store = (): MemoryStore => new MemoryStore(new Disk());
  const none = new Reports({ world, worldKey: fill(3), moderator: undefined, store, random });
  expect(await none.file(reportOf())).toBe(false);
  expect(await workerOn(undefined).file(reportOf())).toBe(false);
});

test("who signs follows from the world's key, and tells nothing of it", () => {
  expect(workerOn(undefined).key).toEqual(reportKey);
  const other = new Reports({ world, worldKey: fill(4), moderator, store: () => undefined, random });
  expect(other.key).not.toEqual(reportKey);
  expect(ed25519.getPublicKey(fill(3))).not.toEqual(reportKey);
});

test("who the moderator is, is part of what world it is", () => {
  const named = { name: "w", development: true };
  expect(worldId({ ...named, moderator: bytesToHex(moderator) })).not.toEqual(worldId(named));
});

test.for([
  ["a public key", bytesToHex(moderator), true],
  ["no point of the curve", "ff".repeat(32), false],
  ["a point of small order", `01${"00".repeat(31)}`, false],
  ["capital letters", bytesToHex(moderator).toUpperCase(), false],
  ["too short", "ab", false],
  ["no text", 7, false],
] as const)("%s can be a moderator or not", ([, key, can]) => {
  expect(isModerator(key)).toBe(can);
});
