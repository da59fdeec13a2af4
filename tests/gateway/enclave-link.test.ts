/** The gateway's end of the link, against workers that are broken, silent, slow or of another version. */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { decodeCreate, encodeControl, encodePulse, encodeRefused } from "#protocol/control.ts";
import type { ErrorCode } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { linkBatchMax, protocolVersion } from "#protocol/limits.ts";
import { linkKinds, LinkReader, LinkWriter, type LinkKind, type LinkMessage } from "#protocol/link.ts";
import { EnclaveLink } from "#gateway/enclave-link.ts";
import type { SeatReceiver } from "#gateway/link-seats.ts";
import { linkTimes, type LinkTimes } from "#gateway/link-socket.ts";
import type { GatewayEvent } from "#gateway/log.ts";
import { Happenings, scratch } from "./harness.ts";

const room = "00000000000000000001" as RoomId;
const nothing = new Uint8Array(0);
const ready = encodeControl({ version: protocolVersion, platform: "none", world: "ab".repeat(32), contracts: [] });

function batch(...messages: [kind: LinkKind, seat: number, body: Uint8Array][]): Uint8Array {
  const writer = new LinkWriter();
  for (const [kind, seat, body] of messages) writer.put(kind, seat, body);
  return writer.take()!;
}

/** A link and the sockets of a worker that does nothing by itself. */
async function linked(times: Partial<LinkTimes> = {}) {
  const path = join(await scratch(), "worker.sock");
  const connections = new Happenings<Socket>();
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    onTestFinished(() => void socket.destroy());
    connections.push(socket);
  }).listen(path);
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const events = new Happenings<GatewayEvent>();
  const link = new EnclaveLink({ kind: "socket", path }, (event) => events.push(event), {
    ...linkTimes,
    retryMs: 1,
    retryMaxMs: 5,
    ...times,
  });
  onTestFinished(() => link.close());
  link.start();
  return { link, connections, events };
}

async function readied(times: Partial<LinkTimes> = {}) {
  const { link, connections, events } = await linked(times);
  const socket = await connections.next();
  socket.write(batch([linkKinds.ready, 0, ready]));
  await once(link, "ready");
  return { link, connections, events, socket };
}

function recorder(): SeatReceiver & {
  frames: Happenings<Uint8Array>;
  closes: Happenings<ErrorCode>;
  holds: Happenings<boolean>;
} {
  const [frames, closes, holds] = [
    new Happenings<Uint8Array>(),
    new Happenings<ErrorCode>(),
    new Happenings<boolean>(),
  ];
  return {
    frames,
    closes,
    holds,
    frame: (envelope) => frames.push(envelope.slice()),
    close: (code) => closes.push(code),
    hold: (held) => holds.push(held),
  };
}

/** Reads messages of these kinds as they come. */
function follow(socket: Socket, ...kinds: LinkKind[]): Happenings<LinkMessage> {
  const reader = new LinkReader();
  const messages = new Happenings<LinkMessage>();
  socket.on("data", (chunk) => {
    for (const message of reader.push(new Uint8Array(chunk))) {
      if ((kinds as number[]).includes(message.kind)) messages.push(message);
    }
  });
  return messages;
}

test.for([
  ["speaks something else", new TextEncoder().encode("220 mail.example ESMTP ready for you\r\n")],
  ["says what only gateways say", batch([linkKinds.attach, 1, nothing])],
  ["names a room that is none", batch([linkKinds.gone, 0, encodeControl({ room: "../../etc" })])],
  ["sends a listing without a room", batch([linkKinds.listing, 0, encodeControl({ contract: "x" })])],
] as const)("a worker that %s is let go and tried again", async ([, sent]) => {
  const { link, socket, events, connections } = await readied();
  const lost = once(link, "lost");
  socket.write(sent);
  expect(await lost).toEqual(["malformed"]);
  await events.until((event) => event.event === "worker-lost");
  (await connections.next()).write(batch([linkKinds.ready, 0, ready]));
  await once(link, "ready");
});

