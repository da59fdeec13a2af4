/** The worker's end of the link, against gateways that are honest, broken, silent or hostile. */
import { once } from "node:events";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  linkLimits,
  listenLink,
  type LinkConnection,
  type LinkEnd,
  type LinkHandlers,
  type LinkLimits,
  type LinkServer,
} from "#enclave/link-server.ts";
import { parseLinkAddress } from "#protocol/link-address.ts";
import { linkBatchMax, linkMessageMax } from "#protocol/limits.ts";
import { linkKinds, LinkReader, LinkWriter, type LinkKind, type LinkMessage } from "#protocol/link.ts";

let directory: string;
let cleanup: (() => unknown)[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "phatroom-link-"));
  cleanup = [() => rm(directory, { recursive: true })];
});

afterEach(async () => {
  for (const step of cleanup.toReversed()) await step();
});

/** A queue of what happened; `next` waits for the next one. */
class Happenings<T> {
  readonly #seen: T[] = [];
  readonly #waiting: ((item: T) => void)[] = [];

  push(item: T): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#seen.push(item);
    else waiting(item);
  }

  next(): Promise<T> {
    const item = this.#seen.shift();
    return item === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(item);
  }

  get count(): number {
    return this.#seen.length;
  }
}

async function listening(options: { address?: string; limits?: Partial<LinkLimits> } = {}) {
  const messages = new Happenings<LinkMessage & { connection: LinkConnection }>();
  const opened = new Happenings<LinkConnection>();
  const ends = new Happenings<{ connection: LinkConnection; end: LinkEnd }>();
  const handlers: LinkHandlers = {
    onOpen: (connection) => opened.push(connection),
    onMessage: (connection, message) => messages.push({ ...message, body: message.body.slice(), connection }),
    onClose: (connection, end) => ends.push({ connection, end }),
  };
  const server = await listenLink(parseLinkAddress(options.address ?? join(directory, "worker.sock"))!, handlers, {
    ...linkLimits,
    ...options.limits,
  });
  cleanup.push(() => server.close());
  return { server, messages, opened, ends };
}

async function gatewayOf(server: LinkServer): Promise<Socket> {
  const address = parseLinkAddress(server.address)!;
  const socket = address.kind === "socket" ? connect(address.path) : connect(address.port, address.host);
  socket.on("error", () => undefined);
  cleanup.push(() => socket.destroy());
  await once(socket, "connect");
  return socket;
}

function batch(...messages: [kind: LinkKind, seat: number, body: Uint8Array][]): Uint8Array {
  const writer = new LinkWriter();
  for (const [kind, seat, body] of messages) writer.put(kind, seat, body);
  return writer.take()!;
}

async function readMessages(socket: Socket, count: number): Promise<LinkMessage[]> {
  const reader = new LinkReader();
  const messages: LinkMessage[] = [];
  while (messages.length < count) {
    const [chunk] = (await once(socket, "data")) as [Buffer];
    messages.push(...reader.push(new Uint8Array(chunk)));
  }
  return messages;
}

const bytes = (...values: number[]) => Uint8Array.from(values);

test.for([
  ["a Unix socket", undefined],
  ["TCP", "tcp://127.0.0.1:0"],
] as const)("messages cross over %s in order and byte for byte, both ways", async ([, address]) => {
  const { server, messages, opened } = await listening(address === undefined ? {} : { address });
  const gateway = await gatewayOf(server);
  gateway.write(batch([linkKinds.attach, 7, bytes(1, 2)], [linkKinds.frame, 7, bytes(3)]));
  expect(await messages.next()).toMatchObject({ kind: linkKinds.attach, seat: 7, body: bytes(1, 2) });
  expect(await messages.next()).toMatchObject({ kind: linkKinds.frame, seat: 7, body: bytes(3) });

  const connection = await opened.next();
  connection.put(linkKinds.frame, 7, bytes(9, 9));
  connection.put(linkKinds.close, 7, bytes());
  server.flush();
  expect(await readMessages(gateway, 2)).toEqual([
    { kind: linkKinds.frame, seat: 7, body: bytes(9, 9) },
    { kind: linkKinds.close, seat: 7, body: bytes() },
  ]);
});

