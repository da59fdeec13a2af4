import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openPostgresStore } from "#gateway/store/postgres/postgres-store.ts";
import { noHead, type ChainId } from "#protocol/store.ts";
import { missingPostgres, PostgresServer, postgresPrograms } from "../../bench/processes/postgres.ts";
import { storeConformance } from "./store.ts";

describe.skipIf(postgresPrograms === undefined)(
  postgresPrograms === undefined ? missingPostgres : "on PostgreSQL",
  () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await PostgresServer.start();
    }, 60_000);
    afterAll(() => server.stop());

    storeConformance(() => openPostgresStore({ url: server.url }));

    const append = (chain: string, expected: Uint8Array, fill: number) => ({
      chain: chain as ChainId,
      expected,
      head: new Uint8Array(32).fill(fill),
      record: new Uint8Array(10).fill(fill),
    });

    test("two gateways that write the same chains at once: of each record one is stored, and nobody waits for ever", async () => {
      const [one, other] = [await openPostgresStore({ url: server.url }), await openPostgresStore({ url: server.url })];
      const names = Array.from({ length: 12 }, (_, i) => `both-${i}`);
      const batch = (fill: number) => names.map((chain) => append(chain, noHead, fill));
      const answers = await Promise.all([one.append(batch(1)), other.append(batch(2).reverse())]);
      const stored = answers.flat().filter(({ answer }) => answer === "stored");
      expect(stored).toHaveLength(names.length);
      await Promise.all([one.close(), other.close()]);
    });

    test("a database that dies and comes back: what was acknowledged is there, and the store goes on by itself", async () => {
      const store = await openPostgresStore({ url: server.url });
      await store.append([append("phoenix", noHead, 1)]);
      await server.kill();
      const second = append("phoenix", new Uint8Array(32).fill(1), 2);
      await expect(store.append([second])).rejects.toMatchObject({ code: "store-failed" });
      await server.begin();
      expect(await store.append([second])).toEqual([{ answer: "stored", index: 1 }]);
      expect(await store.records("phoenix" as ChainId, 0, 1000)).toHaveLength(2);
      await store.close();
    });

    test("gateways that start at once on an empty database all start", async () => {
      const fresh = await PostgresServer.start();
      onTestFinished(() => fresh.stop());
      const stores = await Promise.all(Array.from({ length: 4 }, () => openPostgresStore({ url: fresh.url })));
      await Promise.all(stores.map((store) => store.close()));
    }, 60_000);

    test("a gateway whose machine loses its power in a transaction keeps no chain from others", async () => {
      const line = await lineThatFails(server.url, "for update");
      onTestFinished(() => line.close());
      const lost = await openPostgresStore({ url: line.url, timeoutMs: 500 });
      const other = await openPostgresStore({ url: server.url });
      const first = append("left", noHead, 1);
      await expect(lost.append([first])).rejects.toMatchObject({ code: "store-failed" });
      expect(await other.append([first])).toEqual([{ answer: "stored", index: 0 }]);
      await Promise.all([lost.close(), other.close()]);
    }, 20_000);

    test("a database that is not there is said so at once", async () => {
      const nobody = "postgres:///postgres?host=%2Fnowhere";
      await expect(openPostgresStore({ url: nobody })).rejects.toMatchObject({ code: "store-failed" });
    });
  },
);

/** A way to the database over which nothing goes any more, either way, from when somebody has said `word`. */
async function lineThatFails(url: string, word: string): Promise<{ readonly url: string; close(): void }> {
  const folder = mkdtempSync(join(tmpdir(), "phatroom-line-"));
  const there = join(new URL(url).searchParams.get("host")!, ".s.PGSQL.5432");
  const server = createServer({ allowHalfOpen: true }, (here) => {
    const far = connect({ path: there, allowHalfOpen: true });
    let failed = false;
    here.on("data", (data) => {
      if (!failed) far.write(data);
      failed ||= data.includes(word);
    });
    here.on("end", () => {
      if (!failed) far.end();
    });
    far.on("data", (data) => {
      if (!failed) here.write(data);
    });
    far.on("end", () => here.end());
    for (const socket of [here, far]) socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(join(folder, ".s.PGSQL.5432"), resolve));
  return {
    url: `postgres:///postgres?host=${encodeURIComponent(folder)}&user=phatroom`,
    close() {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
