/** A world's moderator keeps order from a machine of their own: the key is enough, the host can neither do it nor hear it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { ed25519 } from "@noble/curves/ed25519.js";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { keepOrder, type Order, type OrderGiven, type OrderKept } from "#cli/keep-order.ts";
import { askForReports, attestedAt, type Found } from "#cli/reports.ts";
import { startPlace, type Place } from "#cli/place.ts";
import { QuestionError } from "#cli/verify-place.ts";
import { quickMatch, developmentPolicy, guestAccount, info, join, memoryKeyStore, type RoomId } from "#client/index.ts";
import { openSqliteStore } from "#gateway/store/sqlite/sqlite-store.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import { worldId } from "#protocol/manifest.ts";
import { reportDoubts } from "#protocol/report-reader.ts";
import { headAfter, reportsChain, sealReport } from "#protocol/report.ts";
import { noHead } from "#protocol/store.ts";
import type { Value } from "#protocol/value.ts";
import { ModeratorDesk } from "#world/room/moderator-desk.ts";
import { contractsFolder } from "../support/folders.ts";

const secret = new Uint8Array(32).fill(11);
const moderator = bytesToHex(ed25519.getPublicKey(secret));
const world = { name: "a world in order", development: true, moderator };
const enter = { do: "enter", name: "Ada", race: "cyborg", coat: 0, light: 0 };

let folder: string;
let place: Place;
let room: RoomId;
let ada: Awaited<ReturnType<typeof join>>;
const told: Value[] = [];

/** Whoever runs a place puts a report there: sealed to the moderator's public key, about whom they like. */
async function makeUp(directory: string): Promise<void> {
  const store = await openSqliteStore({ directory });
  const [id, random] = [worldId(world), (): Uint8Array => crypto.getRandomValues(new Uint8Array(32))];
  const made = { room: "aa".repeat(10), contract: "phala-world", lineage: random(), report: { about: "ada" } };
  const sealing = { world: id, moderator: hexToBytes(moderator), ephemeral: random(), signer: random() };
  const record = sealReport(made, sealing);
  await store.append([{ chain: reportsChain(id), expected: noHead, head: headAfter(noHead, record), record }]);
  await store.close();
}

beforeAll(async () => {
  folder = await mkdtemp(joinPath(tmpdir(), "phatroom-order-"));
  const directory = joinPath(folder, "store");
  await makeUp(directory);
  place = await startPlace({
    world,
    contracts: contractsFolder,
    directory: joinPath(folder, "platform"),
    output: () => undefined,
    gateway: { port: 0, store: { kind: "sqlite", directory } },
  });
  room = await quickMatch(place.url, { contract: "phala-world" });
  const { ready } = await info(place.url);
  ada = await join(place.url, {
    room,
    world: hexToBytes(ready!.world),
    contract: hexToBytes(ready!.contracts.find(({ name }) => name === "phala-world")!.hash),
    policy: developmentPolicy,
    account: await guestAccount(memoryKeyStore()),
  });
  ada.on("message", (message) => told.push(message));
});

afterAll(async () => {
  ada?.close();
  await place?.close();
  await rm(folder, { recursive: true, force: true });
});

const give = (order: Order, more: Partial<OrderGiven> = {}): Promise<readonly OrderKept[]> =>
  keepOrder({
    url: place.url,
    policy: developmentPolicy,
    secret,
    contract: "phala-world",
    order,
    player: ada.player,
    ...more,
  });

test("whoever is banned is out and hears why; pardoned, they are let in again", async () => {
  expect(await ada.move(enter)).toEqual({ accepted: true });
  expect(await give("ban")).toEqual([{ room, refusal: null }]);
  expect(await ada.move(enter)).toEqual({ accepted: false, reason: "You are banned from this world's hub." });
  expect(told).toContainEqual({ out: "The moderator has banned you from this world's hub." });
  expect(await give("pardon", { room })).toEqual([{ room, refusal: null }]);
  expect(await ada.move(enter)).toEqual({ accepted: true });
});

test("what they report is believed by the key that the enclave names, and nothing else that lies there is", async () => {
  expect(await ada.move({ do: "report", about: ada.player })).toEqual({ accepted: true });
  const wanted = { world: undefined, contract: "phala-world", lineage: undefined };
  const attested = await attestedAt(place.url, developmentPolicy, wanted);
  const found = await vi.waitFor(async () => {
    const list: Found[] = [];
    for await (const one of askForReports(place.url, { secret, after: 0, ...attested })) list.push(one);
    expect(list).toHaveLength(2);
    return list;
  }, 20_000);
  expect(found.map(({ doubt }) => doubt)).toEqual(["report-forged", null]);
  expect(found[1]!.report).toMatchObject({ room, report: { by: ada.player, about: ada.player } });

  // The page's desk learns the key on its own line into the room.
  const { contract } = ada.shield.claims;
  const entrance = { place: place.url, room, world: worldId(world), contract, policy: developmentPolicy };
  const desk = await ModeratorDesk.open({ ...entrance, nameOf: () => undefined }, bytesToHex(secret));
  if (typeof desk === "string") throw new Error(desk);
  expect(desk.shown.value!.reports.map(({ about, other }) => [about, other])).toEqual([
    [ada.player, null],
    [null, reportDoubts["report-forged"]],
  ]);
  desk.close();
});

test("whoever is sent out is out for a while", async () => {
  expect(await give("kick")).toEqual([{ room, refusal: null }]);
  expect(await ada.move(enter)).toEqual({ accepted: false, reason: "You were sent out. Come back in ten minutes." });
});

test("another key keeps no order", async () => {
  const refusal = "Only the world's moderator can do that.";
  expect(await give("pardon", { secret: new Uint8Array(32).fill(12) })).toEqual([{ room, refusal }]);
});

test.for<[string, Partial<OrderGiven>]>([
  ["no player", { player: "Ada" }],
  ["rules that are not there", { contract: "chess" }],
  ["no room", { room: "here" }],
  ["no address", { url: "here" }],
])("an order about %s is a mistake", async ([, more]) => {
  await expect(give("ban", more)).rejects.toThrow(QuestionError);
});
