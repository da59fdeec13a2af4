/** A log that several workers write to: nobody but them can read or alter it, and each reads what the others wrote. */
import { expect, test } from "vitest";
import { SealedLog } from "#enclave/vault/sealed-log.ts";
import { bytesToHex, utf8ToBytes } from "#protocol/bytes.ts";
import { StoreError, type ChainId, type Store } from "#protocol/store.ts";
import { SeededNumbers } from "../../deep/deep.ts";
import { MemoryStore } from "../../support/memory-store.ts";

const chain = "awards-00112233" as ChainId;
const fill = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
let seed = 0;

function log(store: Store, change: Partial<ConstructorParameters<typeof SealedLog>[0]> = {}): SealedLog {
  const numbers = new SeededNumbers((seed += 1));
  const random = (length: number): Uint8Array => numbers.bytes(length);
  return new SealedLog({
    store,
    chain,
    world: fill(1),
    key: fill(2),
    random,
    wait: () => Promise.resolve(),
    ...change,
  });
}

const entry = (text: string): Uint8Array => utf8ToBytes(text);
const texts = (entries: readonly Uint8Array[]): string[] => entries.map((bytes) => Buffer.from(bytes).toString());

test("what was written is read by whoever comes later, in its order", async () => {
  const store = new MemoryStore();
  const writer = log(store);
  expect(await writer.read()).toEqual([]);
  for (const text of ["a", "b", "c"]) await writer.append(entry(text));
  // Its own it knows.
  expect(await writer.read()).toEqual([]);
  expect(texts(await log(store).read())).toEqual(["a", "b", "c"]);
});

test("two workers that write at once lose nothing, and each reads the other's", async () => {
  const store = new MemoryStore();
  const [left, right] = [log(store), log(store)];
  const written = ["l1", "l2", "l3", "r1", "r2", "r3"];
  await Promise.all(written.map((text) => (text.startsWith("l") ? left : right).append(entry(text))));
  expect(texts(await left.read())).toEqual(["r1", "r2", "r3"]);
  expect(texts(await right.read())).toEqual(["l1", "l2", "l3"]);
  expect(texts(await log(store).read()).sort()).toEqual(written);
});

test("an append whose answer is lost is there once", async () => {
  const store = new MemoryStore();
  let lose = 1;
  const forgetful = withAppend(store, async (batch) => {
    const answer = await store.append(batch);
    if (lose-- > 0) throw new StoreError("store-failed", "the answer was lost");
    return answer;
  });
  const writer = log(forgetful);
  await writer.append(entry("a"));
  await log(store).append(entry("b"));
  await writer.append(entry("c"));
  expect(texts(await log(store).read())).toEqual(["a", "b", "c"]);
  expect(texts(await writer.read())).toEqual(["b"]);
});

test("an append whose answer is lost while another worker goes on behind it is there once", async () => {
  const store = new MemoryStore();
  let first = true;
  const forgetful = withAppend(store, async (batch) => {
    const answer = await store.append(batch);
    if (!first) return answer;
    first = false;
    await log(store).append(entry("b"));
    throw new StoreError("store-failed", "the answer was lost");
  });
  const writer = log(forgetful);
  await writer.append(entry("a"));
  expect(texts(await writer.read())).toEqual(["b"]);
  expect(texts(await log(store).read())).toEqual(["a", "b"]);
});

test("an append whose answer is lost is there once, also where the store fails while it is looked for", async () => {
  const store = new MemoryStore();
  let first = true;
  const forgetful = withAppend(store, async (batch) => {
    const answer = await store.append(batch);
    if (!first) return answer;
    first = false;
    await log(store).append(entry("b"));
    throw new StoreError("store-failed", "the answer was lost");
  });
  let asked = 0;
  const failing = new Proxy(forgetful, {
    get: (of, name) => {
      const value = (Reflect.get(of, name) as (...args: unknown[]) => unknown).bind(of);
      if (name !== "records") return value;
      // What was looked for has been shown by then.
      return (...args: unknown[]) =>
        (asked += 1) === 2 ? Promise.reject(new StoreError("store-failed", "")) : value(...args);
    },
  });
  const writer = log(failing);
  await writer.append(entry("a"));
  expect(asked).toBeGreaterThan(2);
  expect(texts(await log(store).read())).toEqual(["a", "b"]);
  expect(texts(await writer.read())).toEqual(["b"]);
});

test("what a store shows that is older than it was is gone on with, as it is", async () => {
  const store = new MemoryStore();
  const writer = log(store);
  await writer.append(entry("a"));
  await writer.append(entry("b"));
  await store.remove(chain);
  await log(store).append(entry("other"));
  await writer.append(entry("c"));
  expect(texts(await writer.read())).toEqual(["other"]);
  expect(texts(await log(store).read())).toEqual(["other", "c"]);
});