test("a worker that stops as it was told is no loss, and is not looked for", async () => {
  const { link, socket, events, connections } = await readied({ retryMs: 0, retryMaxMs: 0 });
  const seat = recorder();
  link.attach(room, seat);
  link.letGo();
  const lost = once(link, "lost");
  socket.end();
  await lost;
  expect(await seat.closes.next()).toBe("worker-lost");
  expect(await events.next()).toMatchObject({ event: "worker-ready" });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([events.count, connections.count]).toEqual([0, 0]);
});

test("a worker of another version is never ready", async () => {
  const { link, connections, events } = await linked();
  const other = encodeControl({
    version: protocolVersion + 1,
    platform: "none",
    world: "ab".repeat(32),
    contracts: [],
  });
  (await connections.next()).write(batch([linkKinds.ready, 0, other]));
  expect(await events.next()).toEqual({ event: "worker-incompatible", version: protocolVersion + 1 });
  expect(link.ready).toBeUndefined();
  expect(() => link.attach(room, recorder())).toThrow(expect.objectContaining({ code: "worker-lost" }));
});

test("a worker that answers no pings is lost, and every seat with it", async () => {
  const { link } = await readied({ pingMs: 1, silentPings: 3 });
  const seat = recorder();
  link.attach(room, seat);
  expect(await once(link, "lost")).toEqual(["silent"]);
  expect(await seat.closes.next()).toBe("worker-lost");
  expect(link.seats).toBe(0);
});

test("a worker that is slow but answers is kept", async () => {
  // More pings than may stay without an answer, were it not for the answers.
  const { link, socket } = await readied({ pingMs: 5, silentPings: 20, gatherMs: 0 });
  const pings = follow(socket, linkKinds.ping);
  for (let i = 0; i < 50; i++) {
    await pings.next();
    socket.write(batch([linkKinds.pong, 0, nothing]));
  }
  expect(link.ready).toBeDefined();
});

test("messages of one turn leave as one batch", async () => {
  const { link, socket } = await readied();
  const seat = link.attach(room, recorder());
  const chunk = once(socket, "data") as Promise<[Buffer]>;
  for (let i = 0; i < 10; i++) seat.send(Uint8Array.of(i));
  const [bytes] = await chunk;
  expect(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)).toBe(bytes.length - 4);
  expect(new LinkReader().push(new Uint8Array(bytes)).map(({ kind }) => kind)).toEqual([
    linkKinds.attach,
    ...Array.from({ length: 10 }, () => linkKinds.frame),
  ]);
});