test("a batch that arrives byte by byte is one batch", async () => {
  const { server, messages } = await listening();
  const gateway = await gatewayOf(server);
  gateway.setNoDelay(true);
  for (const byte of batch([linkKinds.frame, 1, bytes(1, 2, 3)])) gateway.write(bytes(byte));
  expect(await messages.next()).toMatchObject({ seat: 1, body: bytes(1, 2, 3) });
});

test("nothing leaves before the boundary, not even because a ping is answered", async () => {
  const { server, opened } = await listening();
  const gateway = await gatewayOf(server);
  const connection = await opened.next();
  connection.put(linkKinds.frame, 1, bytes(42));
  gateway.write(batch([linkKinds.ping, 0, bytes(5)]));
  expect(await readMessages(gateway, 1)).toEqual([{ kind: linkKinds.pong, seat: 0, body: bytes() }]);
  connection.flush();
  expect(await readMessages(gateway, 1)).toEqual([{ kind: linkKinds.frame, seat: 1, body: bytes(42) }]);
});

test("two gateways may use the same seat number and never meet", async () => {
  const { server, messages } = await listening();
  const [one, two] = [await gatewayOf(server), await gatewayOf(server)];
  one.write(batch([linkKinds.frame, 5, bytes(1)]));
  const first = await messages.next();
  two.write(batch([linkKinds.frame, 5, bytes(2)]));
  const second = await messages.next();
  expect(first.connection.id).not.toBe(second.connection.id);
  second.connection.put(linkKinds.frame, 5, bytes(22));
  first.connection.put(linkKinds.frame, 5, bytes(11));
  server.flush();
  expect((await readMessages(one, 1))[0]!.body).toEqual(bytes(11));
  expect((await readMessages(two, 1))[0]!.body).toEqual(bytes(22));
});

test("one boundary may hold more than one batch", async () => {
  const { server, opened } = await listening();
  const gateway = await gatewayOf(server);
  const connection = await opened.next();
  const count = Math.ceil(linkBatchMax / linkMessageMax) + 20;
  const body = new Uint8Array(linkMessageMax).fill(7);
  for (let seat = 0; seat < count; seat++) connection.put(linkKinds.frame, seat, body);
  connection.flush();
  const messages = await readMessages(gateway, count);
  expect(messages.map((message) => message.seat)).toEqual(Array.from({ length: count }, (_, seat) => seat));
  expect(messages.every((message) => message.body.length === linkMessageMax)).toBe(true);
});

const overlongBatch = new Uint8Array(4);
new DataView(overlongBatch.buffer).setUint32(0, linkBatchMax + 1, true);
const overlongMessage = batch([linkKinds.frame, 1, bytes(1)]);
new DataView(overlongMessage.buffer).setUint32(9, linkMessageMax + 1, true);
const wrongLength = batch([linkKinds.frame, 1, bytes(1)]);
new DataView(wrongLength.buffer).setUint32(9, 2, true);

test.for([
  ["announces a batch over the limit", overlongBatch],
  ["announces a message over the limit", overlongMessage],
  ["puts a wrong length in a message", wrongLength],
  ["speaks HTTP", new TextEncoder().encode("GET / HTTP/1.1\r\nHost: worker\r\n\r\n")],
] as const)("a gateway that %s is cut off, and the next one is served", async ([, sent]) => {
  const { server, messages, ends } = await listening();
  const gateway = await gatewayOf(server);
  gateway.write(sent);
  expect((await ends.next()).end).toBe("malformed");
  await once(gateway, "close");
  const next = await gatewayOf(server);
  next.write(batch([linkKinds.frame, 1, bytes(1)]));
  expect((await messages.next()).body).toEqual(bytes(1));
});

test("a gateway that reads slowly is known to be full, and not any more once it has caught up", async () => {
  const { server, opened } = await listening({ limits: { fullFrom: 2 * linkMessageMax } });
  const gateway = await gatewayOf(server);
  gateway.pause();
  const connection = await opened.next();
  expect(connection.full).toBe(false);
  const body = new Uint8Array(linkMessageMax);
  for (let i = 0; i < 20; i++) {
    connection.put(linkKinds.frame, 1, body);
    connection.flush();
  }
  expect(connection.full).toBe(true);
  gateway.resume();
  await expect.poll(() => connection.full).toBe(false);
});

