/**
 * Two people in Phala World, one at a desk with nothing but a keyboard, one with a phone: they meet, one finds what the other
 * never hears of, both grow a Shell; what they do about each other; and what they see when the place fails them.
 */
import { readFileSync } from "node:fs";
import { join as path } from "node:path";
import { runCommand } from "citty";
import { afterAll, beforeAll, expect, onTestFailed, test, vi } from "vitest";
import { developmentPolicy } from "#attestation/policy.ts";
import { reportsCommand } from "#cli/commands/reports.ts";
import { guestAccount } from "#client/account.ts";
import { join } from "#client/join.ts";
import { memoryKeyStore } from "#client/key-store.ts";
import { createRoom } from "#client/lobby.ts";
import type { dot4 } from "#dot4/dot4.ts";
import { hexToBytes } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import { rootFolder } from "../support/folders.ts";
import { Screens } from "./axe.ts";
import { piecesWith, recordDecrypted } from "./decrypted.ts";
import { hatch, raise } from "./growing.ts";
import { HubWorld } from "./hub-world.ts";
import { PhalaWindow, type By } from "./phala-window.ts";
import { phone } from "./world.ts";

let world: HubWorld;
/** A hub whose eras are seconds; they count from here on. */
let room: RoomId;
let ada: PhalaWindow;
let grace: PhalaWindow;
const screens = new Screens();

const small = { width: 720, height: 450 };

/** Pages wait for eras, and for whoever draws without a graphics card beside others who do. */
const patienceMs = 180_000;
vi.setConfig({ testTimeout: 3 * patienceMs });

beforeAll(async () => {
  world = await HubWorld.open();
  room = await createRoom(world.url, { contract: "phala-world", options: { clock: "seconds" }, listed: true });
  ada = await windowOf("keys");
  grace = await windowOf("touch");
}, 120_000);
afterAll(() => world?.close());

async function windowOf(by: By): Promise<PhalaWindow> {
  const size = by === "touch" ? { viewport: phone, touch: true } : { viewport: small };
  const person = new PhalaWindow(await world.window({ ...size, bypassCSP: true }), by);
  person.page.setDefaultTimeout(patienceMs);
  await recordDecrypted(person.page);
  await person.drawLittle();
  return person;
}

/** Both are in the hub, for the first time or still. */
async function bothAreHere(): Promise<void> {
  shotsOfFailure();
  if ((await ada.find('[data-stage="inside"]').count()) > 0) return;
  await Promise.all([arrive(ada, "Ada", "desktop"), arrive(grace, "Grace", "phone")]);
}

async function arrive(person: PhalaWindow, name: string, size: string): Promise<void> {
  await person.arrive(world.url, `#room=${room}`);
  await screens.look(`${size}: welcome`, person.page);
  await person.enter(name);
}

/** Waits for it, however busy the machine is. */
const soon = (holds: () => Promise<boolean>): Promise<void> => expect.poll(holds, { timeout: patienceMs }).toBe(true);

const shotsOfFailure = (): void =>
  onTestFailed(async () => {
    for (const [name, person] of Object.entries({ ada, grace })) await person.window.shot(`world-failed-${name}`);
  });

/** As the worker writes it: two numbers of 16 bits, from -40 to 40. */
function rowOf({ x, z }: { readonly x: number; readonly z: number }): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(4));
  [x, z].forEach((value, i) => bytes.setUint16(2 * i, Math.round(((value + 40) / 80) * 65_535), true));
  return new Uint8Array(bytes.buffer);
}

/** Somebody who sits down at the same table, hides bombs, and gives up. */
async function opponentGivesUp(game: RoomId): Promise<void> {
  const table = await join<typeof dot4>(world.url, {
    room: game,
    world: hexToBytes(world.world),
    contract: hexToBytes(builtIn().contracts["dot4"]!),
    policy: developmentPolicy,
    account: await guestAccount(memoryKeyStore()),
    name: "Wren",
  });
  await table.move({ kind: "place", bombs: [[0, 0], [9, 9], [4, 5]] }); // oxfmt-ignore
  const giveUp = async (): Promise<void> => {
    if (table.view?.phase === "playing") await table.move({ kind: "resign" });
  };
  table.on("view", () => void giveUp());
  await giveUp();
}

const builtIn = (): { readonly contracts: { readonly [name: string]: string } } =>
  JSON.parse(readFileSync(path(rootFolder, ".cache/page/built-in.json"), "utf8")) as never;

