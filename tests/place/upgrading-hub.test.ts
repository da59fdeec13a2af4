/** The rules of a hub are replaced while people live in it: they stand where they stood, with all that they have. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import { lineageId, worldId, type LineageTerms } from "#protocol/manifest.ts";
import { encodeUpgrade, signUpgrade } from "#protocol/upgrade.ts";
import type { Value } from "#protocol/value.ts";
import { buildContract } from "#cli/build-contract.ts";
import { Operator } from "#cli/operator.ts";
import { startPlace, type Place } from "#cli/place.ts";
import { createRoom, developmentPolicy, guestAccount, join, memoryKeyStore, type Account } from "#client/index.ts";
import type { Room } from "#client/room.ts";
import { pushMax } from "../../contracts/phala-world/codes.ts";
import { Body, Look, Push, Treasure } from "../../contracts/phala-world/components.ts";
import type { Move, phalaWorld, View } from "../../contracts/phala-world/phala-world.ts";
import { world } from "../adversary/stage.ts";

type HubRoom = Room<View, Move>;

const password = "a password of the operator";
const secret = new Uint8Array(32).fill(61);
const noticeMs = 500;

let folder: string;
let place: Place;
let room: RoomId;
let lineage: Uint8Array;
let first: string;
let second: string;
let upgrade: string;

beforeAll(async () => {
  folder = await mkdtemp(joinPath(tmpdir(), "phatroom-upgrading-hub-"));
  const from = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const [hurried, own] = [
    await buildContract(from("rules/hurried-hub.ts"), { sourceMap: false }),
    await buildContract(from("../../contracts/phala-world/phala-world.ts"), { sourceMap: false }),
  ];
  [first, second] = [hurried.hash, own.hash];
  const contracts = joinPath(folder, "contracts");
  await mkdir(joinPath(contracts, "earlier"), { recursive: true });
  await writeFile(joinPath(contracts, "phala-world.bundle.js"), hurried.bundle);
  await writeFile(joinPath(contracts, "earlier", "phala-world.bundle.js"), own.bundle);
  const draft = { from: hexToBytes(first), to: hexToBytes(second), number: 1, noticeMs };
  const { key } = signUpgrade({ ...draft, lineage: new Uint8Array(32) }, secret);
  const terms: LineageTerms = { upgradeKeys: [key], threshold: 1, noticeMs };
  lineage = lineageId(worldId(world), hexToBytes(first), terms);
  const statement = { ...draft, lineage };
  upgrade = bytesToHex(encodeUpgrade({ ...statement, signatures: [signUpgrade(statement, secret)] }));
  const entry = { first, upgradeKeys: [bytesToHex(key)], threshold: 1, noticeMs };
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
    },
  });
  room = await createRoom(place.url, { contract: "phala-world", options: { clock: "seconds" } });
}, 60_000);

afterAll(async () => {
  await place.close();
  await rm(folder, { recursive: true, force: true });
});

const sitDown = async (account: Account): Promise<HubRoom> =>
  join<typeof phalaWorld>(place.url, {
    room,
    world: worldId(world),
    contract: hexToBytes(first),
    lineage,
    upgrades: [hexToBytes(second)],
    policy: developmentPolicy,
    account,
    components: { Body, Look, Push, Treasure },
  });

async function comeIn(name: string): Promise<HubRoom> {
  const hub = await sitDown(await guestAccount(memoryKeyStore()));
  await does(hub, { do: "enter", name, race: "cyborg", coat: 2, light: 3 });
  return hub;
}

async function does(hub: HubRoom, move: Move): Promise<void> {
  expect([move.do, await hub.move(move)]).toEqual([move.do, { accepted: true }]);
}

/** Until what the room shows is as wanted. */
async function until<Found>(look: () => Found | undefined | false): Promise<Found> {
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

type Mine = NonNullable<View["mine"]>;
const mineOf = ({ view }: HubRoom): Mine => view!.mine!;

/** Where somebody stands, and what they are seen as; undefined before both are shown. */
function seen(hub: HubRoom, name: string): object | undefined {
  const [looks, bodies] = [hub.entities(Look), hub.entities(Body)];
  const look = looks.ids.find((id) => looks.columns.name.get(id) === name);
  const body = bodies.ids.find((id) => look !== undefined && bodies.columns.seat[id] === looks.columns.seat[look]);
  if (look === undefined || body === undefined) return undefined;
  const { race, career, coat, light, head, chest, handR, back, handL, face } = looks.columns;
  const worn = [race, career, coat, light, head, chest, handR, back, handL, face].map((column) => column[look]);
  return { x: bodies.columns.x[body], z: bodies.columns.z[body], worn };
}

/** Until somebody is seen to stand still: in so many looks, one after the other, nothing changes. */
async function stands(hub: HubRoom, name: string): Promise<void> {
  let [last, same] = ["", 0];
  await until(() => {
    const now = JSON.stringify(seen(hub, name));
    [same, last] = [now === last ? same + 1 : 0, now];
    return same >= 15;
  });
}

/** A Spirit, a Shell that is worn, and an Origin that waits. */
async function grow(hub: HubRoom): Promise<void> {
  await does(hub, { do: "claim-spirit" });
  await until(() => hub.view!.open.includes("last-day"));
  await does(hub, { do: "buy-origin", rarity: "prime", race: "xgene", career: "monk" });
  const { id: origin } = await until(() => mineOf(hub).origins[0]);
  await does(hub, { do: "incubate", origin });
  const due = await until(() => mineOf(hub).origins[0]!.hatchesAt ?? undefined);
  await until(() => hub.view!.era >= due);
  await does(hub, { do: "hatch", origin });
  const { id: shell } = await until(() => mineOf(hub).shells[0]);
  await does(hub, { do: "become", shell });
}

/** All that is theirs, which time does not change. */
function belongings(hub: HubRoom): object {
  const { pha, spirit, origins, shells, parts, seenIn, muted, blocked, space } = mineOf(hub);
  return { pha, spirit, origins, shells, parts, seenIn, muted, blocked, space };
}

test("people stand where they stood, in the Shells that they have, and hear those whom they will hear", async () => {
  const account = await guestAccount(memoryKeyStore());
  const ann = await sitDown(account);
  await does(ann, { do: "enter", name: "Ann", race: "pandroid", coat: 1, light: 1 });
  const [ben, cid] = [await comeIn("Ben"), await comeIn("Cid")];
  const heard: Value[] = [];
  ann.on("message", (message) => heard.push(message));
  await grow(ann);
  await does(ann, { do: "mute", player: cid.player, mute: true });
  await does(ann, { do: "space", keep: true });
  const from = JSON.stringify(await until(() => seen(ann, "Ben")));
  const push = ben.input(Push);
  push.set({ x: pushMax, z: pushMax, run: 0 });
  await until(() => JSON.stringify(seen(ann, "Ben")) !== from);
  push.set({ x: 0, z: 0, run: 0 });
  await stands(ann, "Ben");
  const before = { own: belongings(ann), ann: seen(ben, "Ann"), ben: seen(ann, "Ben") };
  expect(before.own).toMatchObject({ spirit: true, shells: [{ race: "xgene" }], muted: [cid.player], space: true });
  expect(before.ann).toBeDefined();

  const isNew = ({ shield }: HubRoom): boolean => bytesToHex(shield.claims.contract) === second;
  expect(await new Operator(place.url, password).upgrade(upgrade, room)).toEqual({ announced: 1, refused: {} });
  await until(() => [ann, ben, cid].every(isNew));

  await until(() => seen(ben, "Ann") !== undefined && seen(ann, "Ben") !== undefined);
  expect({ own: belongings(ann), ann: seen(ben, "Ann"), ben: seen(ann, "Ben") }).toEqual(before);
  await does(cid, { do: "say", text: "nobody hears this" });
  await does(ben, { do: "say", text: "the rules are new" });
  await until(() => heard.some((message) => JSON.stringify(message).includes("the rules are new")));
  expect(JSON.stringify(heard)).not.toContain("nobody hears this");

  // It goes with the account, by the new rules as by the old.
  await ann.leave();
  const again = await sitDown(account);
  await until(() => again.view);
  expect(mineOf(again).muted).toEqual([cid.player]);
  expect(mineOf(again).shells).toHaveLength(1);
  for (const hub of [again, ben, cid]) hub.close();
});
