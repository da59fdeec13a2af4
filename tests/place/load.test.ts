/** A load on a real place: everybody who is counted as joined was, did what it does, and whoever was not is counted by why. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { developmentPolicy } from "#attestation/policy.ts";
import { ClientError } from "#client/errors.ts";
import { createRoom } from "#client/lobby.ts";
import { buildContract } from "#cli/build-contract.ts";
import { runLoad } from "#cli/load/load.ts";
import type { LoadPlan } from "#cli/load/plan.ts";
import { loadText } from "#cli/load/text.ts";
import { startPlace, type Place } from "#cli/place.ts";
import { QuestionError } from "#cli/verify-place.ts";
import { encodeManifest } from "#protocol/manifest.ts";
import { bundleOf } from "../support/bundles.ts";
import { world } from "../adversary/stage.ts";

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const push = file("tests/contracts/fixtures/push/push.ts");

let folder: string;
let place: Place | undefined;
let plan: LoadPlan;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "phatroom-load-"));
  const { bundle, manifest, suffix } = await buildContract(push);
  await writeFile(join(folder, `push${suffix}`), bundle);
  await writeFile(join(folder, `dot4${suffix}`), await bundleOf(file("contracts/dot4/dot4.ts")));
  await writeFile(join(folder, "skirmish.wasm"), await bundleOf(file("contracts/skirmish/assembly/skirmish.ts")));
  await writeFile(join(folder, "manifest.json"), encodeManifest(manifest));
  place = await startPlace({
    world,
    contracts: folder,
    directory: join(folder, "platform"),
    output: () => undefined,
    gateway: { port: 0, limits: { joinsPerMinute: 1000, creationsPerMinute: 1000, connectionsPerAddress: 8 } },
  });
  plan = {
    url: place.url,
    policy: developmentPolicy,
    contract: manifest.name,
    manifest: join(folder, "manifest.json"),
    players: 3,
    seconds: 1,
  };
}, 240_000);

afterAll(async () => {
  await place?.close();
  await rm(folder, { recursive: true, force: true });
});

const silent = (): void => undefined;

test("players of Skirmish run and fire, in one room, and what each pushes is used", { timeout: 60_000 }, async () => {
  const report = await runLoad({ ...plan, contract: "skirmish", manifest: undefined }, silent);
  expect(report).toMatchObject({ joined: 3, rooms: 1, lost: {}, refused: {}, did: "push", verified: true });
  expect(report.answers).toBeGreaterThan(3);
  expect(report.framesPerSecond).toBeGreaterThan(1);
  expect(report.bytesReceivedPerSecond).toBeGreaterThan(0);
  expect(report.bytesSentPerSecond).toBeGreaterThan(0);
  expect(loadText(report)).toContain("verified; a development machine");
});

test("players of Dot4 sit in pairs and make moves", { timeout: 60_000 }, async () => {
  const report = await runLoad({ ...plan, contract: "dot4", manifest: undefined, players: 4, seconds: 3 }, silent);
  expect(report).toMatchObject({ joined: 4, rooms: 2, lost: {}, refused: {}, did: "move", interrupted: false });
  expect(report.answers).toBeGreaterThan(0);
});

test("whom a full room does not let in is counted as that", { timeout: 60_000 }, async () => {
  const room = await createRoom(plan.url, { contract: "dot4" });
  const report = await runLoad({ ...plan, contract: "dot4", manifest: undefined, room }, silent);
  expect(report).toMatchObject({ joined: 2, refused: { "room-full": 1 } });
  expect(loadText(report)).toContain("1 did not get in");
});

test("whoever has had enough gets the report of what there was", { timeout: 60_000 }, async () => {
  const enough = new AbortController();
  const said: string[] = [];
  const report = await runLoad({ ...plan, seconds: 3600, signal: enough.signal }, (text) => {
    said.push(text);
    if (text.includes("measuring")) enough.abort();
  });
  expect(said).toContain("3 of 3 have joined; measuring for 3600 s");
  expect(report).toMatchObject({ joined: 3, interrupted: true });
  expect(loadText(report)).toContain("interrupted");
});

test("who is over a gateway's limits is counted as that, and the report says what to raise", async () => {
  const report = await runLoad({ ...plan, players: 12, perRoom: 5 }, silent);
  expect(report.joined).toBeLessThanOrEqual(8);
  expect(Object.values(report.refused).reduce((sum, one) => sum + one, 0)).toBe(12 - report.joined);
  expect(loadText(report)).toContain("PHATROOM_LIMITS=connectionsPerAddress=24");
}, 60_000);

test.for([
  ["no address", { url: "nowhere" }],
  ["an address of something else", { url: "ftp://127.0.0.1" }],
  ["a contract that nobody hosts", { contract: "chess" }],
  ["more players than a load has", { players: 10_001 }],
  ["no number of players", { players: Number.NaN }],
  ["rooms for nobody", { perRoom: 0 }],
  ["no end", { seconds: Number.POSITIVE_INFINITY }],
  ["a room that is none", { room: "here" }],
  ["a manifest that is not there", { manifest: "/nowhere/manifest.json" }],
  ["a manifest that is none", { manifest: push }],
  ["another contract's manifest", { contract: "dot4" }],
] satisfies [string, Partial<LoadPlan>][])("a load with %s is not begun", async ([, wrong]) => {
  await expect(runLoad({ ...plan, ...wrong }, silent)).rejects.toThrow(QuestionError);
});

test("where nobody answers, that is what is said", async () => {
  const load = runLoad({ ...plan, url: "http://127.0.0.1:1" }, silent);
  await expect(load).rejects.toThrow(ClientError);
  await expect(load).rejects.toMatchObject({ code: "unreachable" });
});
