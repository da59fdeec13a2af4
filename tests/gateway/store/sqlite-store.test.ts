/** What the store of one machine does when the machine does not do its part. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import type { Worker } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { openStoreForReading } from "#gateway/store/open.ts";
import { Checkpoints } from "#gateway/store/sqlite/checkpoints.ts";
import { SqliteFile } from "#gateway/store/sqlite/file.ts";
import { settings } from "#gateway/store/sqlite/schema.ts";
import { openSqliteStore } from "#gateway/store/sqlite/sqlite-store.ts";
import { noHead, type ChainId, type Store } from "#protocol/store.ts";

const folder = (): string => {
  const directory = mkdtempSync(join(tmpdir(), "phatroom-sqlite-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
};

const chain = "room-1" as ChainId;

const headOf = (number: number): Uint8Array => {
  const head = new Uint8Array(32);
  if (number > 0) new DataView(head.buffer).setUint32(0, number);
  return head;
};

const smallDisk = mountable();

test.skipIf(smallDisk !== undefined)(
  smallDisk ?? "a full disk is said, what was acknowledged is kept, and the store goes on when there is room again",
  async () => {
    const directory = folder();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", directory]);
    onTestFinished(() => void execFileSync("umount", [directory]));
    const store = await openSqliteStore({ directory });
    onTestFinished(() => store.close());
    const append = (number: number) =>
      store.append([{ chain, expected: headOf(number), head: headOf(number + 1), record: new Uint8Array(100_000) }]);
    const ballast = join(directory, "ballast");
    writeFileSync(ballast, new Uint8Array(2 * 1024 * 1024));
    let stored = 0;
    await expect(
      (async () => {
        for (; stored < 100; stored++) await append(stored);
      })(),
    ).rejects.toMatchObject({ code: "store-full" });
    expect(stored).toBeGreaterThan(3);
    expect(await store.state(chain)).toMatchObject({ length: stored, head: headOf(stored) });
    expect(await store.records(chain, stored - 1, 1000)).toHaveLength(1);
    rmSync(ballast);
    expect(await append(stored)).toEqual([{ answer: "stored", index: stored }]);
  },
);

/** Why a disk of a test's own cannot be had; undefined if it can. */
function mountable(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "a full disk: needs root, to mount a small one";
  const directory = mkdtempSync(join(tmpdir(), "phatroom-mount-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", directory], { stdio: "ignore" });
    execFileSync("umount", [directory]);
    return undefined;
  } catch {
    return "a full disk: this machine does not let a small one be mounted";
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

test("what was acknowledged is there after the process was killed, as often as that happens", async () => {
  const directory = folder();
  let acknowledged = -1;
  for (let kill = 0; kill < 2; kill++) {
    acknowledged = await writeUntilKilled(directory, acknowledged + 3 + kill);
    const store = await openSqliteStore({ directory });
    const state = await store.state(chain);
    expect(state!.length).toBeGreaterThan(acknowledged);
    const records = await store.records(chain, acknowledged, 1000);
    expect(records[0]).toMatchObject({ index: acknowledged, record: new Uint8Array(1000).fill(acknowledged) });
    await store.close();
  }
}, 120_000);

/** Kills the writer as soon as it has acknowledged this record, whatever it is doing then. Returns the last one it did. */
async function writeUntilKilled(directory: string, until: number): Promise<number> {
  const writer = fileURLToPath(new URL("store-writer.ts", import.meta.url));
  const child = spawn(process.execPath, [writer, directory, chain], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    if (said.includes(`${until}\n`)) child.kill("SIGKILL");
  });
  await new Promise<void>((resolve) => child.once("close", () => resolve()));
  return Number(said.trimEnd().split("\n").at(-1));
}

test("a file that is no store is not taken for an empty one", async () => {
  const directory = folder();
  writeFileSync(join(directory, "store.sqlite"), new Uint8Array(100_000).fill(65));
  await expect(openSqliteStore({ directory })).rejects.toMatchObject({ code: "store-damaged" });
});

test("a file that was damaged is said to be, and ends nobody's process", async () => {
  const directory = folder();
  const store = await openSqliteStore({ directory });
  for (let number = 0; number < 50; number++) {
    await store.append([{ chain, expected: headOf(number), head: headOf(number + 1), record: new Uint8Array(5000) }]);
  }
  await store.close();
  const file = join(directory, "store.sqlite");
  const bytes = readFileSync(file);
  bytes.fill(0xee, 8192, 200_000);
  writeFileSync(file, bytes);
  const damaged = await openSqliteStore({ directory });
  onTestFinished(() => damaged.close());
  await expect(damaged.records(chain, 0, 1_000_000)).rejects.toMatchObject({ code: "store-damaged" });
});

