/** A worker's store behind real sockets: gateways die, are slow, lie, come back; nothing that was acknowledged is lost. */
import { once } from "node:events";
import { connect } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parseLinkAddress } from "#protocol/link-address.ts";
import { linkKinds, LinkReader, LinkWriter } from "#protocol/link.ts";
import { encodeOffer } from "#protocol/store-link.ts";
import { noHead, snapshotMax, type Append, type ChainId, type Snapshot, type Store } from "#protocol/store.ts";
import { openSqliteStore } from "#gateway/store/sqlite/sqlite-store.ts";
import { gatewayEnd, WorkerEnd } from "../support/store-link.ts";
import { openGateway } from "./harness.ts";

const chain = "room-1" as ChainId;

const headOf = (number: number): Uint8Array => {
  const head = new Uint8Array(32);
  if (number > 0) new DataView(head.buffer).setUint32(0, number);
  return head;
};

const append = (number: number, length = 100): Append => ({
  chain,
  expected: number === 0 ? noHead : headOf(number),
  head: headOf(number + 1),
  record: new Uint8Array(length).fill(number),
});

async function workerEnd(): Promise<WorkerEnd> {
  const worker = await WorkerEnd.start();
  onTestFinished(() => worker.close());
  return worker;
}

async function sqlite(directory = folder()): Promise<Store> {
  const store = await openSqliteStore({ directory });
  onTestFinished(() => store.close());
  return store;
}