test("two people meet, one of them digs up what the other never hears of, and both grow a Shell that the other sees", async () => {
  await bothAreHere();

  // They see each other walk, and hear each other.
  const from = await ada.at();
  await ada.walkTo(from.x + 2, from.z + 2);
  await soon(async () => {
    const [seen, true_] = [await grace.sees("Ada"), await ada.at()];
    if (seen === undefined) return false;
    return Math.hypot(seen.x - true_.x, seen.z - true_.z) < 0.5 && Math.hypot(seen.x - from.x, seen.z - from.z) > 0.8;
  });
  await ada.say("the Origin is warm today");
  await grace.hears("the Origin is warm today");
  await grace.press('[data-emote="wave"]');
  await soon(async () => (await ada.sees("Grace"))?.clip === "wave");
  await screens.look("desktop: inside", ada.page);
  await screens.look("phone: inside", grace.page);

  await Promise.all([raise(ada, screens, "desktop"), raise(grace, screens, "phone")]);

  // Something is buried off the paths.
  const ring = Array.from({ length: 12 }, (_, i) => -Math.PI / 2 + ((i + 1) * Math.PI) / 6);
  const found = async (): Promise<boolean> => (await ada.finds()).length > 0;
  for (const angle of ring) {
    await ada.walkTo(Math.cos(angle) * 17, Math.sin(angle) * 17, { until: found });
    if (await found()) break;
  }
  const [find] = await ada.finds();
  await ada.digsUp(find!);
  expect(await piecesWith(ada.page, rowOf(find!))).toBeGreaterThan(0);
  expect(await piecesWith(grace.page, rowOf(find!))).toBe(0);
  const said = new TextEncoder().encode("the Origin is warm today");
  expect(await piecesWith(grace.page, said)).toBeGreaterThan(0);

  // Through a gate, to a game, and back with what came of it.
  for (const [x, z] of [
    [-8, 6],
    [-4, 12],
    [0, 20],
    [0, 24],
  ] as const)
    await ada.walkTo(x, z);
  await ada.find('[data-action="travel"]').waitFor();
  await screens.look("desktop: at a gate", ada.page);
  await ada.use("travel");
  await ada.find('main[data-phase="waiting"]').waitFor();
  const game = (await ada.find("main").getAttribute("data-room")) as RoomId;
  await opponentGivesUp(game);
  await ada.act("random-bombs");
  await ada.act("hide-bombs");
  await ada.find('main[data-phase="ended"]').waitFor();
  await screens.look("desktop: a game is over", ada.page);
  await ada.page.waitForFunction((hub) => sessionStorage.getItem(`phatroom:ticket:${hub}`) !== null, room);
  await ada.act("world");
  await ada.inside();
  await ada.hears("You are back from Dot4.");

  // Their time has come.
  const [part] = await Promise.all([
    hatch(ada, { window: grace, sees: "Ada" }, screens, "desktop"),
    hatch(grace, { window: ada, sees: "Grace" }, screens, "phone"),
  ]);

  // A reload keeps everything: the place, the body, the shelf.
  const look = (await ada.sees("Ada"))?.look;
  const before = await ada.at();
  await ada.page.reload({ waitUntil: "commit" });
  await ada.inside();
  await soon(async () => (await ada.sees("Ada"))?.look === look);
  const after = await ada.at();
  expect(Math.hypot(after.x - before.x, after.z - before.z)).toBeLessThan(1);
  await ada.openPanel("soul");
  expect(await ada.find('[data-part="deeds"]').innerText()).toContain("1 dug up · 1 won in Dot4");
  await ada.find(`[data-part-name="${part}"][data-worn]`).first().waitFor();
  await ada.closePanel();
  for (const person of [ada, grace]) person.expectNoComplaints();
});

/** What `phatroom reports open` prints: a line of JSON for each. */
async function reportsOpened(...where: string[]): Promise<string> {
  const out = vi.spyOn(console, "log").mockImplementation(() => undefined);
  const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
  try {
    await runCommand(reportsCommand, { rawArgs: ["open", world.moderatorKey, ...where] });
    return out.mock.calls.join("\n");
  } finally {
    out.mockRestore();
    error.mockRestore();
  }
}

/** Whatever Grace has said before has reached Ada by then, if it does. */
async function graceSays(text: string): Promise<void> {
  await grace.say(text);
  await grace.hears(text);
  const then = `word ${(words += 1)}`;
  await ada.say(then);
  await ada.hears(then);
}
let words = 0;

const received = ({ page }: PhalaWindow, text: string): Promise<number> =>
  piecesWith(page, new TextEncoder().encode(text));

