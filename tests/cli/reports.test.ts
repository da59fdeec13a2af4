/** `phatroom reports`: a key is made, and opens what was sealed to it, on the moderator's own machine. */
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ed25519 } from "@noble/curves/ed25519.js";
import { expect, onTestFinished, test } from "vitest";
import { developmentModerator, makeModeratorKey, readModeratorKey } from "#cli/moderator-key.ts";
import { readReports, ReportsError, type Found } from "#cli/reports.ts";
import { Reports } from "#enclave/moderation/reports.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import type { Store } from "#protocol/store.ts";
import { Disk, MemoryStore } from "../support/memory-store.ts";

const fill = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const [secret, other] = [fill(11), fill(12)];
const world = fill(1);

async function storeWith(count: number, keys: readonly Uint8Array[] = [secret]): Promise<Store> {
  const store = new MemoryStore(new Disk());
  for (let i = 0; i < count; i++) {
    const moderator = ed25519.getPublicKey(keys[i % keys.length]!);
    const reports = new Reports({ world, moderator, store: () => store, random });
    await reports.file({ room: "aa".repeat(10), contract: "phala-world", report: { number: i } });
  }
  return store;
}

async function all(found: AsyncGenerator<Found>): Promise<Found[]> {
  const list: Found[] = [];
  for await (const one of found) list.push(one);
  return list;
}

test("the moderator reads them all, oldest first, or the newest only", async () => {
  const store = await storeWith(5);
  const found = await all(readReports(store, secret, bytesToHex(world), 0));
  expect(found.map(({ number, report }) => [number, report?.report])).toEqual(
    [0, 1, 2, 3, 4].map((i) => [i + 1, { number: i }]),
  );
  expect(await all(readReports(store, secret, undefined, 3))).toHaveLength(2);
});

test("what is sealed to another key is counted and not read", async () => {
  const found = await all(readReports(await storeWith(4, [secret, other]), secret, undefined, 0));
  expect(found.map(({ report }) => report !== undefined)).toEqual([true, false, true, false]);
});

test.for([
  ["another world", "00".repeat(32), 0],
  ["less than none", undefined, -1],
  ["half a report", undefined, 0.5],
] as const)("to ask for %s is answered in a sentence", async ([, of, after]) => {
  await expect(all(readReports(await storeWith(1), secret, of, after))).rejects.toThrow(ReportsError);
});

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "phatroom-moderator-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test("a place makes its moderator's key once, for its owner alone, and says only the public half", async () => {
  const folder = await emptyFolder();
  const { moderator, file } = await developmentModerator(folder);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(moderator).toBe(bytesToHex(ed25519.getPublicKey(await readModeratorKey(file))));
  expect(await readFile(file, "utf8")).not.toContain(moderator);
  expect(await developmentModerator(folder)).toEqual({ moderator, file });
});

test("a key is never written over, and what is no key is none", async () => {
  const folder = await emptyFolder();
  const { file } = await developmentModerator(folder);
  await expect(makeModeratorKey(file)).rejects.toMatchObject({ code: "EEXIST" });
  await writeFile(file, "a password\n");
  await expect(developmentModerator(folder)).rejects.toThrow(ReportsError);
});
