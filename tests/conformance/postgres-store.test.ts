import { afterAll, beforeAll, describe, expect, test } from "vitest";
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

    test("a database that is not there is said so at once", async () => {
      const nobody = "postgres:///postgres?host=%2Fnowhere";
      await expect(openPostgresStore({ url: nobody })).rejects.toMatchObject({ code: "store-failed" });
    });
  },
);
