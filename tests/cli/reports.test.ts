/** `phatroom reports`: a key is made, and opens what was sealed to it, on the moderator's own machine. */
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ed25519 } from "@noble/curves/ed25519.js";
import { expect, onTestFinished, test } from "vitest";
import { developmentModerator, makeModeratorKey, readModeratorKey } from "#cli/moderator-key.ts";
import { readReports, ReportsError, type Found, type Wanted } from "#cli/reports.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { headAfter, reportsChain, sealReport } from "#protocol/report.ts";
import type { Store } from "#protocol/store.ts";
import { Disk, MemoryStore } from "../support/memory-store.ts";
import { madeUp, reportKey, reportOf, secret, workerOn, world } from "../support/reports.ts";

const other = new Uint8Array(32).fill(12);

async function storeWith(count: number, keys: readonly Uint8Array[] = [secret]): Promise<Store> {
  const store = new MemoryStore(new Disk());
  for (let i = 0; i < count; i++) {
    await workerOn(store, ed25519.getPublicKey(keys[i % keys.length]!)).file(reportOf({ number: i }));
  }
  return store;
}

const wanted = (more: Partial<Wanted> = {}): Wanted => ({
  secret,
  world: undefined,
  after: 0,
  signedBy: bytesToHex(reportKey),
  lineage: undefined,
  ...more,
});

async function all(found: AsyncGenerator<Found>): Promise<Found[]> {
  const list: Found[] = [];
  for await (const one of found) list.push(one);
  return list;
}

test("the moderator reads them all, oldest first, or the newest only", async () => {
  const store = await storeWith(5);
  const found = await all(readReports(store, wanted({ world: bytesToHex(world) })));
  expect(found.map(({ number, report, doubt }) => [number, report?.report, doubt])).toEqual(
    [0, 1, 2, 3, 4].map((i) => [i + 1, { number: i }, null]),
  );
  expect(await all(readReports(store, wanted({ after: 3 })))).toHaveLength(2);
});

test("what is sealed to another key is counted and not read", async () => {
  const found = await all(readReports(await storeWith(4, [secret, other]), wanted()));
  expect(found.map(({ doubt }) => doubt)).toEqual([null, "report-unreadable", null, "report-unreadable"]);
});

test("what whoever keeps the store puts there is refused, also behind what was left out", async () => {
  const store = await storeWith(1);
  const chain = reportsChain(world);
  const { record } = (await store.records(chain, 0, 1))[0]!;
  for (const put of [sealReport(reportOf(), madeUp()), record]) {
    const expected = (await store.state(chain))!.head;
    await store.append([{ chain, expected, head: headAfter(expected, put), record: put }]);
  }
  const found = await all(readReports(store, wanted({ after: 1 })));
  expect(found.map(({ number, report, doubt }) => [number, report, doubt])).toEqual([
    [2, null, "report-forged"],
    [3, null, "report-repeated"],
  ]);
});

test("where nobody says by which key they are signed, each says that nobody looked", async () => {
  const found = await all(readReports(await storeWith(1), wanted({ signedBy: undefined })));
  expect(found).toMatchObject([{ report: reportOf({ number: 0 }), doubt: "report-unchecked" }]);
});

test.for<readonly [string, Partial<Wanted>]>([
  ["another world", { world: "00".repeat(32) }],
  ["what is no world", { world: "here" }],
  ["less than none", { after: -1 }],
  ["half a report", { after: 0.5 }],
  ["half a key", { signedBy: "ab" }],
  ["no rules", { lineage: "phala-world" }],
])("to ask for %s is answered in a sentence", async ([, more]) => {
  await expect(all(readReports(await storeWith(1), wanted(more)))).rejects.toThrow(ReportsError);
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
