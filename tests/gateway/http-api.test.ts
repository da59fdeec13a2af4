/** What the gateway answers by HTTP, to the page and to whoever tries. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Client, MatchMakeError } from "@colyseus/sdk";
import { expect, onTestFinished, test } from "vitest";
import type { Listing } from "#protocol/control.ts";
import { isRoomId, type RoomId } from "#protocol/identity.ts";
import { protocolVersion } from "#protocol/limits.ts";
import type { Gateway } from "#gateway/gateway.ts";
import { listLengthMax } from "#gateway/limits.ts";
import { echo } from "./echo-worker.ts";
import { BareSocket, bareSocket, joinRelay, open, post, reserve } from "./harness.ts";

interface Refusal {
  readonly code: string;
  readonly sentence: string;
}

const bodyOf = async <T>(response: Response | Promise<Response>): Promise<T> => (await (await response).json()) as T;

async function expectRefusal(response: Response | Promise<Response>, status: number, code: string): Promise<void> {
  const answer = await response;
  const body = await bodyOf<Refusal>(answer);
  expect([answer.status, body.code]).toEqual([status, code]);
  expect(body.sentence.length).toBeGreaterThan(10);
}

const list = async (gateway: Gateway, query = ""): Promise<readonly Listing[]> =>
  (await bodyOf<{ rooms: Listing[] }>(fetch(`${gateway.url}/api/rooms${query}`))).rooms;

test("a room is made with its first choices, and is joined", async () => {
  const { gateway } = await open();
  const response = await post(gateway, "/api/rooms", { contract: "echo", listed: true });
  expect(response.status).toBe(201);
  const { room } = await bodyOf<{ room: RoomId }>(response);
  expect(isRoomId(room)).toBe(true);
  expect(await list(gateway)).toEqual([
    { room, contract: "echo", taken: 0, free: 2, phase: "open", options: { pace: "slow" }, listed: true },
  ]);
  const player = await joinRelay(gateway, room);
  player.send(1);
  expect(await player.received.next()).toEqual(Uint8Array.of(1));
});

test("a room that is not listed is in no list and found by no match", async () => {
  const { gateway } = await open();
  const { room } = await bodyOf<{ room: RoomId }>(post(gateway, "/api/rooms", { contract: "echo" }));
  expect(await list(gateway)).toEqual([]);
  expect(await bodyOf<{ room: RoomId }>(post(gateway, "/api/match", { contract: "echo" }))).not.toEqual({ room });
});

test("the list can be of one contract, and never exceeds its length", async () => {
  const { gateway, worker } = await open();
  for (let i = 0; i < listLengthMax + 5; i++) worker.open();
  const other = worker.open({ contract: "other" });
  await expect
    .poll(async () => (await list(gateway, "?contract=other")).map(({ room }) => room), { timeout: 20_000 })
    .toEqual([other]);
  expect(await list(gateway)).toHaveLength(listLengthMax);
  expect(await list(gateway, "?contract=none")).toEqual([]);
});

test("quick match fills the oldest open room before it makes another", async () => {
  const { gateway } = await open();
  const match = async (options?: object): Promise<RoomId> =>
    (await bodyOf<{ room: RoomId }>(post(gateway, "/api/match", { contract: "echo", options }))).room;
  const rooms = await Promise.all(Array.from({ length: 6 }, () => match()));
  const counts = new Map<RoomId, number>();
  for (const room of rooms) counts.set(room, (counts.get(room) ?? 0) + 1);
  // Six people at once, two seats a room: three full rooms, and nobody without a seat.
  expect([...counts.values()]).toEqual([2, 2, 2]);
  expect(counts.has(await match({ pace: "fast" }))).toBe(false);
});

test("info says what is there, and admits when nothing is", async () => {
  const { gateway, worker, events } = await open();
  const info = () => bodyOf<object>(fetch(`${gateway.url}/api/info`));
  expect(await info()).toEqual({
    protocol: protocolVersion,
    ready: { version: protocolVersion, platform: "none", world: "cd".repeat(32), contracts: [echo] },
  });
  await worker.close();
  await events.until(({ event }) => event === "worker-lost");
  expect(await info()).toEqual({ protocol: protocolVersion, ready: null });
});

const bodies: [what: string, path: string, body: unknown, status: number, code: string][] = [
  ["no JSON", "/api/rooms", "{", 400, "malformed"],
  ["a list", "/api/rooms", [], 400, "malformed"],
  ["a word", "/api/rooms", '"echo"', 400, "malformed"],
  ["null", "/api/rooms", "null", 400, "malformed"],
  ["no contract", "/api/rooms", {}, 400, "malformed"],
  ["a contract that is no text", "/api/rooms", { contract: { name: "echo" } }, 400, "malformed"],
  ["a name without an end", "/api/rooms", { contract: "e".repeat(65) }, 400, "malformed"],
  ["an unknown field", "/api/rooms", { contract: "echo", title: "come in" }, 400, "malformed"],
  ["a listed that is no boolean", "/api/rooms", { contract: "echo", listed: "yes" }, 400, "malformed"],
  ["an unknown contract", "/api/rooms", { contract: "chess" }, 404, "contract-unknown"],
  ["a contract named like a method", "/api/match", { contract: "constructor" }, 404, "contract-unknown"],
  ["an unknown option", "/api/rooms", { contract: "echo", options: { size: "9" } }, 400, "options-refused"],
  ["an unknown value", "/api/match", { contract: "echo", options: { pace: "no" } }, 400, "options-refused"],
  ["a value that is an object", "/api/rooms", { contract: "echo", options: { pace: {} } }, 400, "options-refused"],
  ["options that are text", "/api/rooms", { contract: "echo", options: "pace" }, 400, "options-refused"],
  ["a prototype among the fields", "/api/rooms", '{"contract":"echo","__proto__":{"listed":true}}', 400, "malformed"],
  [
    "a prototype among the options",
    "/api/rooms",
    '{"contract":"echo","options":{"__proto__":{"pace":"fast"}}}',
    400,
    "options-refused",
  ],
  [
    "a constructor among the options",
    "/api/match",
    '{"contract":"echo","options":{"constructor":{"prototype":{"x":1}}}}',
    400,
    "options-refused",
  ],
  [
    "more than anybody has to say",
    "/api/rooms",
    { contract: "echo", options: { pace: "x".repeat(5000) } },
    413,
    "too-long",
  ],
  ["a join without a room", "/matchmake/joinOrCreate/relay", {}, 400, "malformed"],
  ["a join to no room id", "/matchmake/joinOrCreate/relay", { room: "../etc" }, 400, "malformed"],
  ["a join with a token", "/matchmake/joinOrCreate/relay", { room: "0".repeat(20), token: "secret" }, 400, "malformed"],
  [
    "a join with a prototype",
    "/matchmake/joinOrCreate/relay",
    `{"room":"${"0".repeat(20)}","__proto__":{"ports":1}}`,
    400,
    "malformed",
  ],
  [
    "a join with ports of its own",
    "/matchmake/joinOrCreate/relay",
    { room: "0".repeat(20), ports: {} },
    400,
    "malformed",
  ],
  ["a join that is a list", "/matchmake/joinOrCreate/relay", ["0".repeat(20)], 400, "malformed"],
  ["a join that is no JSON", "/matchmake/joinOrCreate/relay", "room=1", 400, "malformed"],
];

test.for(bodies)("%s at %s is refused", async ([, path, body, status, code]) => {
  const { gateway } = await open();
  await expectRefusal(post(gateway, path, body), status, code);
  expect(({} as { pace?: unknown; listed?: unknown; x?: unknown; ports?: unknown }).pace).toBeUndefined();
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect((await post(gateway, "/api/rooms", { contract: "echo" })).status).toBe(201);
});

test("a body that is not declared as JSON is not read", async () => {
  const { gateway } = await open();
  const response = post(gateway, "/api/rooms", { contract: "echo" }, { "content-type": "text/plain" });
  await expectRefusal(response, 400, "malformed");
});

test.for([
  "/matchmake/create/relay",
  "/matchmake/join/relay",
  "/matchmake/joinById/00000000000000000001",
  "/matchmake/reconnect/00000000000000000001",
  "/matchmake/joinOrCreate/lobby",
  "/matchmake/joinOrCreate/__proto__",
  "/matchmake/constructor/relay",
  "/matchmake/joinOrCreate/relay/",
  "/api/nothing",
])("%s does not exist", async (path) => {
  const { gateway, worker } = await open();
  worker.open();
  expect((await post(gateway, path, { room: "00000000000000000001" })).status).toBe(404);
});

test("a query that is no text is refused", async () => {
  const { gateway } = await open();
  await expectRefusal(fetch(`${gateway.url}/api/rooms?contract=a&contract=b`), 400, "malformed");
});

// Origins

const foreign = { origin: "https://evil.example" };

test("a page of another origin can make, match, list and join nothing", async () => {
  const { gateway, worker } = await open();
  const room = worker.open();
  await expectRefusal(post(gateway, "/api/rooms", { contract: "echo" }, foreign), 403, "origin-refused");
  await expectRefusal(post(gateway, "/api/match", { contract: "echo" }, foreign), 403, "origin-refused");
  await expectRefusal(fetch(`${gateway.url}/api/rooms`, { headers: foreign }), 403, "origin-refused");
  await expectRefusal(post(gateway, "/matchmake/joinOrCreate/relay", { room }, foreign), 403, "origin-refused");
  const preflight = await fetch(`${gateway.url}/api/rooms`, { method: "OPTIONS", headers: foreign });
  expect(preflight.headers.get("access-control-allow-origin")).toBeNull();
  expect(await upgradeStatus(gateway, await reserve(gateway, room), foreign)).toBe(403);
});

test("a page of an allowed origin may, and only it is named", async () => {
  const { gateway } = await open({ origins: ["https://play.example"] });
  const headers = { origin: "https://play.example" };
  const response = await post(gateway, "/api/rooms", { contract: "echo" }, headers);
  expect(response.status).toBe(201);
  expect(response.headers.get("access-control-allow-origin")).toBe("https://play.example");
  expect(response.headers.get("access-control-allow-credentials")).toBeNull();
  expect(response.headers.get("vary")).toContain("Origin");
  const { room } = await bodyOf<{ room: RoomId }>(response);
  expect(await upgradeStatus(gateway, await reserve(gateway, room), headers)).toBe(101);
  await expectRefusal(post(gateway, "/api/rooms", { contract: "echo" }, foreign), 403, "origin-refused");
});

test("the gateway's own page may, whatever name this machine has", async () => {
  const { gateway } = await open();
  for (const host of ["localhost", "127.0.0.1", "[::1]"]) {
    const headers = { origin: `http://${host}:${gateway.port}` };
    expect((await post(gateway, "/api/rooms", { contract: "echo" }, headers)).status).toBe(201);
  }
  // A name that somebody else points here is nobody we know.
  const rebound = { origin: `http://evil.example:${gateway.port}`, host: `evil.example:${gateway.port}` };
  await expectRefusal(post(gateway, "/api/rooms", { contract: "echo" }, rebound), 403, "origin-refused");
});

test("any origin may where the operator says so", async () => {
  const { gateway } = await open({ origins: ["*"] });
  expect((await post(gateway, "/api/rooms", { contract: "echo" }, foreign)).status).toBe(201);
});

// Rates

test("joins are limited per address, and the SDK is told which limit it met", async () => {
  const { gateway, worker } = await open({ limits: { joinsPerMinute: 8 } });
  const room = worker.open();
  await joinRelay(gateway, room);
  await joinRelay(gateway, room);
  const refused = new Client(gateway.url).joinOrCreate("relay", { room });
  await expect(refused).rejects.toBeInstanceOf(MatchMakeError);
  await expect(refused).rejects.toMatchObject({ code: 429, message: "rate-limited" });
  const response = await post(gateway, "/matchmake/joinOrCreate/relay", { room });
  expect(response.headers.get("retry-after")).not.toBeNull();
});

test("making rooms is limited per address, matching into them is not", async () => {
  const { gateway } = await open({ limits: { creationsPerMinute: 4 } });
  expect((await post(gateway, "/api/match", { contract: "echo" })).status).toBe(200);
  await expectRefusal(post(gateway, "/api/rooms", { contract: "echo" }), 429, "rate-limited");
  expect((await post(gateway, "/api/match", { contract: "echo" })).status).toBe(200);
  await expectRefusal(post(gateway, "/api/match", { contract: "echo" }), 429, "rate-limited");
});

test("requests are limited per address", async () => {
  const { gateway } = await open({ limits: { requestsPerMinute: 8 } });
  await list(gateway);
  await list(gateway);
  await expectRefusal(fetch(`${gateway.url}/api/info`), 429, "rate-limited");
});

test("the header of a proxy is believed only if there is one", async () => {
  const direct = await open({ limits: { requestsPerMinute: 4 } });
  const ask = (gateway: Gateway, forwarded: string) =>
    fetch(`${gateway.url}/api/info`, { headers: { "x-forwarded-for": forwarded, "x-real-ip": forwarded } });
  expect((await ask(direct.gateway, "10.0.0.1")).status).toBe(200);
  await expectRefusal(ask(direct.gateway, "10.0.0.2"), 429, "rate-limited");
  await direct.gateway.close();

  const { gateway } = await open({ limits: { requestsPerMinute: 4 }, trustedProxies: 1 });
  expect((await ask(gateway, "10.0.0.1")).status).toBe(200);
  expect((await ask(gateway, "10.0.0.2")).status).toBe(200);
  // What the client itself wrote stands further left and changes nothing.
  await expectRefusal(ask(gateway, "10.9.9.9, 10.0.0.1"), 429, "rate-limited");
});

test("connections are limited per address and in all, and free again when they close", async () => {
  const { gateway, worker } = await open({ limits: { connectionsPerAddress: 2 } });
  const room = worker.open();
  const [first] = [await bareSocket(gateway, room), await bareSocket(gateway, room)];
  expect(await upgradeStatus(gateway, await reserve(gateway, room))).toBe(429);
  first.raw.close();
  await first.ended;
  await expect.poll(async () => upgradeStatus(gateway, await reserve(gateway, room)), { timeout: 20_000 }).toBe(101);
});

test("connections that ask for nothing are limited per address", async () => {
  const { gateway } = await open({ limits: { socketsPerAddress: 2 } });
  const idle = await Promise.all([1, 2].map(() => tcp(gateway)));
  const extra = await tcp(gateway);
  extra.resume();
  await once(extra, "close");
  for (const socket of idle) socket.destroy();
  await expect
    .poll(async () => (await fetch(`${gateway.url}/healthz`).catch(() => undefined))?.status, { timeout: 20_000 })
    .toBe(200);
});

async function tcp(gateway: Gateway): Promise<Socket> {
  const socket = connect(gateway.port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

test("a full gateway says so before anything is reserved", async () => {
  const { gateway, worker } = await open({ limits: { connections: 1 } });
  const room = worker.open();
  await joinRelay(gateway, room);
  await expectRefusal(post(gateway, "/matchmake/joinOrCreate/relay", { room }), 503, "busy");
});

// Sockets

/** The status with which an upgrade to a WebSocket is answered. */
async function upgradeStatus(
  gateway: Gateway,
  { pathname, search }: URL,
  headers: Record<string, string> = {},
): Promise<number> {
  const socket = connect(gateway.port, "127.0.0.1");
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(
    `GET ${pathname}${search} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${"A".repeat(22)}==\r\n${lines.join("")}\r\n`,
  );
  const [chunk] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(chunk.toString("latin1"))?.[1]);
}