test("an entry that goes behind what was read is not written where something was not read", async () => {
  const store = new MemoryStore();
  const [writer, other] = [log(store), log(store)];
  expect(await writer.appendNext(entry("a"))).toBe(true);
  expect(await other.appendNext(entry("b"))).toBe(false);
  // It is known to be there by now, and still not read.
  expect(await other.appendNext(entry("b"))).toBe(false);
  expect(texts(await other.read())).toEqual(["a"]);
  expect(await other.appendNext(entry("b"))).toBe(true);
  expect(texts(await log(store).read())).toEqual(["a", "b"]);
});

test("of two that go behind the same entry one is written, and where its answer is lost too", async () => {
  const store = new MemoryStore();
  let lose = 1;
  const forgetful = withAppend(store, async (batch) => {
    const answer = await store.append(batch);
    if (lose-- > 0) throw new StoreError("store-failed", "the answer was lost");
    return answer;
  });
  const [left, right] = [log(forgetful), log(store)];
  expect(await Promise.all([left.appendNext(entry("l")), right.appendNext(entry("r"))])).toEqual([true, false]);
  expect(texts(await log(store).read())).toEqual(["l"]);
});

test("where a store shows less than it did, nothing goes behind it before it is read", async () => {
  const store = new MemoryStore();
  const writer = log(store);
  await writer.append(entry("a"));
  await store.remove(chain);
  await log(store).append(entry("other"));
  expect(await writer.appendNext(entry("b"))).toBe(false);
  expect(texts(await writer.read())).toEqual(["other"]);
  expect(await writer.appendNext(entry("b"))).toBe(true);
});

test("the same entry is never sealed the same, and nothing of it is seen", async () => {
  const stores = [new MemoryStore(), new MemoryStore()];
  const records: string[] = [];
  for (const store of stores) {
    await log(store).append(entry("the same secret words"));
    const [stored] = await store.records(chain, 0, 10_000);
    records.push(bytesToHex(stored!.record));
  }
  expect(records[0]).not.toBe(records[1]);
  expect(Buffer.from(records[0]!, "hex").includes("secret")).toBe(false);
});

test.for<[string, (record: Uint8Array) => Uint8Array]>([
  ["a bit of its seal is another", (record) => record.with(60, record[60]! ^ 1)],
  ["its nonce is another", (record) => record.with(5, record[5]! ^ 1)],
  ["it is of another kind", (record) => record.with(1, 3)],
  ["it is cut short", (record) => record.slice(0, 20)],
])("a record is not ours if %s", async ([, change]) => {
  const store = new MemoryStore();
  await log(store).append(entry("a"));
  const lying = withRecords(store, (record) => change(record));
  await expect(log(lying).read()).rejects.toMatchObject({ code: "not-ours" });
});

test.for<[string, Parameters<typeof log>[1]]>([
  ["another world", { world: fill(9) }],
  ["another lineage", { key: fill(9) }],
])("nobody of %s reads it", async ([, change]) => {
  const store = new MemoryStore();
  await log(store).append(entry("a"));
  await expect(log(store, change).read()).rejects.toMatchObject({ code: "not-ours" });
});

test("records that a store exchanges are noticed", async () => {
  const store = new MemoryStore();
  const writer = log(store);
  await writer.append(entry("a"));
  await writer.append(entry("b"));
  const records = await store.records(chain, 0, 10_000);
  const exchanged = new Proxy(store, {
    get: (of, name) =>
      name === "records"
        ? () =>
            Promise.resolve(
              [1, 0].map((at, index) => ({ index, head: records[at]!.head, record: records[at]!.record })),
            )
        : (Reflect.get(of, name) as (...args: unknown[]) => unknown).bind(of),
  });
  await expect(log(exchanged).read()).rejects.toMatchObject({ code: "not-ours" });
});

test("a log that is closed waits for no store", async () => {
  const away = withAppend(new MemoryStore(), () => Promise.reject(new StoreError("store-failed", "away")));
  const writer = log(away, { wait: () => new Promise((resolve) => setImmediate(resolve)) });
  const appended = writer.append(entry("a")).catch((error: Error) => error.message);
  writer.close();
  expect(await appended).toMatch(/store-/);
});

function withAppend(store: Store, append: Store["append"]): Store {
  return new Proxy(store, {
    get: (of, name) =>
      name === "append" ? append : (Reflect.get(of, name) as (...args: unknown[]) => unknown).bind(of),
  });
}

function withRecords(store: Store, change: (record: Uint8Array) => Uint8Array): Store {
  const records: Store["records"] = async (...asked) =>
    (await store.records(...asked)).map(({ index, head, record }) => ({ index, head, record: change(record) }));
  return new Proxy(store, {
    get: (of, name) =>
      name === "records" ? records : (Reflect.get(of, name) as (...args: unknown[]) => unknown).bind(of),
  });
}
