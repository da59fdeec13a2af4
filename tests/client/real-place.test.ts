/** The client against the real thing: Colyseus, gateway, worker, and evidence of the development platform. */
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join as pathOf } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import {
  createRoom,
  developmentPolicy,
  guestAccount,
  info,
  join,
  type JoinOptions,
  listRooms,
  memoryKeyStore,
  type Policy,
  quickMatch,
  type RoomId,
} from "#client/index.ts";
import { softwarePlatform } from "#enclave/platform/software.ts";
import { startWorker, type Worker } from "#enclave/worker.ts";
import { type Gateway, startGateway } from "#gateway/gateway.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { worldId } from "#protocol/manifest.ts";
import { inProcess } from "#testing/in-process.ts";
import { tally } from "../enclave/room/contracts.ts";

type Tally = typeof tally;

const world = { name: "a test", development: true };
const contract = inProcess(tally);
let directory: string;
let worker: Worker;
let gateway: Gateway;

beforeAll(async () => {
  directory = await mkdtemp(pathOf(tmpdir(), "phatroom-"));
  const address = { kind: "socket", path: pathOf(directory, "link") } as const;
  const platform = await softwarePlatform({ directory });
  worker = await startWorker({ address, world, platform, contracts: [contract], log: () => undefined });
  const limits = { creationsPerMinute: 6000, joinsPerMinute: 6000, requestsPerMinute: 60_000 };
  gateway = await startGateway({ worker: address, limits, log: () => undefined });
  await gateway.ready();
});

afterAll(async () => {
  await gateway.close();
  await worker.close();
  await rm(directory, { recursive: true });
});

async function options(room: RoomId, change: Partial<JoinOptions> = {}): Promise<JoinOptions> {
  const account = await guestAccount(memoryKeyStore());
  return { room, world: worldId(world), contract: contract.hash, policy: developmentPolicy, account, ...change };
}

/** Resolves once it is so. */
const until = (fits: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (fits()) resolve();
      else setTimeout(look, 5);
    };
    look();
  });