test("whom one mutes is not heard, after a reload neither; what was reported is read by the moderator, who keeps order", async () => {
  await bothAreHere();
  const { x, z } = await grace.at();
  await ada.walkTo(x - 1, z, { within: 6 });
  await graceSays("something foul");
  expect(await ada.hasHeard("something foul")).toBe(true);
  await ada.openPanel("people");
  await screens.look("desktop: people", ada.page);
  await ada.act("report");
  await ada.hears("Only this world’s moderator can read it.");
  await ada.act("mute");
  await ada.find('[data-action="mute"][aria-pressed="true"]').waitFor();
  await ada.closePanel();
  await graceSays("something worse");
  expect(await received(ada, "something worse")).toBe(0);

  // It goes with the account.
  await ada.page.reload({ waitUntil: "commit" });
  await ada.inside();
  await graceSays("something vile");
  expect(await received(ada, "something vile")).toBe(0);
  await ada.openPanel("people");
  await ada.find('[data-action="mute"][aria-pressed="true"]').waitFor();
  await ada.act("mute");
  await ada.act("block");
  await ada.find('[data-action="block"][aria-pressed="true"]').waitFor();
  await ada.closePanel();
  await ada.say("not for everybody");
  await ada.hears("not for everybody");
  await graceSays("is anybody there");
  expect(await received(grace, "not for everybody")).toBe(0);
  expect(await received(ada, "is anybody there")).toBe(0);

  // While the place runs: from its address, and out of its store.
  for (const where of [
    ["--at", world.url],
    ["--store", `sqlite:${world.store}`],
  ]) {
    const opened = await reportsOpened(...where);
    expect(opened).toContain("something foul");
    expect(opened).not.toContain("something worse");
  }
  await ada.openPanel("people");
  await ada.act("order");
  await ada.find('[data-field="moderator-key"]').setInputFiles(world.moderatorKey);
  await ada.find('[data-report="1"] blockquote').filter({ hasText: "something foul" }).waitFor();
  await screens.look("desktop: order", ada.page);
  await ada.window.shot("world-order");
  await ada.act("ban");
  await ada.find("[data-banned]").waitFor();
  await grace.find('[data-notice="outside"]').waitFor();
  await screens.look("phone: outside", grace.page);
  await grace.window.shot("world-outside-phone");
  await soon(async () => (await ada.sees("Grace")) === undefined);
  await ada.act("pardon");
  await grace.act("come-back");
  await soon(async () => (await ada.sees("Grace")) !== undefined);
  await ada.closePanel();
  await ada.openPanel("people");
  await ada.act("kick");
  await grace.find('[data-notice="outside"]').waitFor();
  expect(await grace.find('[data-notice="outside"]').innerText()).toContain("Come back in 10 minutes.");
  await ada.closePanel();
});

test("a gateway that was killed is a notice, and with the next one walking goes on", async () => {
  await bothAreHere();
  await world.kill();
  await ada.find('[data-notice="reconnecting"]').waitFor();
  await screens.look("desktop: reconnecting", ada.page);
  await ada.window.shot("world-reconnecting");
  await world.start();
  await ada.find('[data-notice="reconnecting"]').waitFor({ state: "detached" });
  const before = await ada.settled();
  await ada.hold(["a"], 2);
  const after = await ada.settled();
  expect(Math.hypot(after.x - before.x, after.z - before.z)).toBeGreaterThan(0.8);
});

test("a hub that is frozen stops play, and its shield says so until it goes on", async () => {
  await bothAreHere();
  world.loseStore();
  await ada.find('[data-notice="frozen"]').waitFor();
  expect(await ada.find(".chip").innerText()).toContain("Waiting: the room cannot be kept just now");
  await screens.look("desktop: frozen", ada.page);
  await ada.window.shot("world-frozen");
  const before = await ada.settled();
  await ada.hold(["d"], 2);
  expect(await ada.settled()).toEqual(before);
  world.findStore();
  await ada.find('[data-notice="frozen"]').waitFor({ state: "detached" });
  await soon(async () => {
    await ada.hold(["d"], 2);
    const after = await ada.settled();
    return Math.hypot(after.x - before.x, after.z - before.z) > 0.8;
  });
});

test("a page that was built for other rules lets nobody play, and its shield says which check failed", async () => {
  const eve = await windowOf("keys");
  const { contracts } = builtIn();
  // As if this page's contract hash were another: the bundle is changed on its way to this window only.
  await eve.page.route("**/world/assets/*.js", async (route) => {
    const response = await route.fetch();
    await route.fulfill({
      response,
      body: (await response.text()).replaceAll(contracts["phala-world"]!, "0".repeat(64)),
    });
  });
  await eve.page.goto(`${world.url}/world/?quality=low&pixels=0.2#room=${room}`, { waitUntil: "commit" });
  await eve.find('[data-closed="wrong-contract"][data-proof="failed"]').waitFor();
  await screens.look("desktop: closed", eve.page);
  expect(await eve.find('.chip[data-shield="bad"]').count()).toBe(1);
  expect(await eve.find('[data-action="enter"]').count()).toBe(0);
  await eve.act("open-shield");
  await eve.find('[data-verdict="fail"]').first().waitFor();
});

test("none of these screens has a serious fault", () => {
  expect(screens.faults).toEqual({});
  expect(screens.names).toHaveLength(20);
});
