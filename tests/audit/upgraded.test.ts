/** Rooms that were upgraded on their way are repeated across the change, and a log does not change rules by itself. */
import { beforeEach, expect, test } from "vitest";
import { encodeLogFile, type RoomLogFile } from "#audit/log-file.ts";
import { zstd } from "#cli/audit/zstd.ts";
import { openingsOf } from "#cli/audit/development-log.ts";
import { replay } from "#audit/replay.ts";
import type { ReplayOptions, Report } from "#audit/report.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { deriveRoomKeys } from "#enclave/vault/keys.ts";
import type { Lineage } from "#enclave/vault/lineages.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import { encodeManifest, lineageId } from "#protocol/manifest.ts";
import { encodeUpgrade, signUpgrade } from "#protocol/upgrade.ts";
import { inProcess } from "#testing/in-process.ts";
import { Disk, MemoryStore } from "../support/memory-store.ts";
import { tally, type Tally } from "../enclave/room/contracts.ts";
import { TestWorker, type TestRules } from "../enclave/moving/workers.ts";
import { fill } from "../enclave/vault/vault-cases.ts";

/** Told apart by what they declare: these have no bundles. */
const first = inProcess({ ...tally, fuel: 1_000_001 });
const second = inProcess({
  ...tally,
  fuel: 1_000_002,
  migrate(saved) {
    const { total, seen, abandoned } = saved as unknown as Tally;
    return { total: total * 100, seen, abandoned };
  },
});
const unable = inProcess({
  ...tally,
  fuel: 1_000_003,
  migrate(): Tally {
    throw new Error("this cannot be read");
  },
});

const world = fill(1);
const secret = fill(31);
const noticeMs = 1000;
const { key } = signUpgrade({ lineage: fill(0), from: fill(0), to: fill(0), number: 1, noticeMs }, secret);
const terms = { upgradeKeys: [key], threshold: 1, noticeMs };
const lineage: Lineage = {
  contract: first.hash,
  lineage: lineageId(world, first.hash, terms),
  key: fill(3),
  terms,
};
const ownOf = ({ hash }: LoadedContract, byte: number): Lineage => ({
  contract: hash,
  lineage: fill(byte),
  key: fill(byte),
});
const rules: TestRules = {
  contracts: [first],
  earlier: [second, unable],
  lineages: [lineage, ownOf(second, 40), ownOf(unable, 41)],
};

let disk: Disk;
let worker: TestWorker;
let room: RoomId;

beforeEach(async () => {
  disk = new Disk();
  worker = new TestWorker(disk, 1, rules);
  room = await worker.game();
  await worker.move(room, 1, { add: 3 });
});

/** The notice runs, and the room goes on by these rules if they can. */
async function upgradeTo(next: LoadedContract): Promise<void> {
  const statement = { lineage: lineage.lineage, from: first.hash, to: next.hash, number: 1, noticeMs };
  const upgrade = encodeUpgrade({ ...statement, signatures: [signUpgrade(statement, secret)] });
  await worker.moving.answer({ ask: "upgrade", room, upgrade });
  for (let i = 0; i < 3; i++) await worker.step(room, noticeMs);
  await worker.moving.renew(worker.rooms.find(room)!);
  worker.vault.flush();
  await worker.enter(room);
  await worker.move(room, 2, { add: 1 });
}

/** With keys, as of a development platform. */
async function logOf(): Promise<RoomLogFile> {
  const [chain] = disk.chains.keys();
  const records = (await new MemoryStore(disk).records(chain!, 0, 2 ** 24)).map(({ record }) => record);
  return {
    place: { world, lineage: lineage.lineage, room },
    contract: first.hash,
    manifest: encodeManifest(first.manifest),
    keys: openingsOf(records, deriveRoomKeys(lineage.key, room).room),
    records,
  };
}

const replayed = async (options: ReplayOptions): Promise<Report> =>
  replay(encodeLogFile(await logOf()), first, { decompress: zstd, ...options });

test("a room is repeated by the rules it began with, and from the upgrade on by those that took over", async () => {
  await upgradeTo(second);
  let total: unknown;
  const look: NonNullable<ReplayOptions["look"]> = ({ course }) => {
    total = (course.views.of(0)!.value as unknown as Tally).total;
  };
  const report = await replayed({ later: [unable, second], terms, look });
  expect(report).toMatchObject({ accepted: true, differences: [], openings: 2, moves: 2, upgraders: "as-said" });
  expect(report.upgrades).toEqual([
    { index: expect.any(Number) as number, contract: bytesToHex(second.hash), keys: [bytesToHex(key)] },
  ]);
  expect(total).toBe(301);
  expect(await replayed({ later: [second] })).toMatchObject({ accepted: true, upgraders: "nothing-said" });
});

test("rules that could not take over are not asked again", async () => {
  await upgradeTo(unable);
  const report = await replayed({ later: [unable], terms });
  expect(report).toMatchObject({ accepted: true, openings: 2, upgrades: [] });
});

test.for<[string, string, () => ReplayOptions]>([
  ["without the rules that it went on by", "rules-missing", () => ({})],
  [
    "with keys that are not the lineage's",
    "other-terms",
    () => ({ later: [second], terms: { ...terms, threshold: 0 } }),
  ],
])("a room that was upgraded is not repeated %s: %s", async ([, code, options]) => {
  await upgradeTo(second);
  const report = await replayed(options());
  expect(report).toMatchObject({ accepted: false, differences: [{ code }] });
});

test.for([
  ["that nobody announced", false],
  ["whose notice has not run", true],
])("an opening by rules %s is found", async ([, announced]) => {
  if (announced === true) {
    const statement = { lineage: lineage.lineage, from: first.hash, to: second.hash, number: 1, noticeMs };
    const upgrade = encodeUpgrade({ ...statement, signatures: [signUpgrade(statement, secret)] });
    await worker.moving.answer({ ask: "upgrade", room, upgrade });
    await worker.step(room);
  }
  const forger = new TestWorker(disk, 2, rules);
  const { opening, position } = (await forger.vault.read(room))!;
  const unheard = { durable: () => undefined, lost: () => undefined };
  const log = forger.vault.open(room, { ...opening, contract: second.hash }, unheard, position, lineage);
  await forger.vault.settled(log);
  const report = await replayed({ later: [second], terms });
  expect(report).toMatchObject({ accepted: false, differences: [{ code: "not-upgraded" }] });
});
