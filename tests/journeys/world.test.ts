/** Two people in Phala World, each in a browser: they meet, one finds what the other never hears of, and grows a Shell. */
import { readFileSync } from "node:fs";
import { join as path } from "node:path";
import { afterAll, beforeAll, expect, onTestFailed, test } from "vitest";
import { developmentPolicy } from "#attestation/policy.ts";
import { guestAccount } from "#client/account.ts";
import { join } from "#client/join.ts";
import { memoryKeyStore } from "#client/key-store.ts";
import { createRoom } from "#client/lobby.ts";
import type { dot4 } from "#dot4/dot4.ts";
import { hexToBytes } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import { rootFolder } from "../support/folders.ts";
import { piecesWith, recordDecrypted } from "./decrypted.ts";
import { PhalaWindow } from "./phala-window.ts";
import { openWorld, type World } from "./world.ts";

let world: World;
/** A hub whose eras are seconds; they count from here on. */
let room: RoomId;

beforeAll(async () => {
  world = await openWorld({ draws: true });
  room = await createRoom(world.place.url, { contract: "phala-world", options: { clock: "seconds" }, listed: true });
}, 120_000);
afterAll(() => world?.close());

const small = { width: 720, height: 450 };

async function arrived(name: string): Promise<PhalaWindow> {
  const person = new PhalaWindow(await world.window({ viewport: small }));
  await recordDecrypted(person.page);
  await person.drawLittle();
  await person.arrive(world.place.url, `#room=${room}`);
  await person.enter(name);
  return person;
}

/** Waits for it, however busy the machine is. */
const soon = (holds: () => Promise<boolean>): Promise<void> => expect.poll(holds, { timeout: 60_000 }).toBe(true);

/** As the worker writes it: two numbers of 16 bits, from -40 to 40. */
function rowOf({ x, z }: { readonly x: number; readonly z: number }): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(4));
  [x, z].forEach((value, i) => bytes.setUint16(2 * i, Math.round(((value + 40) / 80) * 65_535), true));
  return new Uint8Array(bytes.buffer);
}

/** Somebody who sits down at the same table, hides bombs, and gives up. */
async function opponentGivesUp(game: RoomId): Promise<void> {
  const { world: id, contracts } = builtIn();
  const table = await join<typeof dot4>(world.place.url, {
    room: game,
    world: hexToBytes(id),
    contract: hexToBytes(contracts["dot4"]!),
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

const builtIn = (): { readonly world: string; readonly contracts: { readonly [name: string]: string } } =>
  JSON.parse(readFileSync(path(rootFolder, ".cache/page/built-in.json"), "utf8")) as never;

test("two people meet, one of them digs up what the other never hears of, and grows a Shell that both see", async () => {
  const [ada, grace] = await Promise.all([arrived("Ada"), arrived("Grace")]);
  onTestFailed(async () => {
    for (const [name, person] of Object.entries({ ada, grace })) await person.window.shot(`world-failed-${name}`);
  });

  // They see each other walk, and hear each other.
  const from = await ada.at();
  await ada.walkTo(from.x + 2, from.z + 2);
  await soon(async () => {
    const [seen, true_] = [(await grace.sees("Ada"))!, await ada.at()];
    return Math.hypot(seen.x - true_.x, seen.z - true_.z) < 0.5 && Math.hypot(seen.x - from.x, seen.z - from.z) > 0.8;
  });
  await ada.say("the Origin is warm today");
  await grace.hears("the Origin is warm today");
  await grace.press('[data-emote="wave"]');
  await soon(async () => (await ada.sees("Grace"))?.clip === "wave");

  // By keyboard alone: a Spirit, an Origin of Shell, an incubator, food.
  await ada.page.locator("#picture").focus();
  await ada.page.keyboard.press("i");
  await ada.choose("claim-spirit");
  await ada.choose("buy-origin");
  await ada.choose("incubate");
  await ada.choose("feed");
  await ada.find('[data-origin][data-energy="3"]').waitFor();
  await ada.choose("feed");
  await ada.find('[data-origin][data-energy="6"]').waitFor();
  await ada.window.shot("world-soul");
  await ada.page.keyboard.press("Escape");

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
  await ada.act("travel");
  await ada.find('main[data-phase="waiting"]').waitFor();
  const game = (await ada.find("main").getAttribute("data-room")) as RoomId;
  await opponentGivesUp(game);
  await ada.act("random-bombs");
  await ada.act("hide-bombs");
  await ada.find('main[data-phase="ended"]').waitFor();
  await ada.page.waitForFunction((hub) => sessionStorage.getItem(`phatroom:ticket:${hub}`) !== null, room);
  await ada.act("world");
  await ada.inside();
  await ada.hears("You are back from Dot4.");

  // Its time has come.
  await ada.find('[data-quest="hatch"]').click();
  await ada.act("hatch");
  await ada.act("become");
  const part = (await ada.find("[data-part-name]").first().getAttribute("data-part-name"))!;
  await soon(async () => (await grace.sees("Ada"))!.look.includes(part));
  await ada.act("take-off");
  await soon(async () => !(await grace.sees("Ada"))!.look.includes(part));
  await ada.act("wear");
  await soon(async () => (await grace.sees("Ada"))!.look.includes(part));
  await ada.window.shot("world-shell");

  // A reload keeps everything: the place, the body, the shelf.
  const look = (await ada.sees("Ada"))?.look;
  const before = await ada.at();
  await ada.page.reload({ waitUntil: "commit" });
  await ada.inside();
  await soon(async () => (await ada.sees("Ada"))?.look === look);
  const after = await ada.at();
  expect(Math.hypot(after.x - before.x, after.z - before.z)).toBeLessThan(1);
  await ada.press('[data-action="soul"]');
  expect(await ada.find('[data-part="deeds"]').innerText()).toContain("1 dug up · 1 won in Dot4");
  await ada.find(`[data-part-name="${part}"][data-worn]`).first().waitFor();
  for (const person of [ada, grace]) person.expectNoComplaints();
});

test("a page that was built for other rules lets nobody play, and its shield says which check failed", async () => {
  const ada = new PhalaWindow(await world.window({ viewport: small }));
  const { contracts } = builtIn();
  // As if this page's contract hash were another: the bundle is changed on its way to this window only.
  await ada.page.route("**/world/assets/*.js", async (route) => {
    const response = await route.fetch();
    await route.fulfill({
      response,
      body: (await response.text()).replaceAll(contracts["phala-world"]!, "0".repeat(64)),
    });
  });
  await ada.page.goto(`${world.place.url}/world/?quality=low#room=${room}`, { waitUntil: "commit" });
  await ada.find('[data-closed="wrong-contract"][data-proof="failed"]').waitFor();
  expect(await ada.find('.chip[data-shield="bad"]').count()).toBe(1);
  expect(await ada.find('[data-action="enter"]').count()).toBe(0);
  await ada.act("open-shield");
  await ada.find('[data-verdict="fail"]').first().waitFor();
});
