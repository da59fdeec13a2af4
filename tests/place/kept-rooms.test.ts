/** Rooms that are kept outlast the process they live in: everything that was acknowledged is there, and players go on. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hexToBytes } from "#protocol/bytes.ts";
import { worldId } from "#protocol/manifest.ts";
import { startPlace, type Place } from "#cli/place.ts";
import {
  createRoom,
  developmentPolicy,
  guestAccount,
  info,
  join,
  memoryKeyStore,
  type Account,
} from "#client/index.ts";
import type { dot4 } from "../../contracts/dot4/dot4.ts";
import { contractsFolder } from "../support/folders.ts";
import { abreast, playOut, playToWin, until } from "../adversary/play-out.ts";
import { world, type Dot4Room } from "../adversary/stage.ts";

type Line = Readonly<Record<string, unknown>>;

let folder: string;
let place: Place;
let lines: Line[];
let waiting: (() => void)[];

const start = (): Promise<Place> =>
  startPlace({
    world,
    contracts: contractsFolder,
    directory: joinPath(folder, "platform"),
    output(text) {
      lines.push(JSON.parse(text) as Line);
      for (const wake of waiting.splice(0)) wake();
    },
    gateway: { port: 0, store: { kind: "sqlite", directory: joinPath(folder, "store") } },
  });

beforeEach(async () => {
  lines = [];
  waiting = [];
  folder = await mkdtemp(joinPath(tmpdir(), "phatroom-kept-"));
  place = await start();
});

afterEach(async () => {
  await place.close();
  await rm(folder, { recursive: true, force: true });
});

async function line(message: string, from = 0): Promise<Line> {
  for (;;) {
    const found = lines.slice(from).find(({ msg }) => msg === message);
    if (found !== undefined) return found;
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
}

async function sitDown(room: Awaited<ReturnType<typeof createRoom>>, account: Account): Promise<Dot4Room> {
  const { ready } = await info(place.url);
  return join<typeof dot4>(place.url, {
    room,
    world: worldId(world),
    contract: hexToBytes(ready!.contracts[0]!.hash),
    policy: developmentPolicy,
    account,
    timeouts: { pauseMax: 1000 },
  });
}

test("when the worker is killed in the middle of a game, both players reconnect by themselves and finish it", async () => {
  const room = await createRoom(place.url, { contract: "dot4" });
  const players = await Promise.all([1, 2].map(async () => sitDown(room, await guestAccount(memoryKeyStore()))));
  await until(players[0]!, ({ view }) => view?.phase === "placing");
  await playOut(players, 3, 10);
  await abreast(players);
  const { board, turn, drops } = players[0]!.view!;
  const pid = (await line("worker-started"))["pid"] as number;
  const rejoined = players.map(
    (player) =>
      new Promise<void>((resolve) => player.on("connection", (state) => (state === "joined" ? resolve() : undefined))),
  );
  process.kill(pid, "SIGKILL");
  await Promise.all(rejoined);
  await until(players[0]!, ({ status }) => status.phase === "playing");
  expect(players[0]!.view).toMatchObject({ board, turn, drops });
  await playToWin(players, 7);
  expect(players[0]!.status.ended?.how).toBe("finished");
});

test("a place that is stopped and started again has its rooms, for whoever comes back by the link", async () => {
  const room = await createRoom(place.url, { contract: "dot4" });
  const accounts = [await guestAccount(memoryKeyStore()), await guestAccount(memoryKeyStore())];
  const before = [await sitDown(room, accounts[0]!), await sitDown(room, accounts[1]!)];
  await until(before[0]!, ({ view }) => view?.phase === "placing");
  await playOut(before, 3, 6);
  await abreast(before);
  const { board } = before[0]!.view!;
  for (const player of before) player.close();
  await place.close();
  place = await start();
  const after = [await sitDown(room, accounts[0]!), await sitDown(room, accounts[1]!)];
  await until(after[0]!, ({ view }) => view !== null);
  expect(after[0]!.view).toMatchObject({ board });
  expect(after.map(({ seat }) => seat)).toEqual(before.map(({ seat }) => seat));
});
