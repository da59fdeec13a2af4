/** A load on a real place: everybody who is counted as joined was, and whoever was not is counted by why. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { developmentPolicy } from "#attestation/policy.ts";
import { buildContract } from "#cli/build-contract.ts";
import { runLoad, type LoadPlan } from "#cli/load/load.ts";
import { loadText } from "#cli/load/text.ts";
import { startPlace, type Place } from "#cli/place.ts";
import { QuestionError } from "#cli/verify-place.ts";
import { encodeManifest } from "#protocol/manifest.ts";
import { world } from "../adversary/stage.ts";

const entry = fileURLToPath(new URL("../contracts/fixtures/push/push.ts", import.meta.url));

let folder: string;
let place: Place | undefined;
let plan: LoadPlan;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "phatroom-load-"));
  const { bundle, suffix, manifest } = await buildContract(entry);
  await writeFile(join(folder, `${manifest.name}${suffix}`), bundle);
  await writeFile(join(folder, "manifest.json"), encodeManifest(manifest));
  place = await startPlace({
    world,
    contracts: folder,
    directory: join(folder, "platform"),
    output: () => undefined,
    gateway: { port: 0, limits: { joinsPerMinute: 1000, creationsPerMinute: 1000, connectionsPerAddress: 3 } },
  });
  plan = {
    url: place.url,
    policy: developmentPolicy,
    contract: manifest.name,
    manifest: join(folder, "manifest.json"),
    players: 5,
    perRoom: 2,
    seconds: 1,
  };
}, 60_000);

afterAll(async () => {
  await place?.close();
  await rm(folder, { recursive: true, force: true });
});

const silent = (): void => undefined;

test("players join, push and are answered; who did not get in is counted with the reason", async () => {
  const report = await runLoad(plan, silent);
  expect(report).toMatchObject({ joined: 3, rooms: 3, lost: {}, pushed: true });
  expect(Object.values(report.refused)).toEqual([2]);
  expect(report.answers).toBeGreaterThan(0);
  expect(report.bytesReceivedPerSecond).toBeGreaterThan(0);
  expect(report.bytesSentPerSecond).toBeGreaterThan(0);
  expect(loadText(report)).toContain("3 of 5 players joined");
  expect(loadText(report)).toContain("2 did not get in");
}, 60_000);

test.for([
  ["no address", { url: "nowhere" }],
  ["a contract that nobody hosts", { contract: "chess" }],
  ["more players than a load has", { players: 10_001 }],
  ["no number of players", { players: Number.NaN }],
  ["no end", { seconds: Number.POSITIVE_INFINITY }],
  ["a room that is none", { room: "here" }],
  ["a manifest that is not there", { manifest: "/nowhere/manifest.json" }],
  ["a manifest that is none", { manifest: entry }],
] satisfies [string, Partial<LoadPlan>][])("a load with %s is not begun", async ([, wrong]) => {
  await expect(runLoad({ ...plan, ...wrong }, silent)).rejects.toThrow(QuestionError);
});
