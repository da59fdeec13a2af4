import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { openSqliteStore } from "#gateway/store/sqlite/sqlite-store.ts";
import { storeConformance } from "./store.ts";

const directory = mkdtempSync(join(tmpdir(), "phatroom-store-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

storeConformance(() => openSqliteStore({ directory }));
