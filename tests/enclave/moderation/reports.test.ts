/** A report is read by the world's moderator, and by nobody who carries or keeps it. */
import { ed25519 } from "@noble/curves/ed25519.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesToHex } from "#protocol/bytes.ts";
import { ProtocolError } from "#protocol/errors.ts";
import { worldId } from "#protocol/manifest.ts";
import { isModerator, openReport, reportsChain, sealReport, type Report } from "#protocol/report.ts";
import type { Store } from "#protocol/store.ts";
import { Reports } from "#enclave/moderation/reports.ts";
import { Disk, MemoryStore } from "../../support/memory-store.ts";

const fill = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const secret = fill(11);
const moderator = ed25519.getPublicKey(secret);
const report: Report = {
  room: "aa".repeat(10),
  contract: "phala-world",
  report: { by: "ann", messages: [{ text: "foul" }] },
};

const on = (store: Store | undefined, key: Uint8Array | undefined = moderator): Reports =>
  new Reports({ world: fill(1), moderator: key, store: () => store, random });

test("the moderator's key opens it, and no other", () => {
  const sealed = sealReport(report, moderator, random(32));
  expect(openReport(sealed, secret)).toEqual(report);
  expect(() => openReport(sealed, fill(12))).toThrow(ProtocolError);
});

test("with any byte changed it is none", () => {
  const sealed = sealReport(report, moderator, random(32));
  fc.assert(
    fc.property(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const forged = sealed.slice();
      forged[at]! ^= change;
      expect(() => openReport(forged, secret)).toThrow(ProtocolError);
    }),
  );
});

test("reports of all workers stand in one chain, in order, and say nothing to whoever keeps them", async () => {
  const disk = new Disk();
  const workers = [on(new MemoryStore(disk)), on(new MemoryStore(disk))];
  const numbers = [1, 2, 3, 4, 5, 6];
  for (const number of numbers) {
    expect(await workers[number % 2]!.file({ ...report, report: { number } })).toBe(true);
  }
  const { records } = disk.chains.get(reportsChain(fill(1)))!;
  expect(records.map(({ record }) => openReport(record!, secret).report)).toEqual(
    numbers.map((number) => ({ number })),
  );
  expect(new Set(records.map(({ record }) => record!.length)).size).toBe(1);
});

test("many at once are all kept", async () => {
  const disk = new Disk();
  const worker = on(new MemoryStore(disk));
  await Promise.all(Array.from({ length: 30 }, () => worker.file(report)));
  expect(disk.chains.get(reportsChain(fill(1)))!.records).toHaveLength(30);
});

test("without a moderator or a store they are lost, and that is said", async () => {
  const none = new Reports({ world: fill(1), moderator: undefined, store: () => new MemoryStore(new Disk()), random });
  expect(await none.file(report)).toBe(false);
  expect(await on(undefined).file(report)).toBe(false);
});

test("who the moderator is, is part of what world it is", () => {
  const world = { name: "w", development: true };
  expect(worldId({ ...world, moderator: bytesToHex(moderator) })).not.toEqual(worldId(world));
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
