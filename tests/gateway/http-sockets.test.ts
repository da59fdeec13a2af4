/** WebSockets that a gateway opens, and what else comes to its port. */
import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { upgradeStatus } from "./asking.ts";
import { BareSocket, joinRelay, open, reserve } from "./harness.ts";

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
