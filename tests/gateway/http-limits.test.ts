/** How much one address, and all of them together, may ask of a gateway. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Client, MatchMakeError } from "@colyseus/sdk";
import { expect, onTestFinished, test } from "vitest";
import type { Gateway } from "#gateway/gateway.ts";
import { expectRefusal, list, upgradeStatus } from "./asking.ts";
import { bareSocket, joinRelay, open, post, reserve } from "./harness.ts";

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

test("a gateway that is full says so once, not for every connection and every room", async () => {
  const { gateway, worker, events } = await open({ limits: { connections: 2, lobbyRooms: 2 } });
  const sockets = Array.from({ length: 8 }, () => connect(gateway.port, "127.0.0.1"));
  onTestFinished(() => sockets.forEach((socket) => socket.destroy()));
  for (const socket of sockets) socket.on("error", () => undefined).resume();
  await events.until(({ event }) => event === "connections-full");
  for (let room = 0; room < 6; room++) worker.open();
  await events.until(({ event }) => event === "lobby-full");
  // Whatever else there were to say would have been said by now.
  await new Promise((resolve) => setTimeout(resolve, 200));
  const more = [];
  while (events.count > 0) more.push((await events.next()).event);
  expect(more.filter((event) => event.endsWith("-full"))).toEqual([]);
});
