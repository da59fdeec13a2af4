/**
 * A host with a copy of its store from before puts it back while the worker is down. Real gateway, worker, SQLite and
 * clients: players come back by themselves, and what they remember is all that stands against it.
 */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { worldId } from "#protocol/manifest.ts";
import { createRoom, developmentPolicy, guestAccount, join, memoryKeyStore } from "#client/index.ts";
import { folderWitnessStore } from "#client/node.ts";
import { loadContractFolder } from "#enclave/contract-folder.ts";
import { softwarePlatform } from "#enclave/platform/software.ts";
import { roomsLimits } from "#enclave/rooms.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { startWorker, type Worker, type WorkerEvent } from "#enclave/worker.ts";
import { startGateway, type Gateway } from "#gateway/gateway.ts";
import type { dot4 } from "../../contracts/dot4/dot4.ts";
import { abreast, playOut, playToWin, until } from "../adversary/play-out.ts";
import { world, type Dot4Room } from "../adversary/stage.ts";
import { contractsFolder } from "../support/folders.ts";

let folder: string;
let contracts: readonly LoadedContract[];
let gateway: Gateway | undefined;
let worker: Worker | undefined;
let events: WorkerEvent[];
let players: Dot4Room[];
let port = 0;

const path = (name: string): string => joinPath(folder, name);

async function startHost(frozenMs: number): Promise<void> {
  worker = await startWorker({
    address: { kind: "socket", path: path("worker.sock") },
    world,
    platform: await softwarePlatform({ directory: path("platform") }),
    contracts,
    limits: { ...roomsLimits, continuity: { frozenMs } },
    log: (event) => events.push(event),
  });
  await openGateway();
}

async function openGateway(): Promise<void> {
  gateway = await startGateway({
    worker: { kind: "socket", path: path("worker.sock") },
    store: { kind: "sqlite", directory: path("store") },
    port,
    log: () => undefined,
  });
  await gateway.ready();
  ({ port } = gateway);
}

async function stopHost(): Promise<void> {
  await gateway?.close();
  await worker?.close();
  gateway = undefined;
  worker = undefined;
}

const keepStore = (name: string): Promise<void> => cp(path("store"), path(name), { recursive: true });

async function putBack(name: string): Promise<void> {
  await rm(path("store"), { recursive: true, force: true });
  await cp(path(name), path("store"), { recursive: true });
}

/** Two players, who remember, in a game of which a copy of the store knows six moves and they ten or so. */
async function rolledBack(frozenMs: number) {
  await startHost(frozenMs);
  const room = await createRoom(gateway!.url, { contract: "dot4" });
  const sitDown = async (seed: number): Promise<Dot4Room> => {
    const player = await join<typeof dot4>(gateway!.url, {
      room,
      world: worldId(world),
      contract: contracts.find(({ manifest }) => manifest.name === "dot4")!.hash,
      policy: developmentPolicy,
      account: await guestAccount(memoryKeyStore(new Uint8Array(32).fill(seed))),
      witnesses: folderWitnessStore(path("witnesses")),
      timeouts: { pauseMax: 200 },
    });
    players.push(player);
    return player;
  };
  const both = await Promise.all([sitDown(1), sitDown(2)]);
  await until(both[0]!, ({ view }) => view?.phase === "placing");
  await playOut(both, 3, 6);
  await stopHost();
  await keepStore("older");
  await startHost(frozenMs);
  await until(both[0]!, ({ status, connection }) => status.phase === "playing" && connection === "joined");
  await playOut(both, 5, 4);
  // Either may be the one who has not seen the last move yet.
  await abreast(both);
  await stopHost();
  await keepStore("newest");
  await putBack("older");
  return { room, both, sitDown, seen: both[0]!.view! };
}

beforeEach(async () => {
  folder = await mkdtemp(joinPath(tmpdir(), "phatroom-rolled-back-"));
  contracts = await loadContractFolder(await contractEngine(), contractsFolder);
  events = [];
  players = [];
  port = 0;
});

afterEach(async () => {
  for (const player of players) player.close();
  await stopHost();
  // A page that is closed may still be writing its newest witness.
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
});

const isRolledBack = ({ status }: Dot4Room): boolean => status.phase === "frozen" && status.frozen === "rolled-back";

test(
  "the room freezes as soon as a player returns, says why, and closes without showing anything",
  { timeout: 120_000 },
  async () => {
    const { both, seen } = await rolledBack(1500);
    const shown: unknown[] = [];
    for (const player of both) player.on("view", (view) => shown.push(view));
    const told = both.map((player) => until(player, isRolledBack));
    const closed = both.map((player) => new Promise((resolve) => player.on("closed", resolve)));
    await startHost(1500);
    await Promise.all(told);
    for (const error of await Promise.all(closed)) expect(error).toMatchObject({ code: "rolled-back", source: "room" });
    expect(shown).toEqual([]);
    expect(both[0]!.view).toBe(seen);
    expect(events.map(({ event }) => event)).toContain("room-rolled-back");
  },
);

test(
  "the room thaws when the host puts the newest store back in time, and everything acknowledged is there",
  { timeout: 120_000 },
  async () => {
    const { both, seen } = await rolledBack(60_000);
    await startHost(60_000);
    await Promise.all(both.map((player) => until(player, isRolledBack)));
    // The worker stays; its room stays frozen while the gateway with the store is away.
    await gateway!.close();
    await putBack("newest");
    await openGateway();
    await Promise.all(both.map((player) => until(player, ({ status }) => status.phase === "playing")));
    expect(both[0]!.view).toMatchObject({ board: seen.board, drops: seen.drops, turn: seen.turn });
    expect(events.map(({ event }) => event)).toContain("room-thawed");
    await playToWin(both, 7);
    expect(both[0]!.status.ended?.how).toBe("finished");
  },
);

test("players who reload their pages remember, too", { timeout: 120_000 }, async () => {
  const { both, sitDown } = await rolledBack(60_000);
  for (const player of both) player.close();
  await startHost(60_000);
  const again = await Promise.all([sitDown(1), sitDown(2)]);
  await Promise.all(again.map((player) => until(player, isRolledBack)));
  expect(again.map(({ view }) => view)).toEqual([null, null]);
});
