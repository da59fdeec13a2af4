/** The store as a worker has it: behind a real link, with SQLite at its other end. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { openSqliteStore } from "#gateway/store/sqlite/sqlite-store.ts";
import type { Store } from "#protocol/store.ts";
import { gatewayEnd, WorkerEnd } from "../support/store-link.ts";
import { storeConformance } from "./store.ts";

const directory = mkdtempSync(join(tmpdir(), "phatroom-store-"));
let behind: Store;
const closing: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  behind = await openSqliteStore({ directory });
});

afterAll(async () => {
  for (const close of closing) await close();
  await behind.close();
  rmSync(directory, { recursive: true, force: true });
});

storeConformance(async () => {
  const worker = await WorkerEnd.start();
  const gateway = gatewayEnd(worker, behind);
  closing.push(
    () => gateway.close(),
    () => worker.close(),
  );
  await worker.store.whenOffered();
  return worker.store;
});