/** Ten pieces of a snapshot, which tell which one they are. Too many bytes for `toEqual`, which looks at each by itself. */
const large = (mark: number): Uint8Array => new Uint8Array(10 * 1024 * 1024 - 5).map((_, i) => (i >> 16) + mark);

async function storeWithRecord(directory: string): Promise<Store> {
  const store = await openSqliteStore({ directory });
  await store.append([{ chain, expected: headOf(0), head: headOf(1), record: new Uint8Array(10) }]);
  return store;
}

test("a large snapshot is whole, and so is the one in its place", async () => {
  const directory = folder();
  const store = await storeWithRecord(directory);
  for (const mark of [1, 2]) {
    const bytes = large(mark);
    expect(await store.save({ chain, index: 1, head: headOf(1), bytes })).toBe("stored");
    expect(Buffer.compare((await store.snapshot(chain))!.bytes, bytes)).toBe(0);
  }
  await store.close();
  const again = await openSqliteStore({ directory });
  expect(Buffer.compare((await again.snapshot(chain))!.bytes, large(2))).toBe(0);
  await again.close();
  expect(piecesIn(directory)).toBe(10);
});

test("while a large snapshot is written, others are answered, and its chain may be removed", async () => {
  const directory = folder();
  const store = await storeWithRecord(directory);
  const answers: string[] = [];
  const saved = store
    .save({ chain, index: 1, head: headOf(1), bytes: large(1) })
    .then((answer) => answers.push(answer));
  const other = "room-2" as ChainId;
  await store.append([{ chain: other, expected: headOf(0), head: headOf(1), record: new Uint8Array(10) }]);
  answers.push("appended");
  await saved;
  expect(answers).toEqual(["appended", "stored"]);
  const lost = store.save({ chain, index: 1, head: headOf(1), bytes: large(2) });
  await store.remove(chain);
  expect(await lost).toBe("conflict");
  await store.close();
  expect(piecesIn(directory)).toBe(0);
});

test("pieces of a snapshot that was not finished are given back, and are not taken for one", async () => {
  const directory = folder();
  await (await storeWithRecord(directory)).close();
  const database = new DatabaseSync(join(directory, "store.sqlite"));
  database.exec("insert into pieces (snapshot, number, bytes) values (1, 0, x'00'), (1, 1, x'00')");
  database.close();
  const store = await openSqliteStore({ directory });
  expect(await store.snapshot(chain)).toBeUndefined();
  await store.save({ chain, index: 1, head: headOf(1), bytes: new Uint8Array(20).fill(3) });
  expect((await store.snapshot(chain))!.bytes).toEqual(new Uint8Array(20).fill(3));
  await store.close();
  expect(piecesIn(directory)).toBe(1);
});

test("a file of the first layout is taken over", async () => {
  const directory = folder();
  await (await storeWithRecord(directory)).close();
  const database = new DatabaseSync(join(directory, "store.sqlite"));
  database.exec(`
    drop table snapshots; drop table pieces;
    create table snapshots (chain text not null, number integer not null, head blob not null, bytes blob not null,
      primary key (chain, number)) strict;
    pragma user_version = 1;`);
  const insert = database.prepare("insert into snapshots (chain, number, head, bytes) values (?, 1, ?, ?)");
  insert.run(chain, headOf(1), large(4));
  database.close();
  const store = await openSqliteStore({ directory });
  const { bytes, ...rest } = (await store.snapshot(chain))!;
  expect(rest).toEqual({ chain, index: 1, head: headOf(1) });
  expect(Buffer.compare(bytes, large(4))).toBe(0);
  expect(await store.save({ chain, index: 1, head: headOf(1), bytes: large(5) })).toBe("stored");
  await store.close();
  expect(piecesIn(directory)).toBe(10);
});

function piecesIn(directory: string): unknown {
  const database = new DatabaseSync(join(directory, "store.sqlite"));
  try {
    return database.prepare("select count(*) as pieces from pieces").get()!["pieces"];
  } finally {
    database.close();
  }
}

test("a second gateway on the same folder is told that the first one has it", async () => {
  const directory = folder();
  const store = await openSqliteStore({ directory });
  onTestFinished(() => store.close());
  await expect(openSqliteStore({ directory })).rejects.toMatchObject({ code: "store-in-use" });
  await store.close();
  await (await openSqliteStore({ directory })).close();
});