test.for([
  ["no path", "/", 400],
  ["another path", "/socket", 400],
  ["a room that is no id", "/process/__proto__?sessionId=abcdefghi", 400],
  ["a seat that nobody reserved", "/process/00000000000000000001?sessionId=abcdefghi", 404],
  ["a session named like a prototype", "/process/00000000000000000001?sessionId=__proto__", 404],
  ["a token in the address", "/process/00000000000000000001?sessionId=abcdefghi&_authToken=secret", 400],
  ["a reconnection", "/process/00000000000000000001?sessionId=abcdefghi&reconnectionToken=abcdefghi", 400],
] as const)("a socket to %s is not opened", async ([, target, status]) => {
  const { gateway, worker } = await open();
  await joinRelay(gateway, worker.open());
  expect(await upgradeStatus(gateway, new URL(target, "ws://gateway"))).toBe(status);
});

test("a reserved seat is good for one socket", async () => {
  const { gateway, worker } = await open();
  const seat = await reserve(gateway, worker.open());
  const first = new BareSocket(seat);
  await once(first.raw, "open");
  expect(await upgradeStatus(gateway, seat)).toBe(404);
});

test.for([
  ["garbage", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
  ["a request line without an end", `GET /${"a".repeat(20_000)}`],
  ["two content lengths", "POST /api/rooms HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx"],
  ["an upgrade with a broken host", "GET / HTTP/1.1\r\nHost: [[[\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"],
  ["an upgrade to something else", "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"],
] as const)("%s on the port ends only that connection", async ([, sent]) => {
  const { gateway } = await open();
  const socket = connect(gateway.port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.resume();
  socket.write(Buffer.from(sent, "latin1"));
  await once(socket, "close");
  expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
});
