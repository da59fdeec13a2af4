/** Envelopes through the gateway, with the real SDK on one side and a worker without an enclave on the other. */
import { once } from "node:events";
import { randomBytes } from "node:crypto";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test, vi } from "vitest";
import type { RoomId } from "#protocol/identity.ts";
import { clientEnvelopeMax, workerEnvelopeMax } from "#protocol/limits.ts";
import { behindBytes, farBehindBytes, framePayloadMax } from "#gateway/limits.ts";
import { RelayRoom } from "#gateway/relay-room.ts";
import { closeCodeOf, RelaySeat } from "#gateway/relay-seat.ts";
import { EchoWorker } from "./echo-worker.ts";
import { bareSocket, joinRelay, open, openGateway, post, scratch, stalledSocket } from "./harness.ts";

/** A link in whose middle one can stop reading what the gateway says. */
function passOn(from: string, to: string): Promise<Socket> {
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      const worker = connect(to);
      socket.on("data", (bytes) => void worker.write(bytes));
      worker.pipe(socket);
      onTestFinished(() => void worker.destroy());
      resolve(socket);
    });
    onTestFinished(() => void server.close());
    server.listen(from);
  });
}

const seatOf = async (worker: EchoWorker): Promise<number> => ((await once(worker, "attach")) as [number])[0];

test("an envelope arrives byte for byte, and so does what the worker says", async () => {
  const { gateway, worker } = await open();
  const player = await joinRelay(gateway, worker.open());
  for (const length of [0, 1, 2, 100, clientEnvelopeMax]) {
    const envelope = new Uint8Array(randomBytes(length));
    player.room.sendBytes("~", envelope);
    expect(await player.received.next()).toEqual(envelope);
  }
  const largest = new Uint8Array(randomBytes(workerEnvelopeMax));
  worker.send([...worker.seats.keys()][0]!, largest);
  expect(await player.received.next()).toEqual(largest);
});

test("envelopes keep their order, however many leave at once", async () => {
  const { gateway, worker } = await open();
  const player = await joinRelay(gateway, worker.open());
  for (let i = 0; i < 200; i++) player.send(i);
  for (let i = 0; i < 200; i++) expect(await player.received.next()).toEqual(Uint8Array.of(i));
});

test("Colyseus is handed messages of one byte, and no envelope", async () => {
  const room = RelayRoom.prototype as unknown as { _onMessage(client: unknown, data: Uint8Array): void };
  const reading = vi.spyOn(room, "_onMessage");
  onTestFinished(() => reading.mockRestore());
  const { gateway, worker } = await open();
  const player = await joinRelay(gateway, worker.open());
  for (let i = 0; i < 5; i++) {
    player.send(i);
    await player.received.next();
    await new Promise((answered) => player.room.ping(answered));
  }
  const handed = reading.mock.calls.map(([, data]) => data.join(" "));
  expect(handed).toEqual(["10", "18", "18", "18", "18", "18"]);
});

test("two clients of one room share a relay room and never see each other's envelopes", async () => {
  const { gateway, worker } = await open();
  const room = worker.open();
  const [one, two] = await Promise.all([joinRelay(gateway, room), joinRelay(gateway, room)]);
  expect(one.room.roomId).toBe(room);
  expect(two.room.roomId).toBe(room);
  one.send(1);
  two.send(2);
  expect(await one.received.next()).toEqual(Uint8Array.of(1));
  expect(await two.received.next()).toEqual(Uint8Array.of(2));
  expect(one.received.count + two.received.count).toBe(0);
  expect(new Set(worker.seats.values())).toEqual(new Set([room]));
  expect(worker.seats.size).toBe(2);
});

test("a client that has not spoken costs the worker nothing", async () => {
  const { gateway, worker } = await open();
  const [silent, speaking] = [await joinRelay(gateway, worker.open()), await joinRelay(gateway, worker.open())];
  speaking.send(1);
  await speaking.received.next();
  expect([...worker.seats.values()]).toEqual([speaking.room.roomId]);
  expect(silent.received.count).toBe(0);
});

test("a client that goes is detached, and another may come after it", async () => {
  const { gateway, worker } = await open();
  const room = worker.open();
  const first = await joinRelay(gateway, room);
  first.send(1);
  const seat = await seatOf(worker);
  const detached = once(worker, "detach");
  first.room.connection.close();
  expect(await detached).toEqual([seat]);
  const second = await joinRelay(gateway, room);
  second.send(2);
  expect(await second.received.next()).toEqual(Uint8Array.of(2));
});

test("the worker's reason reaches the client as the close code", async () => {
  const { gateway, worker } = await open();
  const player = await joinRelay(gateway, worker.open());
  player.send(1);
  worker.refuse(await seatOf(worker), "taken-over");
  expect(await player.ended).toBe("taken-over");
});