test("what a gateway has open can be looked at meanwhile, and nothing is changed by that", async () => {
  const directory = folder();
  const store = await storeWithRecord(directory);
  onTestFinished(() => store.close());
  const reader = await openStoreForReading({ kind: "sqlite", directory });
  onTestFinished(() => reader.close());
  expect(await reader.list("", "", 10)).toEqual([await store.state(chain)]);
  await store.append([{ chain, expected: headOf(1), head: headOf(2), record: new Uint8Array(20) }]);
  expect(await reader.records(chain, 0, 1000)).toEqual(await store.records(chain, 0, 1000));
  expect(await reader.records(chain, 0, 1000)).toHaveLength(2);
});

test("a store that was left can be looked at, and a folder without one is said", async () => {
  const directory = folder();
  await (await storeWithRecord(directory)).close();
  const reader = await openStoreForReading({ kind: "sqlite", directory });
  expect(await reader.records(chain, 0, 1000)).toHaveLength(1);
  await reader.close();
  await expect(openStoreForReading({ kind: "sqlite", directory: join(directory, "none") })).rejects.toMatchObject({
    code: "store-failed",
    detail: expect.stringContaining("there is no "),
  });
});

test("the log of commits is begun anew, although something is always being written", async () => {
  const path = join(folder(), "file.sqlite");
  const database = new DatabaseSync(path);
  database.exec(settings);
  database.exec("create table things (bytes blob not null) strict");
  const file = new SqliteFile(database);
  const checkpoints = new Checkpoints(path, file, { bytesBetween: 100_000, pagesMax: 100 });
  let longest = 0;
  for (let count = 0; longest < 5_000_000 && count < 1000; count++) {
    file.transaction(() => file.sql("insert into things (bytes) values (?)").run(new Uint8Array(10_000)));
    checkpoints.wrote(10_000);
    longest = statSync(`${path}-wal`).size;
    // Whoever asks next comes with the next message.
    await new Promise(setImmediate);
  }
  await new Promise<void>((resolve) => checkpoints.close(resolve));
  file.close();
  expect(longest).toBeLessThan(5_000_000);
  const again = new DatabaseSync(path);
  expect(again.prepare("select count(*) as count from things").get()).toEqual({ count: 1000 });
  again.close();
});

test("a folder that cannot be made is said", async () => {
  const directory = folder();
  writeFileSync(join(directory, "file"), "");
  await expect(openSqliteStore({ directory: join(directory, "file", "store") })).rejects.toMatchObject({
    code: "store-failed",
  });
});

test.skipIf(process.platform !== "linux")(
  "a folder where the system makes none is said, and not tried for ever",
  async () => {
    await expect(openSqliteStore({ directory: "/proc/none/store" })).rejects.toMatchObject({ code: "store-failed" });
  },
);

test("a store whose thread has ended says so as often as it is asked, and not that it was closed", async () => {
  const started = once(process, "worker") as Promise<[Worker]>;
  const store = await openSqliteStore({ directory: folder() });
  const [thread] = await started;
  await thread.terminate();
  const detail = expect.stringContaining("start the gateway again");
  for (let i = 0; i < 2; i++) await expect(store.state(chain)).rejects.toMatchObject({ code: "store-failed", detail });
  await store.close();
});

test("what cannot be opened is named", async () => {
  const directory = folder();
  mkdirSync(join(directory, "store.sqlite"));
  const file = expect.stringContaining(join(directory, "store.sqlite"));
  await expect(openSqliteStore({ directory })).rejects.toMatchObject({ code: "store-failed", detail: file });
});

test("a lock that the machine left damaged is no damage of the store: it may be deleted", async () => {
  const directory = folder();
  await (await storeWithRecord(directory)).close();
  const lock = join(directory, "lock.sqlite");
  writeFileSync(lock, new Uint8Array(5000).fill(7));
  const detail = `${lock} holds nothing: delete it`;
  await expect(openSqliteStore({ directory })).rejects.toMatchObject({ code: "store-failed", detail });
  rmSync(lock);
  const store = await openSqliteStore({ directory });
  onTestFinished(() => store.close());
  expect(await store.state(chain)).toMatchObject({ length: 1 });
});

test("the first head is expected by whoever writes first", async () => {
  const store = await openSqliteStore({ directory: folder() });
  onTestFinished(() => store.close());
  expect(headOf(0)).toEqual(noHead);
  expect(await store.append([{ chain, expected: headOf(1), head: headOf(2), record: new Uint8Array(1) }])).toEqual([
    { answer: "conflict" },
  ]);
});
