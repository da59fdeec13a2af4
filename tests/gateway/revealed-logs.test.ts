/** Revealed logs are given to whoever asks, and kept for a while; no other log is given to anybody. */
import { once } from "node:events";
import type { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import type { RoomId } from "#protocol/identity.ts";
import { decodeRecords } from "#protocol/revealed.ts";
import { chainOfRoom } from "#protocol/room-chain.ts";
import { noHead, type ChainId } from "#protocol/store.ts";
import { openSqliteStore } from "#gateway/store/sqlite/sqlite-store.ts";
import { RevealedLogs } from "#gateway/revealed-logs.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { open, scratch } from "./harness.ts";

const fill = (byte: number, length = 32): Uint8Array => new Uint8Array(length).fill(byte);
const opening = Uint8Array.of(2, 1, 9, 9);
const boundary = Uint8Array.of(2, 2, 8, 8, 8);
const reveal = Uint8Array.of(2, 16, 7);
const roomOf = (n: number): RoomId => n.toString(16).padStart(20, "0") as RoomId;

async function write(
  store: Pick<MemoryStore, "append">,
  room: RoomId,
  records: readonly Uint8Array[],
): Promise<ChainId> {
  const chain = chainOfRoom(room, fill(5));
  const heads = records.map((_, i) => fill(i + 1));
  await store.append(
    records.map((record, i) => ({ chain, expected: heads[i - 1] ?? noHead, head: heads[i]!, record })),
  );
  return chain;
}

const whole = async (pieces: AsyncIterable<Uint8Array> | undefined): Promise<Uint8Array[] | undefined> => {
  if (pieces === undefined) return undefined;
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return decodeRecords(new Uint8Array(Buffer.concat(all)));
};

const ports = { keptMs: 1000, now: () => 0 };

test("a log is given up to the record that reveals it, whatever visitors added since", async () => {
  const store = new MemoryStore();
  const logs = new RevealedLogs({ ...ports, store });
  await write(store, roomOf(1), [opening, boundary, reveal]);
  await write(store, roomOf(2), [opening, boundary, reveal, opening, opening]);
  expect(await whole(await logs.read(roomOf(1)))).toEqual([opening, boundary, reveal]);
  expect(await whole(await logs.read(roomOf(2)))).toEqual([opening, boundary, reveal]);
});

test("a log that was not revealed is given to nobody", async () => {
  const store = new MemoryStore();
  const logs = new RevealedLogs({ ...ports, store });
  await write(store, roomOf(1), [opening, boundary]);
  // As the records of rooms are that never reveal anything.
  await write(store, roomOf(2), [Uint8Array.of(1, 1), Uint8Array.of(1, 16)]);
  for (const room of [1, 2, 3].map(roomOf)) expect(await logs.read(room)).toBeUndefined();
});

test("a log whose beginning is gone is no log", async () => {
  const store = new MemoryStore();
  const logs = new RevealedLogs({ ...ports, store });
  const chain = await write(store, roomOf(1), [opening, boundary, reveal]);
  await store.save({ chain, index: 2, head: fill(2), bytes: fill(1) });
  await store.compact(chain, 1);
  expect(await logs.read(roomOf(1))).toBeUndefined();
});

test("only so many are looked for at once", async () => {
  const logs = new RevealedLogs({ ...ports, store: new MemoryStore() });
  const looking = [1, 2, 3, 4].map((n) => logs.read(roomOf(n)));
  expect(logs.busy).toBe(true);
  await Promise.all(looking);
  expect(logs.busy).toBe(false);
});

test("only so many are given away at once", async () => {
  const store = new MemoryStore();
  const logs = new RevealedLogs({ ...ports, store });
  await write(store, roomOf(1), [opening, reveal]);
  const begun = await Promise.all([1, 2, 3, 4].map(async () => (await logs.read(roomOf(1)))![Symbol.asyncIterator]()));
  for (const pieces of begun) await pieces.next();
  expect(logs.busy).toBe(true);
  await begun[0]!.return!(undefined);
  expect(logs.busy).toBe(false);
});

test("old ones are forgotten, and no other chain", async () => {
  const store = new MemoryStore();
  await write(store, roomOf(1), [opening, reveal]);
  await write(store, roomOf(2), [opening, boundary]);
  const written = (await store.list("", "", 10))[0]!.changedAt;
  const logs = (now: number): RevealedLogs => new RevealedLogs({ store, keptMs: 1000, now: () => now });
  expect(await logs(written + 999).forgetOld()).toBe(0);
  expect(await logs(written + 60_000).forgetOld()).toBe(1);
  expect((await store.list("", "", 10)).map(({ chain }) => chain)).toEqual([chainOfRoom(roomOf(2), fill(5))]);
});

test("a gateway answers with it, and refuses what it does not have", async () => {
  const directory = await scratch();
  const store = await openSqliteStore({ directory });
  await write(store, roomOf(1), [opening, boundary, reveal]);
  await write(store, roomOf(2), [opening, boundary]);
  await store.close();
  const { gateway } = await open({ store: { kind: "sqlite", directory } });
  const ask = (room: string): Promise<Response> => fetch(`${gateway.url}/api/rooms/${room}/log`);
  const answer = await ask(roomOf(1));
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/octet-stream"]);
  expect(decodeRecords(new Uint8Array(await answer.arrayBuffer()))).toEqual([opening, boundary, reveal]);
  expect((await ask(roomOf(2))).status).toBe(404);
  expect((await ask("hello")).status).toBe(400);
});

test("a gateway without a store has no logs", async () => {
  const { gateway } = await open();
  expect((await fetch(`${gateway.url}/api/rooms/${roomOf(1)}/log`)).status).toBe(404);
});

test("whoever goes away while a log is given is no mistake of the gateway, and neither is a store that fails", async () => {
  const directory = await scratch();
  const before = await openSqliteStore({ directory });
  const records = Array.from({ length: 40 }, () => fill(2, 1024 * 1024));
  await write(before, roomOf(1), [opening, ...records, reveal]);
  await before.close();
  const started = once(process, "worker") as Promise<[Worker]>;
  const { gateway, events } = await open({ store: { kind: "sqlite", directory } });
  const address = `${gateway.url}/api/rooms/${roomOf(1)}/log`;
  const gone = new AbortController();
  const { body } = await fetch(address, { signal: gone.signal });
  await body!.getReader().read();
  gone.abort();
  // Its store, whose thread is the first that was started.
  const [thread] = await started;
  await new Promise((resolve) => setTimeout(resolve, 200));
  await thread.terminate();
  const response = await fetch(address);
  expect([response.status, await response.json()]).toMatchObject([503, { code: "store-unavailable" }]);
  const seen = [];
  while (events.count > 0) seen.push((await events.next()).event);
  expect(seen).not.toContain("bug");
});