function folder(): string {
  const directory = mkdtempSync(join(tmpdir(), "phatroom-store-link-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function gatewayWith(worker: WorkerEnd, store: Store) {
  const gateway = gatewayEnd(worker, store);
  onTestFinished(() => gateway.close());
  return gateway;
}

/** A store that keeps its answers to appends to itself until it is told otherwise. */
function held(store: Store) {
  const answers: (() => void)[] = [];
  const state = { holding: true, appended: 0 };
  const appendTo = async (batch: readonly Append[]) => {
    const answer = await store.append(batch);
    state.appended += batch.length;
    if (state.holding) await new Promise<void>((resolve) => answers.push(resolve));
    return answer;
  };
  const proxy = new Proxy(store, {
    get: (of, name) => {
      if (name === "append") return appendTo;
      const member = Reflect.get(of, name) as unknown;
      return typeof member === "function" ? (member.bind(of) as unknown) : member;
    },
  });
  const release = (): void => {
    state.holding = false;
    for (const answer of answers.splice(0)) answer();
  };
  return { store: proxy, state, release };
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
};

const storeFailed = { code: "store-failed" };

test("a gateway that dies between question and answer: the append fails, is made again elsewhere and is stored once", async () => {
  const worker = await workerEnd();
  const behind = await sqlite();
  const { store, state } = held(behind);
  const first = gatewayWith(worker, store);
  await worker.store.whenOffered();
  const asked = worker.store.append([append(0)]);
  await until(() => state.appended === 1);
  first.close();
  await expect(asked).rejects.toMatchObject(storeFailed);
  await expect(worker.store.append([append(0)])).rejects.toMatchObject(storeFailed);

  gatewayWith(worker, behind);
  await worker.store.whenOffered();
  expect(await worker.store.append([append(0)])).toEqual([{ answer: "stored", index: 0 }]);
  expect(await worker.store.append([append(1)])).toEqual([{ answer: "stored", index: 1 }]);
  expect(await worker.store.state(chain)).toMatchObject({ length: 2 });
});

test("a slow store is waited for, and what was asked meanwhile is answered in its order", async () => {
  const worker = await workerEnd();
  const { store, release } = held(await sqlite());
  gatewayWith(worker, store);
  await worker.store.whenOffered();
  const order: number[] = [];
  // Far more than may be under way at once.
  const appends = Array.from({ length: 400 }, (_, number) =>
    worker.store.append([append(number)]).then(([answer]) => {
      order.push(number);
      return answer;
    }),
  );
  expect(await worker.store.records("room-2" as ChainId, 0, 10)).toEqual([]);
  expect(order).toEqual([]);
  release();
  const answers = await Promise.all(appends);
  expect(answers).toEqual(answers.map((_, index) => ({ answer: "stored", index })));
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});

test("of two gateways the one with the store goes and comes back, and the other one's link is as it was", async () => {
  const worker = await workerEnd();
  const store = await sqlite();
  const { gateway } = await openGateway({ worker: parseLinkAddress(worker.address)! });
  await gateway.ready();
  expect(worker.store.offered).toBe(false);
  const kept = worker.links[0]!;
  for (let round = 0; round < 3; round++) {
    const other = gatewayEnd(worker, store);
    await worker.store.whenOffered();
    expect(await worker.store.append([append(round)])).toEqual([{ answer: "stored", index: round }]);
    other.close();
    await until(() => !worker.store.offered);
    await expect(worker.store.state(chain)).rejects.toMatchObject(storeFailed);
  }
  expect(kept.open).toBe(true);
  expect(worker.links).toEqual([kept]);
});

test("the largest snapshot goes there and back, and appends and reads pass it on the way", async () => {
  const worker = await workerEnd();
  let kept: Snapshot | undefined;
  gatewayWith(worker, {
    append: () => Promise.resolve([{ answer: "stored", index: 1 }]),
    state: () => Promise.resolve(undefined),
    save(snapshot) {
      kept = snapshot;
      return Promise.resolve("stored");
    },
    snapshot: () => Promise.resolve(kept),
  } satisfies Partial<Store> as unknown as Store);
  await worker.store.whenOffered();
  const bytes = new Uint8Array(snapshotMax);
  for (let at = 0; at < bytes.length; at += 65_521) bytes[at] = at % 251;
  const ended: string[] = [];
  const saved = worker.store.save({ chain, index: 1, head: headOf(1), bytes }).then((answer) => {
    ended.push("save");
    return answer;
  });
  await worker.store.append([append(1)]).then(() => ended.push("append"));
  await worker.store.state(chain).then(() => ended.push("state"));
  expect(await saved).toBe("stored");
  expect(ended).toEqual(["append", "state", "save"]);
  const read = await worker.store.snapshot(chain);
  expect(read?.index).toBe(1);
  expect(Buffer.compare(read!.bytes, bytes)).toBe(0);
});

test("frames pass a long snapshot: no more than one turn of it stands in front of them", async () => {
  const worker = await workerEnd();
  const socket = connect(worker.address);
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  const offer = new LinkWriter();
  offer.put(linkKinds.storeOffer, 0, encodeOffer());
  socket.write(offer.take()!);
  await worker.store.whenOffered();
  socket.pause();
  const saved = worker.store.save({ chain, index: 1, head: headOf(1), bytes: new Uint8Array(20_000_000) });
  const lost = expect(saved).rejects.toMatchObject(storeFailed);
  // Until neither the system nor the other end takes more of it.
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  const [link] = worker.links;
  link!.put(linkKinds.frame, 7, Uint8Array.of(1));
  link!.flush();
  let before = 0;
  const reader = new LinkReader();
  const frame = new Promise<void>((resolve) => {
    socket.on("data", (chunk: Buffer) => {
      for (const { kind, body } of reader.push(new Uint8Array(chunk))) {
        if (kind === linkKinds.frame) resolve();
        else if (kind === linkKinds.storeQuestion) before += body.length;
      }
    });
  });
  socket.resume();
  void frame.then(() => socket.destroy());
  await frame;
  expect(before).toBeLessThan(1_000_000);
  await lost;
});

test.for<[string, number, Uint8Array]>([
  ["answers what nobody asked", linkKinds.storeAnswer, Uint8Array.of(9, 0, 0, 0, 1, 0, 0, 0, 0)],
  ["sends half a fragment", linkKinds.storeAnswer, Uint8Array.of(1, 2, 3)],
  ["offers a store of another version", linkKinds.storeOffer, Uint8Array.of(2)],
])("a gateway that %s is let go, and the store of another one is asked", async ([, kind, body]) => {
  const worker = await workerEnd();
  const store = await sqlite();
  gatewayWith(worker, store);
  await worker.store.whenOffered();
  const liar = connect(worker.address);
  onTestFinished(() => void liar.destroy());
  const writer = new LinkWriter();
  if (kind === linkKinds.storeAnswer) writer.put(linkKinds.storeOffer, 0, encodeOffer());
  writer.put(kind as typeof linkKinds.storeAnswer, 0, body);
  liar.on("error", () => undefined).resume();
  const closed = once(liar, "close");
  liar.write(writer.take()!);
  await closed;
  expect(worker.refused.map(({ code }) => code)).toEqual(["malformed"]);
  expect(await worker.store.append([append(0)])).toEqual([{ answer: "stored", index: 0 }]);
});

test.for([
  ["asks what is no question", true, Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0, 99)],
  ["sends half a fragment", true, Uint8Array.of(1)],
  ["begins what is too long", true, Uint8Array.of(1, 0, 0, 0, 255, 255, 255, 255, ...new Uint8Array(65_536))],
  ["asks for a store where there is none", false, Uint8Array.of(1, 0, 0, 0, 3, 0, 0, 0, 3, 1, 97)],
] as const)("a worker that %s is let go and tried again", async ([, kept, body]) => {
  const worker = await workerEnd();
  const { events, gateway } = await openGateway({
    worker: parseLinkAddress(worker.address)!,
    store: kept ? { kind: "sqlite", directory: folder() } : undefined,
  });
  await gateway.ready();
  if (kept) await worker.store.whenOffered();
  worker.links[0]!.sendApart(linkKinds.storeQuestion, [body], () => undefined);
  expect(await events.until(({ event }) => event === "worker-lost")).toMatchObject({ reason: "malformed" });
  await gateway.ready();
});

test("a gateway keeps the store it was given: across its own end, counted, and for nobody else meanwhile", async () => {
  const worker = await workerEnd();
  const directory = folder();
  const config = { worker: parseLinkAddress(worker.address)!, store: { kind: "sqlite", directory } } as const;
  const { gateway, lines } = await openGateway(config);
  await worker.store.whenOffered();
  expect(await worker.store.append([append(0), append(1)])).toHaveLength(2);
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  expect(metrics).toContain("\nphatroom_gateway_store_appends_total 2\n");
  expect(metrics).toContain("\nphatroom_gateway_store_batches_total 1\n");
  expect(metrics).toContain("\nphatroom_gateway_store_bytes_total 200\n");
  expect(metrics).toContain("\nphatroom_gateway_store_append_seconds_count 1\n");
  await expect(openSqliteStore({ directory })).rejects.toMatchObject({ code: "store-in-use" });
  await gateway.close();
  expect(lines.join("")).not.toContain("store-failing");

  await openGateway(config);
  await worker.store.whenOffered();
  expect(await worker.store.records(chain, 0, 1000)).toHaveLength(2);
});

test("a gateway whose store cannot be opened does not start, and leaves nothing behind", async () => {
  const worker = await workerEnd();
  const directory = folder();
  const rival = await openSqliteStore({ directory });
  const config = { worker: parseLinkAddress(worker.address)!, store: { kind: "sqlite", directory } } as const;
  await expect(openGateway(config)).rejects.toMatchObject({ code: "store-in-use" });
  await rival.close();
  const { gateway } = await openGateway(config);
  await gateway.ready();
});