test("what is said soon after a batch leaves together with what follows it", async () => {
  const { link, socket } = await readied({ gatherMs: 300 });
  const reader = new LinkReader();
  const first = once(socket, "data");
  const seat = link.attach(room, recorder());
  reader.push(new Uint8Array(((await first) as [Buffer])[0]));
  const second = once(socket, "data");
  for (let i = 0; i < 5; i++) {
    seat.send(Uint8Array.of(i));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(reader.push(new Uint8Array(((await second) as [Buffer])[0]))).toHaveLength(5);
});

test("a worker that stops reading holds every client, and releases them when it reads again", async () => {
  const { link, socket } = await readied();
  socket.pause();
  const receiver = recorder();
  const seat = link.attach(room, receiver);
  for (let i = 0; i < 200; i++) seat.send(new Uint8Array(60_000));
  expect(await receiver.holds.next()).toBe(true);
  expect(() => link.attach(room, recorder())).toThrow(expect.objectContaining({ code: "busy" }));
  await expect(link.create({ contract: "echo", options: {}, listed: true })).rejects.toMatchObject({ code: "busy" });
  socket.resume();
  expect(await receiver.holds.next()).toBe(false);
  link.attach(room, recorder());
});

test("a worker that never reads again is given up before memory is", async () => {
  const { link, socket } = await readied();
  socket.pause();
  const receiver = recorder();
  const seat = link.attach(room, receiver);
  const lost = once(link, "lost");
  const enough = (5 * linkBatchMax) / 60_000;
  for (let i = 0; i < enough; i++) seat.send(new Uint8Array(60_000));
  expect(await lost).toEqual(["full"]);
  expect(await receiver.closes.next()).toBe("worker-lost");
});

test("a seat that was closed says and hears nothing more, even when its number is used again", async () => {
  const { link, socket } = await readied();
  const messages = follow(socket, linkKinds.attach, linkKinds.frame, linkKinds.detach, linkKinds.buffered);
  const [first, second] = [recorder(), recorder()];
  const seat = link.attach(room, first);
  const { seat: number } = await messages.next();
  socket.write(batch([linkKinds.close, number, encodeRefused({ ref: 0, code: "left" })]));
  expect(await first.closes.next()).toBe("left");
  seat.send(Uint8Array.of(1));
  seat.report(5);
  seat.detach();
  const next = link.attach(room, second);
  expect((await messages.next()).kind).toBe(linkKinds.attach);
  next.send(Uint8Array.of(2));
  expect(await messages.next()).toMatchObject({ kind: linkKinds.frame, body: Uint8Array.of(2) });
  socket.write(batch([linkKinds.frame, number, Uint8Array.of(3)], [linkKinds.frame, 999, Uint8Array.of(4)]));
  socket.write(batch([linkKinds.gone, 0, encodeControl({ room })]));
  await once(link, "gone");
  expect(first.frames.count + second.frames.count).toBe(0);
});

test("a room is made, or refused with the worker's code", async () => {
  const { link, socket } = await readied();
  const requests = follow(socket, linkKinds.create);
  const wish = { contract: "echo", options: { pace: "slow" }, listed: true };

  const made = link.create(wish);
  const first = decodeCreate((await requests.next()).body);
  expect(first).toMatchObject(wish);
  socket.write(batch([linkKinds.created, 0, encodeControl({ ref: first.ref, room })]));
  expect(await made).toBe(room);

  const refused = link.create(wish);
  const { ref } = decodeCreate((await requests.next()).body);
  socket.write(batch([linkKinds.refused, 0, encodeRefused({ ref, code: "options-refused" })]));
  await expect(refused).rejects.toMatchObject({ code: "options-refused" });
});

test("a worker that does not answer is waited for only so long, and its late answer is ignored", async () => {
  const { link, socket } = await readied({ createMs: 1 });
  const requests = follow(socket, linkKinds.create);
  await expect(link.create({ contract: "echo", options: {}, listed: true })).rejects.toMatchObject({ code: "busy" });
  const { ref } = decodeCreate((await requests.next()).body);
  socket.write(
    batch([linkKinds.created, 0, encodeControl({ ref, room })], [linkKinds.gone, 0, encodeControl({ room })]),
  );
  await once(link, "gone");
});

test("a closed link does not come back", async () => {
  const { link, socket, connections } = await readied();
  const closed = once(socket, "close");
  link.close();
  await closed;
  expect(link.ready).toBeUndefined();
  expect(connections.count).toBe(0);
});

test("how busy a worker is, it says with each pong; one that says nothing has nothing to do", async () => {
  const { link, socket, connections } = await readied({ pingMs: 1 });
  expect(link.busy).toBe(0);
  for (const busy of [0.25, 1, 0]) {
    socket.write(batch([linkKinds.pong, 0, encodePulse({ busy })]));
    await once(link, "pulse");
    expect(link.busy).toBe(busy);
  }
  socket.write(batch([linkKinds.pong, 0, encodePulse({ busy: 1 })], [linkKinds.pong, 0, nothing]));
  await once(link, "pulse");
  expect(link.busy).toBe(0);
  socket.write(batch([linkKinds.pong, 0, encodePulse({ busy: 0.5 })]));
  await once(link, "pulse");
  socket.destroy();
  await once(link, "lost");
  (await connections.next()).write(batch([linkKinds.ready, 0, ready]));
  await once(link, "ready");
  expect(link.busy).toBe(0);
});

test("a pong that cannot be read ends the link", async () => {
  const { link, socket } = await readied({ pingMs: 1 });
  socket.write(batch([linkKinds.pong, 0, encodeControl({ busy: 2000 })]));
  expect(await once(link, "lost")).toEqual(["malformed"]);
});
