/** The rules of a room are replaced while it is played: as its lineage's keys say, after the notice, in front of everybody. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import { lineageId, worldId, type LineageTerms } from "#protocol/manifest.ts";
import { encodeUpgrade, signUpgrade } from "#protocol/upgrade.ts";
import { phatroom } from "../support/phatroom.ts";
import { buildContract, type BuiltContract } from "#cli/build-contract.ts";
import { lineagesOf } from "#cli/lineages.ts";
import { runLoad } from "#cli/load/load.ts";
import { Operator } from "#cli/operator.ts";
import { startPlace, type Place } from "#cli/place.ts";
import { readUpgrade, signed, statementOf, writeUpgrade } from "#cli/upgrade-file.ts";
import {
  createRoom,
  developmentPolicy,
  guestAccount,
  join,
  memoryKeyStore,
  type ClientError,
  type JoinOptions,
  type MoveOf,
  type Room,
  type ViewOf,
} from "#client/index.ts";
import { world } from "../adversary/stage.ts";
import type { counter } from "./rules/counter.ts";

type CounterRoom = Room<ViewOf<typeof counter>, MoveOf<typeof counter>>;

const password = "a password of the operator";
const secret = new Uint8Array(32).fill(61);
const noticeMs = 1000;

let folder: string;
let place: Place;
let closed = false;
let first: BuiltContract;
let second: BuiltContract;
let lineage: Uint8Array;

const build = (name: string): Promise<BuiltContract> =>
  buildContract(fileURLToPath(new URL(`rules/${name}.ts`, import.meta.url)), { sourceMap: false });

beforeAll(async () => {
  folder = await mkdtemp(joinPath(tmpdir(), "phatroom-upgrading-"));
  [first, second] = [await build("counter"), await build("hundreds")];
  const contracts = joinPath(folder, "contracts");
  const { key } = signUpgrade({ ...statementOf(flags()), noticeMs }, secret);
  const terms: LineageTerms = { upgradeKeys: [key], threshold: 1, noticeMs };
  lineage = lineageId(worldId(world), hexToBytes(first.hash), terms);
  await mkdir(joinPath(contracts, "earlier"), { recursive: true });
  await writeFile(joinPath(contracts, "counter.bundle.js"), first.bundle);
  await writeFile(joinPath(contracts, "earlier", "hundreds.bundle.js"), second.bundle);
  const entry = { first: first.hash, upgradeKeys: [bytesToHex(key)], threshold: 1, noticeMs };
  await writeFile(joinPath(contracts, "lineages.json"), JSON.stringify([entry]));
  place = await startPlace({
    world,
    contracts,
    directory: joinPath(folder, "platform"),
    output: () => undefined,
    gateway: {
      port: 0,
      store: { kind: "sqlite", directory: joinPath(folder, "store") },
      operatorPassword: password,
      limits: { creationsPerMinute: 1000, joinsPerMinute: 1000 },
    },
  });
}, 60_000);

afterAll(async () => {
  if (!closed) await place.close();
  await rm(folder, { recursive: true, force: true });
});

function flags() {
  const of = lineage ?? new Uint8Array(32);
  return { lineage: bytesToHex(of), from: first.hash, to: second.hash, number: "1", notice: "0" };
}

async function sitDown(room: RoomId, options: Partial<JoinOptions> = {}): Promise<CounterRoom> {
  return join<typeof counter>(place.url, {
    room,
    world: worldId(world),
    contract: hexToBytes(first.hash),
    lineage,
    policy: developmentPolicy,
    account: await guestAccount(memoryKeyStore()),
    ...options,
  });
}

const until = (room: CounterRoom, fits: (room: CounterRoom) => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (fits(room)) resolve();
    };
    room.on("view", look);
    room.on("status", look);
    room.on("shield", look);
    look();
  });

/** Which rules a player is told of that are to come. */
const noticed = (player: CounterRoom): Promise<string> =>
  new Promise((resolve) => {
    player.on("status", ({ upgrade: notice }) => {
      if (notice !== undefined) resolve(bytesToHex(notice.contract));
    });
  });

const upgrade = (): string => {
  const statement = { ...statementOf(flags()), noticeMs };
  return bytesToHex(encodeUpgrade({ ...statement, signatures: [signUpgrade(statement, secret)] }));
};

