/** Reports that wait in a gateway's store are given to the moderator of the world, and to nobody else. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { expect, test } from "vitest";
import { readReports, type FiledReport } from "#client/moderation.ts";
import { openSqliteStore } from "#gateway/store/sqlite/sqlite-store.ts";
import { Reports } from "#enclave/moderation/reports.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { answerBytesMax, askReports } from "#protocol/report-reading.ts";
import { open, post, scratch, type Place } from "./harness.ts";

const secret = new Uint8Array(32).fill(11);
const moderator = bytesToHex(ed25519.getPublicKey(secret));
const world = new Uint8Array(32).fill(1);
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** A place in whose store so many reports are, each of so many letters. */
async function placeWith(count: number, letters = 10, known = true): Promise<Place> {
  const directory = await scratch();
  const store = await openSqliteStore({ directory });
  const reports = new Reports({ world, moderator: ed25519.getPublicKey(secret), store: () => store, random });
  for (let i = 0; i < count; i++)
    await reports.file({ room: "aa".repeat(10), contract: "phala-world", report: { i, text: "x".repeat(letters) } });
  await store.close();
  return open({ store: { kind: "sqlite", directory }, ...(known ? { moderator } : {}) });
}

async function all(found: AsyncGenerator<FiledReport>): Promise<readonly FiledReport[]> {
  const list: FiledReport[] = [];
  for await (const one of found) list.push(one);
  return list;
}

test("the moderator reads them while the place runs, all of them or the newest", async () => {
  const { gateway } = await placeWith(20, 20_000);
  const wish = { world: bytesToHex(world), secret };
  const found = await all(readReports(gateway.url, wish));
  expect(20 * 20_000).toBeGreaterThan(answerBytesMax);
  expect(found.map(({ number, report }) => [number, (report!.report as { i: number }).i])).toEqual(
    Array.from({ length: 20 }, (_, i) => [i + 1, i]),
  );
  expect((await all(readReports(gateway.url, { ...wish, after: 17 }))).map(({ number }) => number)).toEqual([
    18, 19, 20,
  ]);
  expect(await all(readReports(gateway.url, { ...wish, world: "cd".repeat(32) }))).toEqual([]);
});

test("nobody else is told how many there are", async () => {
  const { gateway } = await placeWith(1);
  const other = { world: bytesToHex(world), secret: new Uint8Array(32).fill(12) };
  await expect(all(readReports(gateway.url, other))).rejects.toMatchObject({ code: "reports-refused" });
  const old = askReports(secret, bytesToHex(world), 0, Date.now() - 3_600_000);
  expect((await post(gateway, "/api/reports", old)).status).toBe(403);
  expect((await post(gateway, "/api/reports", { ...old, after: -1 })).status).toBe(400);
});

test("a gateway that knows no moderator, or keeps nothing, gives none away", async () => {
  const wish = { world: bytesToHex(world), secret };
  const { gateway } = await placeWith(1, 10, false);
  await expect(all(readReports(gateway.url, wish))).rejects.toMatchObject({ code: "reports-refused" });
});
