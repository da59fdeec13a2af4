/** A worker takes a gateway's store for what it is: offered by whoever connects, and never a reason to believe anything. */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { linkKinds, LinkReader, LinkWriter, type LinkKind } from "#protocol/link.ts";
import { encodeOffer } from "#protocol/store-link.ts";
import { unavailablePlatform } from "#enclave/platform/unavailable.ts";
import { startWorker, type WorkerEvent } from "#enclave/worker.ts";

const nothing = new Uint8Array(0);

/** A worker without rooms, and a gateway's socket to it. */
async function met() {
  const directory = await mkdtemp(join(tmpdir(), "phatroom-worker-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, "worker.sock");
  const events: WorkerEvent[] = [];
  const platform = {
    ...unavailablePlatform(),
    info: () => Promise.resolve({ name: "none", hardware: false, label: "none" }),
    deriveKey: () => Promise.resolve(new Uint8Array(32)),
  };
  const worker = await startWorker({
    address: { kind: "socket", path },
    world: { name: "test", development: true },
    platform,
    contracts: [],
    log: (event) => events.push(event),
  });
  onTestFinished(() => worker.close());
  const socket = connect(path);
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  const send = (...messages: (readonly [LinkKind, Uint8Array])[]): void => {
    const writer = new LinkWriter();
    for (const [kind, body] of messages) writer.put(kind, 0, body);
    socket.write(writer.take()!);
  };
  return { socket, send, events };
}

test("an offer is taken, and the link goes on", async () => {
  const { socket, send } = await met();
  send([linkKinds.storeOffer, encodeOffer()], [linkKinds.ping, nothing]);
  const reader = new LinkReader();
  const kinds: number[] = [];
  while (!kinds.includes(linkKinds.pong)) {
    const [chunk] = (await once(socket, "data")) as [Buffer];
    kinds.push(...reader.push(new Uint8Array(chunk)).map(({ kind }) => kind));
  }
  expect(kinds).toContain(linkKinds.ready);
});

test.for<[string, (readonly [LinkKind, Uint8Array])[]]>([
  ["answers before it offered", [[linkKinds.storeAnswer, Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0, 0)]]],
  ["offers twice", [0, 1].map(() => [linkKinds.storeOffer, encodeOffer()] as const)],
  ["offers what is not known", [[linkKinds.storeOffer, Uint8Array.of(9)]]],
  [
    "answers what nobody asked",
    [
      [linkKinds.storeOffer, encodeOffer()],
      [linkKinds.storeAnswer, Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0, 0)],
    ],
  ],
  ["asks the worker, as if that had a store", [[linkKinds.storeQuestion, nothing]]],
])("a gateway that %s is let go", async ([, messages]) => {
  const { socket, send, events } = await met();
  const closed = once(socket.resume(), "close");
  send(...messages);
  await closed;
  expect(events.map(({ event }) => event)).toContain("gateway-malformed");
});