test("players are told, and go on by the new rules with what they had; a page that does not know them leaves", async () => {
  const room = await createRoom(place.url, { contract: "counter" });
  const knows = await sitDown(room, { upgrades: [hexToBytes(second.hash)] });
  const knowsNot = await sitDown(room);
  const left = new Promise<ClientError>((resolve) => knowsNot.on("closed", resolve));
  await knows.move(null);
  const operator = new Operator(place.url, password);
  const told = Promise.all([knows, knowsNot].map(noticed));
  expect(await operator.upgrade(upgrade(), room)).toEqual({ announced: 1, refused: {} });
  expect(await told).toEqual([second.hash, second.hash]);
  await until(knows, ({ shield }) => bytesToHex(shield.claims.contract) === second.hash);
  expect(knows.shield.claims.lineage).toEqual(lineage);
  await knows.move(null);
  await until(knows, ({ view }) => view?.count === 101);
  expect(await left).toMatchObject({ code: "wrong-contract" });
  expect(await operator.upgrade(upgrade(), room)).toMatchObject({ announced: 0, refused: { "upgrade-foreign": 1 } });
  knows.close();
});

test("a host that signs for itself changes nothing", async () => {
  const room = await createRoom(place.url, { contract: "counter" });
  const player = await sitDown(room);
  const statement = { ...statementOf(flags()), noticeMs };
  const forged = encodeUpgrade({ ...statement, signatures: [signUpgrade(statement, new Uint8Array(32).fill(9))] });
  const operator = new Operator(place.url, password);
  expect(await operator.upgrade(bytesToHex(forged), room)).toEqual({ announced: 0, refused: { "upgrade-signer": 1 } });
  await player.move(null);
  expect(player.status.upgrade).toBeUndefined();
  player.close();
});

test("whoever signs is told the lineage, and a load gets in who names the folder that it stands in", async () => {
  const contracts = joinPath(folder, "contracts");
  expect(await lineagesOf(contracts, worldId(world))).toMatchObject([{ id: bytesToHex(lineage), first: first.hash }]);
  const plan = { url: place.url, policy: developmentPolicy, contract: "counter", players: 2, seconds: 1 };
  const silent = (): void => undefined;
  expect(await runLoad(plan, silent)).toMatchObject({ joined: 0, refused: { "wrong-lineage": 2 } });
  expect(await runLoad({ ...plan, lineages: contracts }, silent)).toMatchObject({ joined: 2, lost: {} });
  await expect(runLoad({ ...plan, lineages: folder }, silent)).rejects.toThrow("rooms begin with this counter");
}, 60_000);

test("whoever has the platform's seed repeats the room by both rules", async () => {
  const room = await createRoom(place.url, { contract: "counter" });
  const player = await sitDown(room, { upgrades: [hexToBytes(second.hash)] });
  await player.move(null);
  await new Operator(place.url, password).upgrade(upgrade(), room);
  await until(player, ({ shield }) => bytesToHex(shield.claims.contract) === second.hash);
  await player.move(null);
  await until(player, ({ view }) => view?.count === 101);
  player.close();
  await place.close();
  closed = true;
  const at = (name: string): string => joinPath(folder, name);
  const log = at("upgraded.phatlog");
  const rules = ["--contract", at("contracts/counter.bundle.js"), "--lineages", at("contracts")];
  const store = [`--store=sqlite:${at("store")}`, "--development", at("platform"), "--world", world.name];
  expect(await phatroom("export", room, ...store, ...rules, "--out", log)).toMatchObject({ code: 0, error: "" });
  const later = ["--later", at("contracts/earlier/hundreds.bundle.js")];
  const replayed = await phatroom("replay", log, ...rules, ...later, "--json");
  expect(JSON.parse(replayed.out)).toMatchObject({
    accepted: true,
    moves: 2,
    upgraders: "as-said",
    upgrades: [{ contract: second.hash }],
  });
  expect((await phatroom("replay", log, ...rules)).out).toContain("rules-missing");
});

test("an upgrade in a file is signed by one after the other, and is the same bytes", async () => {
  const file = joinPath(folder, "upgrade.json");
  const [one, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const statement = statementOf({ ...flags(), notice: "24" });
  expect(statement.noticeMs).toBe(86_400_000);
  await writeUpgrade(file, signed({ ...statement, signatures: [] }, bytesToHex(other)));
  await writeUpgrade(file, signed((await readUpgrade(file))!, `${bytesToHex(one)}\n`));
  await writeUpgrade(file, signed((await readUpgrade(file))!, bytesToHex(one)));
  const signatures = [one, other].map((key) => signUpgrade(statement, key));
  expect(encodeUpgrade((await readUpgrade(file))!)).toEqual(encodeUpgrade({ ...statement, signatures }));
  expect(await readFile(file, "utf8")).not.toContain(bytesToHex(one));
});
