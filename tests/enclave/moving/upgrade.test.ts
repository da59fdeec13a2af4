/** Rooms go on by other rules once their lineage's keys said so, their players were told, and the notice has run. */
import { expect, test } from "vitest";
import type { RoomId } from "#protocol/identity.ts";
import { encodeUpgrade, signUpgrade, type UpgradeStatement } from "#protocol/upgrade.ts";
import type { Value } from "#protocol/value.ts";
import { reopen } from "#enclave/moving/reopening.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import type { Lineage } from "#enclave/vault/lineages.ts";
import { inProcess } from "#testing/in-process.ts";
import { Disk } from "../../support/memory-store.ts";
import { tally, type Tally } from "../room/contracts.ts";
import { fill } from "../vault/vault-cases.ts";
import { TestWorker, type TestRules } from "./workers.ts";

/** They are told apart by what they declare: these have no bundles. */
const first = inProcess({ ...tally, fuel: 1_000_001 });
const second = inProcess({
  ...tally,
  fuel: 1_000_002,
  migrate(saved, context) {
    const { total, seen, abandoned } = saved as unknown as Tally;
    context.schedule("after", 50);
    const seats = context.players.map(({ seat }) => seat).join();
    return { total: total * 100, seen: [...seen, `migrated with ${seats} at ${context.tick}`], abandoned };
  },
});
const unable = inProcess({
  ...tally,
  fuel: 1_000_003,
  migrate(): Tally {
    throw new Error("this cannot be read");
  },
});
const larger = inProcess({ ...tally, fuel: 1_000_004, players: { min: 2, max: 3 } });
const followsNobody = inProcess({ ...tally, fuel: 1_000_005 });

const secrets = [31, 32].map((byte) => fill(byte));
const noticeMs = 10_000;
const lineage: Lineage = {
  contract: first.hash,
  lineage: fill(2),
  key: fill(3),
  terms: { upgradeKeys: secrets.map((secret) => signUpgrade(statementTo(second), secret).key), threshold: 2, noticeMs },
};

function statementTo(next: LoadedContract, change: Partial<UpgradeStatement> = {}): UpgradeStatement {
  return { lineage: fill(2), from: first.hash, to: next.hash, number: 1, noticeMs, ...change };
}

const upgradeTo = (next: LoadedContract, change: Partial<UpgradeStatement> = {}, by = secrets): Uint8Array => {
  const statement = statementTo(next, change);
  return encodeUpgrade({ ...statement, signatures: by.map((secret) => signUpgrade(statement, secret)) });
};

const others = [second, unable, larger, followsNobody];
const rules: TestRules = {
  contracts: [first],
  earlier: others,
  lineages: [lineage, ...others.map(({ hash }, i) => ({ contract: hash, lineage: fill(40 + i), key: fill(50 + i) }))],
};

async function game(): Promise<{ disk: Disk; room: RoomId; worker: TestWorker }> {
  const disk = new Disk();
  const worker = new TestWorker(disk, 1, rules);
  const room = await worker.game();
  await worker.move(room, 1, { add: 3 });
  return { disk, room, worker };
}

const announce = (worker: TestWorker, room: RoomId, upgrade: Uint8Array): Promise<unknown> =>
  worker.moving.answer({ ask: "upgrade", room, upgrade });

/** What a room is, as whoever has its keys reads it. */
async function stateOf(disk: Disk, room: RoomId): Promise<{ contract: LoadedContract; view: Value }> {
  const kept = (await new TestWorker(disk, 9, rules).vault.read(room))!;
  const all = [...rules.contracts, ...others];
  const { course, contract } = reopen(kept, {
    contract: (hash) => all.find((each) => Buffer.from(each.hash).equals(hash)),
    fault: () => undefined,
  });
  course.step({ tick: course.tick, inputs: [] });
  return { contract, view: course.views.of(0)?.value ?? null };
}

/** Plays until the upgrade is due, and lets it happen as the worker does. */
async function passNotice(worker: TestWorker, room: RoomId, ms = noticeMs): Promise<void> {
  await worker.step(room, ms + 100);
  const hosted = worker.rooms.find(room)!;
  expect(hosted.room.upgradeDue).toBe(true);
  await worker.moving.renew(hosted);
  worker.vault.flush();
}

test("players are told, the notice runs, and then the room goes on by the new rules with what it had", async () => {
  const { disk, room, worker } = await game();
  await announce(worker, room, upgradeTo(second));
  await worker.step(room);
  const notice = { contract: second.hash, tick: worker.rooms.find(room)!.room.tick + 500 };
  expect(worker.told.findLast((message) => message.type === "update" && message.status)).toMatchObject({
    status: { upgrade: notice },
  });
  await worker.step(room, noticeMs - 200);
  expect(worker.rooms.find(room)!.room.upgradeDue).toBe(false);
  expect(worker.rooms.find(room)!.contract).toBe(first);
  await passNotice(worker, room, 200);
  const renewed = worker.rooms.find(room)!;
  expect(renewed).toMatchObject({ contract: second, lineage, room: { term: 2 } });
  expect(worker.closed).toEqual(["rules-changed", "rules-changed"]);
  await worker.enter(room);
  await worker.move(room, 2, { add: 1 });
  const { view } = await stateOf(disk, room);
  expect(view).toMatchObject({
    total: 301,
    seen: expect.arrayContaining([expect.stringMatching(/^migrated with 0,1/)]),
  });
  // A timer that the new rules set when they took over.
  await worker.step(room, 2000);
  expect(JSON.stringify((await stateOf(disk, room)).view)).toContain("timer after");
});

