/**
 * A contract asks a server outside, and its worker dies before there is an answer. Real gateway, worker, SQLite, client
 * and HTTPS server: whatever happens, a question reaches the server once at most, and whoever repeats the room asks nobody.
 */
import { mkdtemp, rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { worldId } from "#protocol/manifest.ts";
import { encodeLogFile } from "#audit/log-file.ts";
import { replay } from "#audit/replay.ts";
import { recordsFrom, revealedLog } from "#cli/audit/export-log.ts";
import {
  createRoom,
  developmentPolicy,
  guestAccount,
  join,
  memoryKeyStore,
  type MoveOf,
  type Room,
  type RoomId,
  type ViewOf,
} from "#client/index.ts";
import { softwarePlatform } from "#enclave/platform/software.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { startWorker, type Worker, type WorkerEvent } from "#enclave/worker.ts";
import { startGateway, type Gateway } from "#gateway/gateway.ts";
import { world } from "../adversary/stage.ts";
import { OutsideServer, root } from "../enclave/requests/server.ts";
import { bundleOf } from "../support/bundles.ts";
import type { asker } from "./rules/asker.ts";

type AskerRoom = Room<ViewOf<typeof asker>, MoveOf<typeof asker>>;

const url = "https://api.example.test/scores/best";

let folder: string;
let contract: LoadedContract;
let server: OutsideServer;
let gateway: Gateway | undefined;
let worker: Worker | undefined;
let player: AskerRoom | undefined;
let events: WorkerEvent[];
let port: number;
/** Bodies of everything that reached the server. */
let reached: string[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

const path = (name: string): string => joinPath(folder, name);

async function openWorker(): Promise<void> {
  worker = await startWorker({
    address: { kind: "socket", path: path("worker.sock") },
    world,
    platform: await softwarePlatform({ directory: path("platform") }),
    contracts: [contract],
    requests: { roots: [root], port: server.port },
    log: (event) => events.push(event),
  });
}

async function openHost({ requests }: { readonly requests?: boolean } = {}): Promise<void> {
  await openWorker();
  gateway = await startGateway({
    worker: { kind: "socket", path: path("worker.sock") },
    store: { kind: "sqlite", directory: path("store") },
    resolve: async () => "127.0.0.1",
    requests,
    port,
    log: () => undefined,
  });
  await gateway.ready();
  ({ port } = gateway);
}

async function sitDown(id?: RoomId): Promise<AskerRoom> {
  const room = id ?? (await createRoom(gateway!.url, { contract: "asker" }));
  player = await join<typeof asker>(gateway!.url, {
    room,
    world: worldId(world),
    contract: contract.hash,
    policy: developmentPolicy,
    account: await guestAccount(memoryKeyStore()),
  });
  return player;
}

function heard(room: AskerRoom, count: number): Promise<readonly (readonly [string, string])[]> {
  return new Promise((resolve) => {
    const look = (): void => {
      const answers = room.view?.answers ?? [];
      if (answers.length >= count) resolve(answers);
    };
    room.on("view", look);
    look();
  });
}

beforeEach(async () => {
  folder = await mkdtemp(joinPath(tmpdir(), "phatroom-asking-"));
  const entry = fileURLToPath(new URL("rules/asker.ts", import.meta.url));
  contract = await (await contractEngine()).load(await bundleOf(entry));
  [events, port, reached] = [[], 0, []];
  answer = (_request, response) => void response.end("forty");
  server = await OutsideServer.start((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      reached.push(body);
      answer(request, response);
    });
  });
});

afterEach(async () => {
  player?.close();
  await gateway?.close();
  await worker?.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

test("the answer is part of the game, and of its log, from which the game is repeated without a word to anybody", async () => {
  await openHost();
  const id = await createRoom(gateway!.url, { contract: "asker" });
  const room = await sitDown(id);
  const revealed = new Promise<Uint8Array>((resolve) => room.on("revealed", ({ head }) => resolve(head)));
  await room.move({ ask: "a", url });
  expect(await heard(room, 1)).toEqual([["a", "200 forty"]]);
  await room.move({ ask: "b", url: "https://api.example.test/secrets/best" });
  expect(await heard(room, 2)).toContainEqual(["b", "not-allowed"]);
  await room.move({ end: true });
  const head = await revealed;
  const log = encodeLogFile(revealedLog(await recordsFrom(gateway!.url, id)));
  const report = replay(log, contract, { head });
  expect(report.differences).toEqual([]);
  expect(report).toMatchObject({ accepted: true, ended: { how: "finished", result: { heard: 2 } } });
  expect(reached).toEqual(['{"secret":"a"}']);
  expect(events.filter(({ event }) => event === "bug")).toEqual([]);
});

test("a worker that stops before the answer comes tells its room so, and asks nobody again", async () => {
  await openHost();
  const room = await sitDown();
  const asked = new Promise<void>((resolve) => {
    answer = () => resolve();
  });
  await room.move({ ask: "a", url });
  await asked;
  answer = (_request, response) => void response.end("late");
  await worker!.close();
  await openWorker();
  expect(await heard(room, 1)).toEqual([["a", "interrupted"]]);
  await room.move({ ask: "a", url });
  expect(await heard(room, 2)).toEqual([
    ["a", "interrupted"],
    ["a", "200 late"],
  ]);
  expect(reached).toHaveLength(2);
});

test("a gateway that carries nothing lets no question out", async () => {
  await openHost({ requests: false });
  const room = await sitDown();
  await room.move({ ask: "a", url });
  expect(await heard(room, 1)).toEqual([["a", "unreachable"]]);
  expect(reached).toEqual([]);
});
