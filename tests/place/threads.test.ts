/** Rooms in several threads of one worker: a room that wastes its thread slows no other, and a thread that fails loses none. */
import { copyFile, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hexToBytes } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import { worldId } from "#protocol/manifest.ts";
import { buildContract } from "#cli/build-contract.ts";
import { Operator } from "#cli/operator.ts";
import { startPlace, type Place } from "#cli/place.ts";
import {
  createRoom,
  developmentPolicy,
  guestAccount,
  info,
  join,
  memoryKeyStore,
  type MoveOf,
  type Room,
  type ViewOf,
} from "#client/index.ts";
import { startGateway, type Gateway } from "#gateway/gateway.ts";
import { openLog } from "#gateway/log.ts";
import type { dot4 } from "../../contracts/dot4/dot4.ts";
import { abreast, playOut, playToWin, until } from "../adversary/play-out.ts";
import { world, type Dot4Room } from "../adversary/stage.ts";
import { contractsFolder } from "../support/folders.ts";
import type { hog } from "./rules/hog.ts";

type Line = Readonly<Record<string, unknown>>;

const password = "a password of the operator";
const limits = { creationsPerMinute: 1000, joinsPerMinute: 1000 };

let folder: string;
let contracts: string;
const lines: Line[] = [];
const waiting: (() => void)[] = [];

function output(text: string): void {
  lines.push(JSON.parse(text) as Line);
  for (const wake of waiting.splice(0)) wake();
}