test("without any snapshot the whole course is repeated, across the change", async () => {
  const { disk, room, worker } = await game();
  await announce(worker, room, upgradeTo(second));
  await worker.step(room);
  await passNotice(worker, room);
  await worker.enter(room);
  await worker.move(room, 2, { add: 1 });
  const { contract, view } = await stateOf(disk, room);
  for (const chain of disk.chains.values()) chain.snapshots = [];
  const again = new TestWorker(disk, 2, rules);
  expect((await again.vault.read(room))!.before).toBeDefined();
  expect(await stateOf(disk, room)).toEqual({ contract, view });
  await again.open(room);
  await again.enter(room);
  await again.move(room, 3, { add: 1 });
  expect((await stateOf(disk, room)).view).toMatchObject({ total: 302 });
});

test("the notice is of running play: nothing runs out while a player is away", async () => {
  const { room, worker } = await game();
  await announce(worker, room, upgradeTo(second));
  await worker.step(room);
  worker.leave(room, 2);
  await worker.step(room);
  for (let i = 0; i < 5; i++) await worker.step(room, noticeMs / 5);
  expect(worker.rooms.find(room)!.room).toMatchObject({ upgradeDue: false });
});

test("an upgrade that was announced outlasts its worker, and any other one carries it out", async () => {
  const { disk, room, worker } = await game();
  await announce(worker, room, upgradeTo(second));
  await worker.step(room);
  const next = new TestWorker(disk, 2, rules);
  await worker.release(room, next);
  await next.open(room);
  await next.enter(room);
  await passNotice(next, room);
  expect(next.rooms.find(room)!.contract).toBe(second);
  expect((await stateOf(disk, room)).contract).toBe(second);
});

test("a worker that dies between the two leaves a room that any other one renews", async () => {
  const { disk, room, worker } = await game();
  await announce(worker, room, upgradeTo(second));
  await worker.step(room);
  await worker.step(room, noticeMs + 100);
  const next = new TestWorker(disk, 2, rules);
  await worker.release(room, next);
  await next.open(room);
  expect(next.rooms.find(room)!.contract).toBe(second);
});

test.for([
  ["throw", unable, "this cannot be read"],
  ["follow no others", followsNobody, "these rules have no migrate"],
] as const)("rules that %s do not take over: the room goes on by the old ones", async ([, next, why]) => {
  const { disk, room, worker } = await game();
  await announce(worker, room, upgradeTo(next));
  await worker.step(room);
  await passNotice(worker, room);
  expect(worker.faults.join()).toContain(why);
  const renewed = worker.rooms.find(room)!;
  expect(renewed).toMatchObject({ contract: first, room: { upgradeDue: false } });
  await worker.enter(room);
  await worker.move(room, 2, { add: 1 });
  expect((await stateOf(disk, room)).view).toMatchObject({ total: 4 });
});

test.for<[string, string, () => Uint8Array]>([
  ["made by a host", "upgrade-unsigned", () => upgradeTo(second, {}, [])],
  ["signed by a stranger", "upgrade-signer", () => upgradeTo(second, {}, [fill(77), fill(78)])],
  ["signed by too few", "upgrade-threshold", () => upgradeTo(second, {}, secrets.slice(0, 1))],
  ["with a short notice", "upgrade-notice", () => upgradeTo(second, { noticeMs: noticeMs - 1 })],
  ["of another lineage", "upgrade-foreign", () => upgradeTo(second, { lineage: fill(8) })],
  ["from other rules", "upgrade-foreign", () => upgradeTo(second, { from: second.hash })],
  ["to rules that are not here", "upgrade-foreign", () => upgradeTo({ ...second, hash: fill(9) })],
  ["to rules for other rooms", "upgrade-foreign", () => upgradeTo(larger)],
  ["to the same rules", "upgrade-foreign", () => upgradeTo(first)],
  ["that is none", "malformed", () => new Uint8Array(40)],
])("an upgrade %s is refused: %s", async ([, code, upgrade]) => {
  const { room, worker } = await game();
  await expect(announce(worker, room, upgrade())).rejects.toMatchObject({ code });
  await worker.step(room);
  expect(worker.rooms.find(room)!.room.upgrades).toBe(0);
});

test("an upgrade that was announced is not announced again, also after it took place", async () => {
  const { room, worker } = await game();
  await announce(worker, room, upgradeTo(second));
  await worker.step(room);
  await expect(announce(worker, room, upgradeTo(second))).rejects.toMatchObject({ code: "upgrade-replayed" });
  await passNotice(worker, room);
  await expect(announce(worker, room, upgradeTo(second))).rejects.toMatchObject({ code: "upgrade-foreign" });
  const back = upgradeTo(first, { from: second.hash });
  await expect(announce(worker, room, back)).rejects.toMatchObject({ code: "upgrade-replayed" });
});

test.for([
  ["without an upgrade", undefined],
  ["before its notice has run", upgradeTo(second)],
] as const)("whoever opens a room by other rules %s is not believed", async ([, upgrade]) => {
  const { disk, room, worker } = await game();
  if (upgrade !== undefined) {
    await announce(worker, room, upgrade);
    await worker.step(room);
  }
  const forger = new TestWorker(disk, 2, rules);
  const { opening, position } = (await forger.vault.read(room))!;
  const unheard = { durable: () => undefined, lost: () => undefined };
  const log = forger.vault.open(room, { ...opening, contract: second.hash }, unheard, position, lineage);
  await forger.vault.settled(log);
  await expect(new TestWorker(disk, 3, rules).open(room)).rejects.toMatchObject({ code: "store-damaged" });
});
