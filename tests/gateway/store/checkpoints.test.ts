/** The thread that copies the store's log may fail: nothing is lost by it, and the log still does not grow for ever. */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { Checkpoints, type CopyingSetup } from "#gateway/store/sqlite/checkpoints.ts";
import { SqliteFile } from "#gateway/store/sqlite/file.ts";
import { settings } from "#gateway/store/sqlite/schema.ts";

const limits = { bytesBetween: 100_000, pagesMax: 100 };

/** A database as the store has it, whose log nobody copies by himself. */
function opened() {
  const directory = mkdtempSync(join(tmpdir(), "phatroom-copying-"));
  const path = join(directory, "store.sqlite");
  const database = new DatabaseSync(path);
  database.exec(settings);
  database.exec("create table things (bytes blob not null) strict");
  const file = new SqliteFile(database);
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return { path, directory, file };
}

const running = (code: string, given?: CopyingSetup): Worker => new Worker(code, { eval: true, workerData: given });

const ended = (thread: Worker): Promise<void> => new Promise((resolve) => thread.once("exit", () => resolve()));

const closed = (checkpoints: Checkpoints): Promise<void> => new Promise((resolve) => checkpoints.close(resolve));

/** @returns the longest that the log has been, in bytes. */
async function write(file: SqliteFile, checkpoints: Checkpoints, path: string): Promise<number> {
  let longest = 0;
  for (let count = 0; count < 600; count++) {
    file.transaction(() => file.sql("insert into things (bytes) values (?)").run(new Uint8Array(10_000)));
    checkpoints.wrote(10_000);
    longest = Math.max(longest, statSync(`${path}-wal`).size);
    await new Promise(setImmediate);
  }
  return longest;
}

const countIn = (path: string): unknown => {
  const again = new DatabaseSync(path);
  onTestFinished(() => again.close());
  return again.prepare("select count(*) as count from things").get()?.["count"];
};

test.for<[string, string]>([
  ["that throws at once", "throw new Error('no memory')"],
  ["that ends without a word", "process.exit(0)"],
  [
    "that throws when it is to copy",
    "require('node:worker_threads').parentPort.on('message', () => { throw new Error('damaged'); })",
  ],
  ["that ends when it is to copy", "require('node:worker_threads').parentPort.on('message', () => process.exit(1))"],
])("a thread %s leaves the copying to the writer", async ([, code]) => {
  const { path, file } = opened();
  const checkpoints = new Checkpoints(path, file, limits, () => running(code));
  const longest = await write(file, checkpoints, path);
  // Twice as much again would be there if nobody had copied.
  expect(longest).toBeLessThan(3_000_000);
  await closed(checkpoints);
  file.close();
  expect(countIn(path)).toBe(600);
});

test("a file that the other thread cannot open leaves the copying to the writer", async () => {
  const { path, directory, file } = opened();
  const checkpoints = new Checkpoints(join(directory, "missing", "store.sqlite"), file, limits);
  const longest = await write(file, checkpoints, path);
  expect(longest).toBeLessThan(3_000_000);
  await closed(checkpoints);
  file.close();
  expect(countIn(path)).toBe(600);
});

test("a thread that has ended keeps nobody from closing, and whoever closes hears of it later", async () => {
  const { path, file } = opened();
  const thread = running("");
  const checkpoints = new Checkpoints(path, file, limits, () => thread);
  await ended(thread);
  let isClosed = false;
  checkpoints.close(() => (isClosed = true));
  expect(isClosed).toBe(false);
  await Promise.resolve();
  expect(isClosed).toBe(true);
  file.close();
});

test("a file that fails while the writer copies fails in the next append, not between two", async () => {
  const { path, file } = opened();
  const thread = running("");
  const checkpoints = new Checkpoints(path, file, limits, () => thread);
  await ended(thread);
  file.close();
  expect(() => checkpoints.wrote(1_000_000)).not.toThrow();
});