test("who comes while the worker reads too slowly is let in once it reads again", async () => {
  const folder = await scratch();
  const worker = await EchoWorker.start(join(folder, "worker.sock"));
  onTestFinished(() => worker.close());
  const between = passOn(join(folder, "between.sock"), join(folder, "worker.sock"));
  const { gateway } = await openGateway({ worker: { kind: "socket", path: join(folder, "between.sock") } });
  await gateway.ready();
  const holding = vi.spyOn(RelaySeat.prototype, "hold");
  onTestFinished(() => holding.mockRestore());
  const room = worker.open();
  const crowd = await Promise.all(Array.from({ length: 8 }, () => joinRelay(gateway, room)));
  const late = await joinRelay(gateway, room);
  for (const player of crowd) {
    player.send(0);
    await player.received.next();
  }
  const link = await between;
  link.pause();
  for (const player of crowd)
    for (let i = 0; i < 200; i++) player.room.sendBytes("~", new Uint8Array(clientEnvelopeMax));
  await vi.waitFor(() => expect(holding).toHaveBeenCalledWith(true), { timeout: 10_000 });
  // Its socket is answered, so the gateway has read what came before.
  late.send(7);
  await new Promise((answered) => late.room.ping(answered));
  link.resume();
  expect(await Promise.race([late.received.next(), late.ended])).toEqual(Uint8Array.of(7));
});

test("a room that changes workers keeps the socket of whoever was told so on a channel, and ends that of whoever was not", async () => {
  const { gateway, worker } = await open();
  const room = worker.open();
  const [talking, shaking] = [await joinRelay(gateway, room), await joinRelay(gateway, room)];
  const seats: number[] = [];
  for (const [player, said] of [
    [talking, 0x13],
    [shaking, 0x11],
  ] as const) {
    player.send(0x01);
    seats.push(await seatOf(worker));
    await player.received.next();
    worker.send(seats.at(-1)!, Uint8Array.of(said));
    await player.received.next();
  }
  for (const seat of seats) worker.refuse(seat, "room-moved");
  expect(await shaking.ended).toBe("room-moved");
  talking.send(0x03);
  talking.send(0x02);
  const seat = await seatOf(worker);
  expect(seats).not.toContain(seat);
  expect(await talking.received.next()).toEqual(Uint8Array.of(0x02));
});

test("a room that the worker does not have is refused by the worker", async () => {
  const { gateway } = await open();
  const player = await joinRelay(gateway, "0123456789abcdef0123" as RoomId);
  player.send(1);
  expect(await player.ended).toBe("room-not-found");
});

test("last words of the worker arrive before the close", async () => {
  const { gateway, worker } = await open();
  worker.echoes = false;
  const player = await joinRelay(gateway, worker.open());
  player.send(1);
  const seat = await seatOf(worker);
  worker.send(seat, Uint8Array.of(7));
  worker.refuse(seat, "room-ended");
  expect(await player.received.next()).toEqual(Uint8Array.of(7));
  expect(await player.ended).toBe("room-ended");
});

test("an envelope over the limit ends only its sender", async () => {
  const { gateway, worker } = await open();
  const room = worker.open();
  const [large, other] = [await joinRelay(gateway, room), await joinRelay(gateway, room)];
  large.room.sendBytes("~", new Uint8Array(clientEnvelopeMax + 1));
  expect(await large.ended).toBe("too-long");
  other.send(1);
  expect(await other.received.next()).toEqual(Uint8Array.of(1));
  expect(worker.seats.size).toBe(1);
});

test("a message far over the limit is not even received", async () => {
  const { gateway, worker } = await open();
  const player = await joinRelay(gateway, worker.open());
  player.room.sendBytes("~", new Uint8Array(framePayloadMax + 1));
  expect(await player.ended).toBe(1009);
});

test("too many messages end only their sender", async () => {
  const { gateway, worker } = await open({ limits: { messagesPerSecond: 5 } });
  const room = worker.open();
  const [fast, other] = [await joinRelay(gateway, room), await joinRelay(gateway, room)];
  for (let i = 0; i < 50; i++) fast.send(i);
  expect(await fast.ended).toBe("rate-limited");
  other.send(1);
  expect(await other.received.next()).toEqual(Uint8Array.of(1));
});

test("a client that joins and says nothing is asked to leave", async () => {
  const { gateway, worker } = await open({ limits: { firstEnvelopeMs: 20 } });
  const player = await joinRelay(gateway, worker.open());
  expect(await player.ended).toBe("handshake-timeout");
});

