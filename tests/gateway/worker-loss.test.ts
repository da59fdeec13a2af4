/** The worker goes away and comes back: everybody is told, nobody is stuck, nothing is left over. */
import { once } from "node:events";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Listing } from "#protocol/control.ts";
import type { RoomId } from "#protocol/identity.ts";
import { parseLinkAddress } from "#protocol/link-address.ts";
import type { Gateway } from "#gateway/gateway.ts";
import type { GatewayEvent } from "#gateway/log.ts";
import { EchoWorker } from "./echo-worker.ts";
import { joinRelay, open, openGateway, post, scratch, Happenings } from "./harness.ts";

const listed = async (gateway: Gateway): Promise<readonly Listing[]> =>
  ((await (await fetch(`${gateway.url}/api/rooms`)).json()) as { rooms: Listing[] }).rooms;

const statusOf = async (gateway: Gateway, path: string): Promise<number> => (await fetch(gateway.url + path)).status;

const seen = (events: Happenings<GatewayEvent>, name: GatewayEvent["event"]) =>
  events.until(({ event }) => event === name);

test("everybody is told, and joins again once a worker is back", async () => {
  const { gateway, worker, events } = await open();
  const room = worker.open();
  const players = await Promise.all([
    joinRelay(gateway, room),
    joinRelay(gateway, room),
    joinRelay(gateway, worker.open()),
  ]);
  for (const player of players) {
    player.send(1);
    await player.received.next();
  }
  await worker.close();
  for (const player of players) expect(await player.ended).toBe("worker-lost");
  await seen(events, "worker-lost");

  expect(await statusOf(gateway, "/healthz")).toBe(200);
  expect(await statusOf(gateway, "/readyz")).toBe(503);
  expect(await listed(gateway)).toEqual([]);
  for (const [path, body] of [
    ["/matchmake/joinOrCreate/relay", { room }],
    ["/api/rooms", { contract: "echo" }],
    ["/api/match", { contract: "echo" }],
  ] as const) {
    const refused = await post(gateway, path, body);
    expect([path, refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
      path,
      503,
      "worker-lost",
    ]);
  }

  const next = await EchoWorker.start(worker.address);
  onTestFinished(() => next.close());
  await gateway.ready();
  expect(await statusOf(gateway, "/readyz")).toBe(200);
  const player = await joinRelay(gateway, next.open());
  player.send(2);
  expect(await player.received.next()).toEqual(Uint8Array.of(2));
});

test("a client that joined before the loss and speaks after it is told then", async () => {
  const { gateway, worker, events } = await open();
  const player = await joinRelay(gateway, worker.open());
  await worker.close();
  await seen(events, "worker-lost");
  player.send(1);
  expect(await player.ended).toBe("worker-lost");
});

test("rooms that were being made are refused when the worker goes", async () => {
  const { gateway, worker } = await open();
  worker.creates = false;
  const asked = new Happenings<void>();
  worker.on("create", () => asked.push());
  const waiting = ["/api/rooms", "/api/match"].map((path) => post(gateway, path, { contract: "echo" }));
  await asked.next();
  await asked.next();
  await worker.close();
  for (const response of await Promise.all(waiting)) {
    expect(((await response.json()) as { code: string }).code).toBe("worker-lost");
  }
});

const metric = async (gateway: Gateway, name: string): Promise<number> => {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (.*)$`, "m").exec(text)?.[1]);
};

test("a worker that is killed is started again, and players find it", async () => {
  const address = join(await scratch(), "worker.sock");
  const script = new URL("echo-worker.ts", import.meta.url).pathname;
  const { gateway, events } = await openGateway({
    worker: parseLinkAddress(address)!,
    workerCommand: { command: [process.execPath, script, address] },
  });
  const started = await events.until((event) => event.event === "worker-started");
  await gateway.ready();
  const room = "0000000000000000000000000000000000000001".slice(-20) as RoomId;
  const player = await joinRelay(gateway, room);
  player.send(1);
  expect(await player.received.next()).toEqual(Uint8Array.of(1));

  const { pid } = started as Extract<GatewayEvent, { event: "worker-started" }>;
  process.kill(pid, "SIGKILL");
  expect(await player.ended).toBe("worker-lost");
  expect(await seen(events, "worker-exited")).toMatchObject({ signal: "SIGKILL" });
  await seen(events, "worker-started");
  await gateway.ready();
  const again = await joinRelay(gateway, room);
  again.send(2);
  expect(await again.received.next()).toEqual(Uint8Array.of(2));
  expect(await metric(gateway, "phatroom_gateway_worker_restarts_total")).toBe(1);
});

test("a worker is stopped with its gateway", async () => {
  const address = join(await scratch(), "worker.sock");
  const script = new URL("echo-worker.ts", import.meta.url).pathname;
  const { gateway, events } = await openGateway({
    worker: parseLinkAddress(address)!,
    workerCommand: { command: [process.execPath, script, address] },
  });
  const { pid } = (await seen(events, "worker-started")) as Extract<GatewayEvent, { event: "worker-started" }>;
  await gateway.ready();
  await gateway.close();
  expect(() => process.kill(pid, 0)).toThrow(expect.objectContaining({ code: "ESRCH" }));
});

test("a command that cannot be run is reported, not fatal", async () => {
  const { events, gateway } = await openGateway({
    worker: parseLinkAddress(join(await scratch(), "worker.sock"))!,
    workerCommand: { command: ["/nonexistent/worker"] },
  });
  expect(await seen(events, "worker-unstartable")).toMatchObject({ reason: "ENOENT" });
  expect(await statusOf(gateway, "/healthz")).toBe(200);
});

test("a worker whose standard input closes knows that its gateway is gone", async () => {
  const { spawn } = await import("node:child_process");
  const address = join(await scratch(), "worker.sock");
  const child = spawn(process.execPath, [new URL("echo-worker.ts", import.meta.url).pathname, address], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  const exited = once(child, "exit");
  child.stdin.end();
  expect(await exited).toEqual([0, null]);
});