/** What stands between a player and the gateway, and can be cut. Returns its address and how to cut it. */
async function openPath(port: number): Promise<{ readonly url: string; cut(): void }> {
  const sockets = new Set<Socket>();
  const path = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => sockets.delete(one));
    }
  });
  await new Promise<void>((resolve) => path.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void path.close());
  return {
    url: `http://127.0.0.1:${(path.address() as AddressInfo).port}`,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

test("two players join a room by its id, and see each other's moves", async () => {
  const id = await createRoom(gateway.url, { contract: "tally" });
  const one = await join<Tally>(gateway.url, await options(id, { name: "Ada" }));
  const two = await join<Tally>(gateway.url, await options(id, { name: "Blaise" }));
  expect(await two.move({ add: 2 })).toEqual({ accepted: true });
  expect(await one.move({ add: -2 })).toEqual({ accepted: false, reason: "Only upwards." });
  await until(() => one.view?.total === 2);
  expect(one.roster.map(({ name }) => name)).toEqual(["Ada", "Blaise"]);
  await one.leave();
  expect(one.closed).toMatchObject({ code: "left", source: "room" });
  two.close();
});

test("the shield holds what the development platform's quote says, for the player to compare", async () => {
  const id = await createRoom(gateway.url, { contract: "tally" });
  const room = await join<Tally>(gateway.url, await options(id));
  const { shield } = room;
  expect(shield).toMatchObject({ accepted: true, development: true, origin: null });
  expect(shield.verified?.root.name).toMatch(/DEVELOPMENT ONLY/);
  expect(shield.checks.map(({ verdict }) => verdict)).toContain("warn");
  expect(shield.claims).toMatchObject({ room: id, contract: contract.hash, world: worldId(world) });
  room.close();
});

test.for<[string, Partial<Policy>]>([
  ["untrusted-root", { vendors: ["intel"], development: "refused" }],
  ["development-refused", { development: { fingerprints: ["00".repeat(32)] } }],
  ["tcb-status-refused", { tcb: { statuses: ["SWHardeningNeeded"], advisories: [], evaluationMin: 1 } }],
])("genuine evidence that the page's policy does not accept is refused as %s", async ([code, change]) => {
  const id = await createRoom(gateway.url, { contract: "tally" });
  const policy = { ...developmentPolicy, ...change };
  const joining = join(gateway.url, await options(id, { policy }));
  await expect(joining).rejects.toMatchObject({ name: "ClientError", code, shield: { accepted: false } });
});

test("another contract than the one the page was built for is refused", async () => {
  const id = await createRoom(gateway.url, { contract: "tally" });
  const joining = join(gateway.url, await options(id, { contract: new Uint8Array(32) }));
  await expect(joining).rejects.toMatchObject({ code: "wrong-contract" });
});

test("a line that is cut below the WebSocket is resumed through a new seat", async () => {
  const path = await openPath(gateway.port);
  const id = await createRoom(gateway.url, { contract: "tally" });
  const room = await join<Tally>(path.url, await options(id));
  const states: string[] = [];
  room.on("connection", (state) => states.push(state));
  const { shield } = room;
  path.cut();
  expect(await room.move({ add: 4 })).toEqual({ accepted: true });
  expect(states).toEqual(["reconnecting", "joined"]);
  expect(room.shield).toBe(shield);
  room.close();
});

test("the SDK below writes nothing to the console while a line is cut, refused and closed", async () => {
  const written = (["log", "info", "warn", "error"] as const).map((name) => vi.spyOn(console, name));
  const path = await openPath(gateway.port);
  const id = await createRoom(gateway.url, { contract: "tally" });
  const room = await join<Tally>(path.url, await options(id));
  path.cut();
  await room.move({ add: 1 });
  room.close();
  await join(gateway.url, await options("0".repeat(20) as RoomId)).catch(() => undefined);
  for (const spy of written) expect(spy).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});

test("a room that does not exist is refused by name", async () => {
  const joining = join(gateway.url, await options("0".repeat(20) as RoomId));
  await expect(joining).rejects.toMatchObject({ code: "room-not-found", source: "gateway" });
});

test("a place where nobody listens is unreachable", async () => {
  const joining = join("http://127.0.0.1:9", await options("0".repeat(20) as RoomId));
  await expect(joining).rejects.toMatchObject({ code: "unreachable", source: "gateway" });
});

test("a join that is given up while the gateway is asked leaves no seat behind", async () => {
  const id = await createRoom(gateway.url, { contract: "tally" });
  const giveUp = new AbortController();
  const joining = join(gateway.url, await options(id, { signal: giveUp.signal }));
  giveUp.abort(new Error("not today"));
  await expect(joining).rejects.toThrow("not today");
  const room = await join<Tally>(gateway.url, await options(id));
  expect(room.roster).toHaveLength(1);
  room.close();
});

test("the lobby lists rooms that want to be found, and quick match fills them", async () => {
  const { protocol, ready } = await info(gateway.url);
  expect(protocol).toBe(1);
  expect(ready).toMatchObject({ platform: "software", world: bytesToHex(worldId(world)) });
  expect(ready?.contracts[0]).toMatchObject({ name: "tally", hash: bytesToHex(contract.hash) });

  const hidden = await createRoom(gateway.url, { contract: "tally" });
  const one = await join<Tally>(gateway.url, await options(await quickMatch(gateway.url, { contract: "tally" })));
  let listed = await listRooms(gateway.url, "tally");
  await until(() => {
    void listRooms(gateway.url, "tally").then((rooms) => (listed = rooms));
    return listed.some(({ room, taken }) => room === one.room && taken === 1);
  });
  expect(listed.map(({ room }) => room)).not.toContain(hidden);
  expect(await quickMatch(gateway.url, { contract: "tally" })).toBe(one.room);
  one.close();
});

test.for<[string, () => Promise<unknown>]>([
  ["contract-unknown", () => createRoom(gateway.url, { contract: "chess" })],
  ["options-refused", () => createRoom(gateway.url, { contract: "tally", options: { size: "huge" } })],
  ["malformed", () => createRoom(gateway.url, { contract: "x".repeat(100) })],
])("a wish that the place cannot fulfil is refused as %s", async ([code, wish]) => {
  await expect(wish()).rejects.toMatchObject({ name: "ClientError", code, source: "gateway" });
});

test("a worker that dies is shown as reconnecting; one that has lost the room closes it", async () => {
  const address = { kind: "socket", path: pathOf(directory, "link") } as const;
  const id = await createRoom(gateway.url, { contract: "tally" });
  const room = await join<Tally>(gateway.url, await options(id));
  await worker.close();
  await until(() => room.connection === "reconnecting");
  const platform = await softwarePlatform({ directory });
  worker = await startWorker({ address, world, platform, contracts: [contract], log: () => undefined });
  await until(() => room.connection === "closed");
  expect(room.closed).toMatchObject({ code: "room-not-found" });
});