/** Sends large envelopes to a seat, one a turn, until something has happened. */
async function flood(worker: EchoWorker, seat: number, until: Promise<unknown>): Promise<void> {
  let done = false;
  void until.then(() => (done = true));
  while (!done) {
    worker.send(seat, new Uint8Array(60_000));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("a slow reader is reported to the worker, then dropped, and nobody else waits for it", async () => {
  const { gateway, worker, events } = await open({ limits: { bufferedMax: 1024 * 1024 } });
  const room = worker.open();
  const other = await joinRelay(gateway, room);
  const attached = seatOf(worker);
  await stalledSocket(gateway, room);
  const seat = await attached;
  const reports: number[] = [];
  worker.on("buffered", (of, bytes) => {
    if (of === seat) reports.push(bytes);
  });
  await flood(worker, seat, once(worker, "detach"));
  expect(reports).toEqual([behindBytes, farBehindBytes]);
  await events.until((event) => event.event === "closed" && event.code === "slow-reader");
  other.send(1);
  expect(await other.received.next()).toEqual(Uint8Array.of(1));
});

test("a client that catches up is reported too", async () => {
  const { gateway, worker } = await open({ limits: { bufferedMax: 64 * 1024 * 1024 } });
  const attached = seatOf(worker);
  const socket = await stalledSocket(gateway, worker.open());
  const seat = await attached;
  await flood(worker, seat, once(worker, "buffered"));
  const caughtUp = new Promise<void>((resolve) => {
    worker.on("buffered", (_, bytes) => {
      if (bytes === 0) resolve();
    });
  });
  socket.resume();
  await caughtUp;
});

const garbage: [what: string, message: string | Uint8Array<ArrayBuffer>][] = [
  ["text", "hello"],
  ["an empty message", new Uint8Array(0)],
  ["a typed message", Uint8Array.of(13, 0xa1, 0x61, 0x80)],
  ["a request", Uint8Array.of(21, 1, 0xa1, 0x61)],
  ["an input", Uint8Array.of(19, 0)],
  ["bytes of another type", Uint8Array.of(17, 0xa1, 0x62, 1, 2)],
  ["bytes whose type has no end", Uint8Array.of(17, 0xdb, 0xff, 0xff, 0xff, 0xff)],
  ["bytes with modifiers", Uint8Array.of(0xd1, 0xa1, 0x7e, 1)],
  ["a long acknowledgement", Uint8Array.of(10, 1)],
  ["an unknown code", Uint8Array.of(31)],
];

test.for(garbage)("%s is malformed, and ends only its sender", async ([, message]) => {
  const { gateway, worker } = await open();
  const room = worker.open();
  const [broken, other] = [await bareSocket(gateway, room), await joinRelay(gateway, room)];
  await broken.received.next();
  broken.raw.send(Uint8Array.of(10));
  broken.raw.send(message);
  expect(await broken.ended).toBe("malformed");
  other.send(1);
  expect(await other.received.next()).toEqual(Uint8Array.of(1));
});

test("any bytes at all end with a code or with silence, and the gateway goes on", async () => {
  const { gateway, worker } = await open();
  const room = worker.open();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 4 }), async (messages) => {
      const socket = await bareSocket(gateway, room);
      for (const message of messages) socket.raw.send(Uint8Array.from(message));
      socket.raw.close();
      await socket.ended;
    }),
    { numRuns: 40 },
  );
  const player = await joinRelay(gateway, room);
  player.send(1);
  expect(await player.received.next()).toEqual(Uint8Array.of(1));
});

test("an envelope before the join is acknowledged is refused: its answers would wait without an end", async () => {
  const { gateway, worker } = await open();
  const hasty = await bareSocket(gateway, worker.open());
  hasty.raw.send(Uint8Array.of(17, 0xa1, 0x7e, 1));
  expect(await hasty.ended).toBe("malformed");
  expect(worker.seats.size).toBe(0);
});

test("a client that closes before it acknowledges the join kills nothing", async () => {
  const { gateway, worker } = await open();
  const room = worker.open();
  for (let i = 0; i < 5; i++) {
    const socket = await bareSocket(gateway, room);
    socket.raw.close();
    await socket.ended;
  }
  const player = await joinRelay(gateway, room);
  player.send(1);
  expect(await player.received.next()).toEqual(Uint8Array.of(1));
});

test("Colyseus' ping is answered and never reaches the worker", async () => {
  const { gateway, worker } = await open();
  const player = await joinRelay(gateway, worker.open());
  await new Promise<number>((resolve) => player.room.ping(resolve));
  expect(worker.seats.size).toBe(0);
});

test("leaving by Colyseus' own message detaches the seat", async () => {
  const { gateway, worker } = await open();
  const player = await joinRelay(gateway, worker.open());
  player.send(1);
  await player.received.next();
  const detached = once(worker, "detach");
  await player.room.leave();
  await detached;
  expect(await player.ended).toBe(4000);
});

test("a dropped client cannot come back by Colyseus' reconnection, only by joining again", async () => {
  const { gateway, worker } = await open();
  const room = worker.open();
  const player = await joinRelay(gateway, room);
  player.send(1);
  await player.received.next();
  const token = player.room.reconnectionToken.split(":")[1];
  const response = await post(gateway, `/matchmake/reconnect/${room}`, { reconnectionToken: token });
  expect(response.status).toBe(404);
});

test("close codes of ours stay clear of Colyseus' and within what WebSockets allow", () => {
  expect(closeCodeOf("malformed")).toBe(4201);
  expect(closeCodeOf("unreachable")).toBeLessThan(5000);
});
