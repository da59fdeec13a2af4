/** Reports that wait in a gateway's store are given to the moderator of the world, and to nobody else. */
import { expect, test } from "vitest";
import { readReports, type FiledReport, type ReportWish } from "#client/moderation.ts";
import type { GatewayConfig } from "#gateway/gateway.ts";
import { openSqliteStore } from "#gateway/store/sqlite/sqlite-store.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { answerBytesMax, askReports, type ReportQuestion } from "#protocol/report-reading.ts";
import { readerWith, reportOf, secret, workerOn, world, moderator as key } from "../support/reports.ts";
import { open, post, scratch, type Place } from "./harness.ts";

const moderator = bytesToHex(key);

/** A place in whose store so many reports are, each of so many letters. */
async function placeWith(count: number, letters = 10, more: Partial<GatewayConfig> = { moderator }): Promise<Place> {
  const directory = await scratch();
  const store = await openSqliteStore({ directory });
  const reports = workerOn(store);
  for (let i = 0; i < count; i++) await reports.file(reportOf({ i, text: "x".repeat(letters) }));
  await store.close();
  return open({ store: { kind: "sqlite", directory }, ...more });
}

const wishOf = (more: Partial<ReportWish> = {}): ReportWish => ({
  world: bytesToHex(world),
  secret,
  reader: readerWith(),
  ...more,
});

async function all(found: AsyncGenerator<FiledReport>): Promise<readonly FiledReport[]> {
  const list: FiledReport[] = [];
  for await (const one of found) list.push(one);
  return list;
}

test("the moderator reads them while the place runs, all of them or the newest", async () => {
  const { gateway } = await placeWith(20, 20_000);
  const found = await all(readReports(gateway.url, wishOf()));
  expect(20 * 20_000).toBeGreaterThan(answerBytesMax);
  expect(found.map(({ number, report, doubt }) => [number, (report!.report as { i: number }).i, doubt])).toEqual(
    Array.from({ length: 20 }, (_, i) => [i + 1, i, null]),
  );
  expect((await all(readReports(gateway.url, wishOf({ after: 17 })))).map(({ number }) => number)).toEqual([
    18, 19, 20,
  ]);
  expect(await all(readReports(gateway.url, wishOf({ world: "cd".repeat(32) })))).toEqual([]);
});

/** What the moderator asks of one place, as whoever is there has it. */
const question = (place: string, at = Date.now()): ReportQuestion =>
  askReports(secret, { place, world: bytesToHex(world), after: 0, at });

test("nobody else is told how many there are", async () => {
  const { gateway } = await placeWith(1);
  const other = new Uint8Array(32).fill(12);
  await expect(all(readReports(gateway.url, wishOf({ secret: other })))).rejects.toMatchObject({
    code: "reports-refused",
  });
  const old = question(gateway.url, Date.now() - 3_600_000);
  expect((await post(gateway, "/api/reports", old)).status).toBe(403);
  expect((await post(gateway, "/api/reports", { ...old, after: -1 })).status).toBe(400);
});

test("a gateway that knows no moderator, or keeps nothing, gives none away", async () => {
  const { gateway } = await placeWith(1, 10, {});
  await expect(all(readReports(gateway.url, wishOf()))).rejects.toMatchObject({ code: "reports-refused" });
});

test("a question is for the place that was asked, and for no other", async () => {
  const { gateway } = await placeWith(1, 10, { moderator, origins: ["https://play.example.org", "*"] });
  const { port } = gateway;
  const answered = [gateway.url, `http://127.0.0.1:${port}`, "https://play.example.org"];
  for (const place of answered) expect((await post(gateway, "/api/reports", question(place))).status).toBe(200);
  const elsewhere = ["https://elsewhere.example.org", `http://127.0.0.1:${port - 1}`, "http://*"];
  for (const place of elsewhere) {
    const response = await post(gateway, "/api/reports", question(place));
    expect([response.status, await response.json()]).toMatchObject([403, { code: "reports-elsewhere" }]);
  }
});