/** The first line of the log from here on that fits, once it is there. */
async function happened(fits: (line: Line) => boolean, from = 0): Promise<Line> {
  for (;;) {
    const found = lines.slice(from).find(fits);
    if (found !== undefined) return found;
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
}

beforeAll(async () => {
  folder = await mkdtemp(joinPath(tmpdir(), "phatroom-threads-"));
  contracts = joinPath(folder, "contracts");
  await mkdir(contracts);
  await copyFile(joinPath(contractsFolder, "dot4.bundle.js"), joinPath(contracts, "dot4.bundle.js"));
  const { bundle } = await buildContract(fileURLToPath(new URL("rules/hog.ts", import.meta.url)), { sourceMap: false });
  await writeFile(joinPath(contracts, "hog.bundle.js"), bundle);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const hashOf = async (url: string, contract: string): Promise<Uint8Array> =>
  hexToBytes((await info(url)).ready!.contracts.find(({ name }) => name === contract)!.hash);

async function sitDown(url: string, room: RoomId): Promise<Dot4Room> {
  return join<typeof dot4>(url, {
    room,
    world: worldId(world),
    contract: await hashOf(url, "dot4"),
    policy: developmentPolicy,
    account: await guestAccount(memoryKeyStore()),
    timeouts: { pauseMax: 1000 },
  });
}

/** Two players in the middle of a game. */
async function game(url: string): Promise<{ room: RoomId; players: [Dot4Room, Dot4Room] }> {
  const room = await createRoom(url, { contract: "dot4" });
  const players: [Dot4Room, Dot4Room] = [await sitDown(url, room), await sitDown(url, room)];
  await until(players[0], ({ view }) => view?.phase === "placing");
  await playOut(players, 3, 6);
  await abreast(players);
  return { room, players };
}

async function finished(players: readonly Dot4Room[]): Promise<void> {
  await playToWin(players, 7);
  expect(players.map(({ status }) => status.ended?.how)).toEqual(["finished", "finished"]);
  for (const player of players) player.close();
}

/** All threads are there. */
async function threadsOf(operator: Operator): Promise<void> {
  const there = async (): Promise<number> => (await operator.workers()).filter(({ ready }) => ready).length;
  while ((await there()) < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  expect((await operator.workers()).map(({ name }) => name)).toEqual(["worker-1", "worker-1.2"]);
}

const others: Readonly<Record<string, string>> = { "worker-1": "worker-1.2", "worker-1.2": "worker-1" };

describe("a worker with two threads", () => {
  let place: Place;
  let operator: Operator;

  beforeAll(async () => {
    place = await startPlace({
      world,
      contracts,
      directory: joinPath(folder, "platform"),
      threads: 2,
      output,
      gateway: {
        port: 0,
        store: { kind: "sqlite", directory: joinPath(folder, "store") },
        operatorPassword: password,
        limits,
      },
    });
    operator = new Operator(place.url, password);
    await threadsOf(operator);
  }, 60_000);

  afterAll(() => place.close());

  test("lets nobody else connect to either", async () => {
    for (const path of [place.socket, `${place.socket}.2`]) expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test("plays a game to its end in one, while a room uses up the other, which gets no more rooms", async () => {
    const wasting = await createRoom(place.url, { contract: "hog" });
    const waster: Room<ViewOf<typeof hog>, MoveOf<typeof hog>> = await join<typeof hog>(place.url, {
      room: wasting,
      world: worldId(world),
      contract: await hashOf(place.url, "hog"),
      policy: developmentPolicy,
      account: await guestAccount(memoryKeyStore()),
    });
    const there = (await operator.whereIs(wasting))!;
    const busy = async (name: string): Promise<number> =>
      (await operator.workers()).find((worker) => worker.name === name)!.busy;
    await expect.poll(() => busy(there), { timeout: 20_000 }).toBeGreaterThan(0.5);
    const { room, players } = await game(place.url);
    expect(await operator.whereIs(room)).toBe(others[there]);
    const ticks = waster.view!.ticks;
    for (let i = 0; i < 3; i++) {
      const next = await createRoom(place.url, { contract: "dot4" });
      expect(await operator.whereIs(next)).toBe(others[there]);
    }
    await finished(players);
    await expect.poll(() => waster.view!.ticks).toBeGreaterThan(ticks);
    // Each thread has proven itself, with a key of its own on the same root.
    expect(players[0].shield.channelKey).not.toEqual(waster.shield.channelKey);
    expect(lines.filter(({ msg }) => msg === "contract-faulted")).toEqual([]);
    waster.close();
  });

  test("lets a room go from one to the other and back, as between workers", async () => {
    const { room, players } = await game(place.url);
    const here = (await operator.whereIs(room))!;
    const key = players[0].shield.channelKey;
    const over = playOut(players, 11);
    for (const thread of [others[here]!, here, others[here]!]) await operator.move(room, thread);
    await over;
    expect(await operator.whereIs(room)).toBe(others[here]);
    expect(players[0].shield.channelKey).not.toEqual(key);
    expect(players.map(({ status }) => status.ended?.how)).toEqual(["finished", "finished"]);
    for (const player of players) player.close();
  });

  test("empties a thread by its name", async () => {
    const room = await createRoom(place.url, { contract: "dot4" });
    await operator.move(room, "worker-1.2");
    await operator.drain("worker-1.2", () => undefined);
    await expect.poll(() => operator.whereIs(room)).toBe("worker-1");
    await operator.undrain("worker-1.2");
    expect((await operator.workers()).map(({ draining }) => draining)).toEqual([false, false]);
  });
});

describe("a thread that fails", () => {
  let gateway: Gateway;
  let operator: Operator;

  beforeAll(async () => {
    const path = joinPath(folder, "worker.sock");
    const config = joinPath(folder, "worker.json");
    const directory = joinPath(folder, "platform");
    await writeFile(
      config,
      JSON.stringify({ address: path, world, platform: "software", directory, contracts, threads: 2 }),
    );
    const worker = fileURLToPath(new URL("threads-worker.ts", import.meta.url));
    gateway = await startGateway({
      worker: { kind: "socket", path },
      workerName: "worker-1",
      workerCommand: { command: [process.execPath, worker, config], output },
      store: { kind: "sqlite", directory: joinPath(folder, "store-of-threads") },
      operatorPassword: password,
      limits,
      log: openLog("info", { write: output }),
    });
    await gateway.ready();
    operator = new Operator(gateway.url, password);
    await threadsOf(operator);
  }, 60_000);

  afterAll(() => gateway.close());

  const signals: Readonly<Record<string, NodeJS.Signals>> = { "worker-1": "SIGHUP", "worker-1.2": "SIGUSR2" };

  test.for(["worker-1", "worker-1.2"])("loses no room: %s", async (failing) => {
    const [{ room, players }, other] = [await game(gateway.url), await game(gateway.url)];
    await operator.move(room, failing);
    await operator.move(other.room, others[failing]!);
    const { board, drops } = players[0].view!;
    for (const each of [players, other.players]) await abreast(each);
    const key = (each: readonly Dot4Room[]): Uint8Array => each[0]!.shield.channelKey;
    const [before, othersBefore] = [key(players), key(other.players)];
    const from = lines.length;
    const { pid } = lines.findLast(({ msg }) => msg === "worker-started")!;
    process.kill(pid as number, signals[failing]);
    const thread = failing === "worker-1" ? 1 : 2;
    await happened((line) => line["msg"] === "thread-ended" && line["thread"] === thread, from);
    for (const player of players) {
      await until(player, ({ status, shield }) => status.phase === "playing" && shield.channelKey !== before);
    }
    expect(players[0].view).toMatchObject({ board, drops });
    await finished(players);
    // The other thread's players were not even interrupted, neither by its end nor by its coming back.
    await happened((line) => line["msg"] === "listening" && line["thread"] === thread, from);
    await threadsOf(operator);
    await playOut(other.players, 7, 4);
    expect(key(other.players)).toEqual(othersBefore);
    await finished(other.players);
    expect(key(other.players)).toEqual(othersBefore);
    expect(lines.slice(from).filter(({ msg }) => msg === "worker-exited" || msg === "worker-started")).toEqual([]);
  });
});
