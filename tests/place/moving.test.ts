/** Rooms change workers in the middle of a game: players go on where they were, on the socket they have, and nothing is lost. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hexToBytes } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import { worldId } from "#protocol/manifest.ts";
import { Operator, OperatorError } from "#cli/operator.ts";
import { startPlace, type Place } from "#cli/place.ts";
import { createRoom, developmentPolicy, guestAccount, info, join, memoryKeyStore, type Shield } from "#client/index.ts";
import type { dot4 } from "../../contracts/dot4/dot4.ts";
import { contractsFolder } from "../support/folders.ts";
import { abreast, playOut, playToWin, until } from "../adversary/play-out.ts";
import { world, type Dot4Room } from "../adversary/stage.ts";

type Line = Readonly<Record<string, unknown>>;

const password = "a password of the operator";

let folder: string;
let place: Place;
let operator: Operator;
const lines: Line[] = [];
const waiting: (() => void)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(joinPath(tmpdir(), "phatroom-moving-"));
  place = await startPlace({
    world,
    contracts: contractsFolder,
    directory: joinPath(folder, "platform"),
    workers: 2,
    output(text) {
      lines.push(JSON.parse(text) as Line);
      for (const wake of waiting.splice(0)) wake();
    },
    gateway: {
      port: 0,
      store: { kind: "sqlite", directory: joinPath(folder, "store") },
      operatorPassword: password,
      limits: { creationsPerMinute: 1000, joinsPerMinute: 1000 },
    },
  });
  operator = new Operator(place.url, password);
  await happened(({ msg }) => msg === "worker-ready", 2);
}, 60_000);

afterAll(async () => {
  await place.close();
  await rm(folder, { recursive: true, force: true });
});

/** The n-th line of the log that fits, once it is there. */
async function happened(fits: (line: Line) => boolean, n = 1): Promise<Line> {
  for (;;) {
    const found = lines.filter(fits)[n - 1];
    if (found !== undefined) return found;
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
}

async function sitDown(room: RoomId): Promise<Dot4Room> {
  const { ready } = await info(place.url);
  return join<typeof dot4>(place.url, {
    room,
    world: worldId(world),
    contract: hexToBytes(ready!.contracts[0]!.hash),
    policy: developmentPolicy,
    account: await guestAccount(memoryKeyStore()),
    timeouts: { pauseMax: 1000 },
  });
}

/** Two players in the middle of a game. */
async function game(): Promise<{ room: RoomId; players: [Dot4Room, Dot4Room] }> {
  const room = await createRoom(place.url, { contract: "dot4" });
  const players: [Dot4Room, Dot4Room] = [await sitDown(room), await sitDown(room)];
  await until(players[0], ({ view }) => view?.phase === "placing");
  await playOut(players, 3, 6);
  await abreast(players);
  return { room, players };
}

const others: Readonly<Record<string, string>> = { "worker-1": "worker-2", "worker-2": "worker-1" };

/** The worker that has a room, and the one that has not. */
async function whereabouts(room: RoomId): Promise<{ here: string; there: string }> {
  const here = await operator.whereIs(room);
  return { here: here!, there: others[here!]! };
}

/** Sockets that were ever opened. */
async function sockets(): Promise<number> {
  const metrics = await (await fetch(`${place.url}/metrics`)).text();
  return Number(/^phatroom_gateway_joins_total (\d+)$/m.exec(metrics)![1]);
}

/** Every player is with another worker than before, and plays. */
async function moved(players: readonly Dot4Room[], shields: readonly Shield[]): Promise<void> {
  for (const player of players) {
    await until(player, ({ status, shield }) => status.phase === "playing" && !shields.includes(shield));
  }
}

test("players follow a room that moves, on the sockets they have, and finish their game", async () => {
  const { room, players } = await game();
  const { there } = await whereabouts(room);
  const { board, turn, drops } = players[0].view!;
  const shields = players.map(({ shield }) => shield);
  await operator.move(room, there);
  await moved(players, shields);
  expect(await operator.whereIs(room)).toBe(there);
  expect(players[0].view).toMatchObject({ board, turn, drops });
  // Another worker proved itself: with its own key, and for the next opening of the same room.
  players.forEach(({ shield }, i) => {
    expect(shield.channelKey).not.toEqual(shields[i]!.channelKey);
    expect(shield.claims.term).toBe(shields[i]!.claims.term + 1);
  });
  expect(await sockets()).toBe(2);
  await playToWin(players, 7);
  expect(players[0].status.ended?.how).toBe("finished");
  for (const player of players) player.close();
});

test("a room may move back and forth while its players play", async () => {
  const { room, players } = await game();
  const { here, there } = await whereabouts(room);
  const over = playOut(players, 11);
  for (const worker of [there, here, there]) await operator.move(room, worker);
  await over;
  expect(players.map(({ status }) => status.ended?.how)).toEqual(["finished", "finished"]);
  expect(await operator.whereIs(room)).toBe(there);
  for (const player of players) player.close();
});

test("a worker that is drained has no rooms in the end, and gets none", async () => {
  const rooms = [await createRoom(place.url, { contract: "dot4" }), await createRoom(place.url, { contract: "dot4" })];
  for (const room of rooms) await operator.move(room, "worker-1");
  await operator.drain("worker-1", () => undefined);
  expect((await operator.workers())[0]).toMatchObject({ name: "worker-1", rooms: 0, draining: true });
  rooms.push(await createRoom(place.url, { contract: "dot4" }));
  for (const room of rooms) await expect.poll(() => operator.whereIs(room)).toBe("worker-2");
  await operator.undrain("worker-1");
  // Rooms are made where the least is done, which need not be where the fewest are.
  const next = async (): Promise<string | null> => operator.whereIs(await createRoom(place.url, { contract: "dot4" }));
  await expect.poll(next, { timeout: 60_000, interval: 500 }).toBe("worker-1");
});

test.for([
  ["a room that does not exist", "00".repeat(10), "worker-1", "room-not-found"],
  ["what is no room", "lobby", "worker-1", "malformed"],
  ["a worker that does not exist", "00".repeat(10), "worker-9", "malformed"],
] as const)("%s cannot be moved", async ([, room, worker, code]) => {
  await expect(operator.move(room, worker)).rejects.toMatchObject({ code });
});

test("nobody moves a room without the operator's password", async () => {
  const room = await createRoom(place.url, { contract: "dot4" });
  const { here, there } = await whereabouts(room);
  const stranger = new Operator(place.url, "another password");
  await expect(stranger.move(room, there)).rejects.toMatchObject({ code: "password" });
  expect(() => new Operator(place.url, undefined)).toThrow(OperatorError);
  expect(await operator.whereIs(room)).toBe(here);
});

test("rooms of a worker that is killed go on with the other one, which nobody had to ask for", async () => {
  const { room, players } = await game();
  const { here, there } = await whereabouts(room);
  const { board } = players[0].view!;
  const shields = players.map(({ shield }) => shield);
  const started = lines.filter(({ msg }) => msg === "worker-started").map(({ pid }) => pid as number);
  process.kill(started[here === "worker-1" ? 0 : 1]!, "SIGKILL");
  await moved(players, shields);
  expect(players[0].view).toMatchObject({ board });
  expect(await operator.whereIs(room)).toBe(there);
  await playToWin(players, 7);
  expect(players[0].status.ended?.how).toBe("finished");
});