test("a gateway that stops reading is dropped, and what is put for it afterwards goes nowhere", async () => {
  const { server, opened, ends } = await listening({ limits: { outgoingMax: 4 * linkMessageMax } });
  const gateway = await gatewayOf(server);
  gateway.pause();
  const connection = await opened.next();
  const body = new Uint8Array(linkMessageMax);
  // The system's own buffers take some; the loop ends because the limit is met.
  while (connection.open) {
    connection.put(linkKinds.frame, 1, body);
    connection.flush();
  }
  expect((await ends.next()).end).toBe("slow");
  connection.put(linkKinds.frame, 1, body);
  connection.flush();
  expect(server.connections.size).toBe(0);
});

test("a gateway that falls silent is dropped", async () => {
  const { server, ends } = await listening({ limits: { silentMs: 20 } });
  await gatewayOf(server);
  expect((await ends.next()).end).toBe("silent");
});

test("a gateway that closes is noticed once", async () => {
  const { server, ends, opened } = await listening();
  const gateway = await gatewayOf(server);
  const connection = await opened.next();
  gateway.end();
  expect(await ends.next()).toEqual({ connection, end: "closed" });
  connection.close();
  expect(ends.count).toBe(0);
});

test("the worker's last words leave before it closes", async () => {
  const { server, opened, ends } = await listening();
  const gateway = await gatewayOf(server);
  const connection = await opened.next();
  connection.put(linkKinds.gone, 0, bytes(1));
  const read = readMessages(gateway, 1);
  await server.close();
  expect(await read).toEqual([{ kind: linkKinds.gone, seat: 0, body: bytes(1) }]);
  expect((await ends.next()).end).toBe("stopped");
});

test("only this user may connect to the socket", async () => {
  const { server } = await listening();
  expect((await stat(server.address)).mode & 0o777).toBe(0o600);
});

test("a socket left behind by a dead worker is replaced", async () => {
  const path = join(directory, "worker.sock");
  const left = createServer().listen(path);
  await once(left, "listening");
  // Closing would remove the file, as a killed process does not.
  const dead = join(directory, "dead.sock");
  await import("node:fs/promises").then((fs) => fs.rename(path, dead));
  left.close();
  const { server } = await listening({ address: dead });
  expect((await gatewayOf(server)).readyState).toBe("open");
});

test("a live worker's socket is not taken over", async () => {
  const { server } = await listening();
  await expect(listening({ address: server.address })).rejects.toMatchObject({ code: "EADDRINUSE" });
  expect((await gatewayOf(server)).readyState).toBe("open");
});

test("a file that is no socket is not removed", async () => {
  const path = join(directory, "precious");
  await writeFile(path, "kept");
  await expect(listening({ address: path })).rejects.toMatchObject({ code: "EADDRINUSE" });
  expect((await stat(path)).size).toBe(4);
});

test("a gateway over the number allowed is not served", async () => {
  const { server } = await listening({ limits: { connectionsMax: 1 } });
  await gatewayOf(server);
  const extra = await gatewayOf(server);
  await once(extra, "close");
  expect(server.connections.size).toBe(1);
});

test("a body over the limit is the worker's own error", async () => {
  const { server, opened } = await listening();
  await gatewayOf(server);
  const connection = await opened.next();
  expect(() => connection.put(linkKinds.frame, 1, new Uint8Array(linkMessageMax + 1))).toThrow(
    expect.objectContaining({ code: "too-long" }),
  );
});

test("a ping is answered with what the worker says of itself, and with nothing of the ping", async () => {
  let said = 1;
  const server = await listenLink(
    { kind: "socket", path: join(directory, "worker.sock") },
    { onMessage: () => undefined, pulse: () => bytes((said += 1)) },
  );
  cleanup.push(() => server.close());
  const gateway = await gatewayOf(server);
  gateway.write(batch([linkKinds.ping, 0, bytes(9)], [linkKinds.ping, 0, bytes(9)]));
  expect((await readMessages(gateway, 2)).map(({ body }) => Array.from(body))).toEqual([[2], [3]]);
});
