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
  // How a disk is waited for makes no difference here.
  database.exec("pragma synchronous = off");
  database.exec("create table things (bytes blob not null) strict");
  const file = new SqliteFile(database);
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return { path, file };
}

const running = (code: string): Worker => new Worker(code, { eval: true });

const ended = (thread: Worker): Promise<void> => new Promise((resolve) => thread.once("exit", () => resolve()));

const closed = (checkpoints: Checkpoints): Promise<void> => new Promise((resolve) => checkpoints.close(resolve));

/** @returns the longest that the log has been, in bytes. */
async function write(file: SqliteFile, checkpoints: Checkpoints, path: string): Promise<number> {
  let longest = 0;
  for (let count = 0; count < 300; count++) {
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

/** With a thread that is asked to copy, and ends. @returns the longest that the log is from then on. */
async function longestWithout(start: (setup: CopyingSetup) => Worker): Promise<number> {
  const { path, file } = opened();
  let gone: Promise<void> | undefined;
  const checkpoints = new Checkpoints(path, file, limits, (setup) => {
    const thread = start(setup);
    gone = ended(thread);
    return thread;
  });
  checkpoints.wrote(limits.bytesBetween);
  await gone;
  const longest = await write(file, checkpoints, path);
  await closed(checkpoints);
  file.close();
  expect(countIn(path)).toBe(300);
  return longest;
}

/** Three times as much is written. */
const enough = 1_000_000;

const whenAsked = (act: string): string => `require("node:worker_threads").parentPort.on("message", () => { ${act} })`;

test.for<[string, string]>([
  ["that throws at once", "throw new Error('no memory')"],
  ["that ends without a word", "process.exit(0)"],
  ["that throws when it is to copy", whenAsked("throw new Error('damaged')")],
  ["that ends when it is to copy", whenAsked("process.exit(1)")],
])("a thread %s leaves the copying to the writer", async ([, code]) => {
  expect(await longestWithout(() => running(code))).toBeLessThan(enough);
});

test("a file that the other thread cannot open leaves the copying to the writer", async () => {
  const thread = new URL("../../../server/gateway/store/sqlite/checkpoint-thread.ts", import.meta.url);
  const missing = { file: join(tmpdir(), "phatroom-missing", "store.sqlite") };
  const start = (): Worker => new Worker(thread, { workerData: missing, execArgv: process.execArgv });
  expect(await longestWithout(start)).toBeLessThan(enough);
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
