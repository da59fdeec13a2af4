/** Two people play Dot4 in their browsers and a third watches: by mouse, keys and touch, to the end. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { rootFolder } from "../support/folders.ts";
import { Dot4Window, expectNoComplaints, playTurns } from "./dot4-window.ts";
import { openWorld, phone, type World } from "./world.ts";

let world: World;

beforeAll(async () => {
  world = await openWorld();
});

/** Pages that nobody looks at any more would go on drawing. */
afterEach(async () => {
  for (const context of world.browser.contexts()) await context.close();
});

afterAll(() => world.close());

test("two players and a spectator, a whole game: begun by keyboard alone, a reload, and one who goes away and is waited for", async () => {
  const { url } = world.place;
  const [ada, grace, wren] = [
    new Dot4Window(await world.window()),
    new Dot4Window(await world.window()),
    new Dot4Window(await world.window()),
  ];
  const { keyboard } = ada.window.page;
  await ada.arrive(url, "Ada");
  await ada.window.shot("1-lobby");
  await keyboard.press("Enter");
  await focusOn(ada, '[data-action="play-now"]');
  await keyboard.press("Enter");
  await ada.until('[data-phase="waiting"]');
  await ada.window.shot("2-waiting");

  await grace.arrive(url, "Grace");
  await grace.act("play-now");
  await grace.until('[data-phase="placing"]');

  const room = await ada.attribute("data-room");
  await wren.arrive(url, "Wren");
  await wren.window.page.locator(`[data-room="${room}"] [data-action="watch"]`).click();
  await wren.until('[data-seat="spectator"]');

  await focusOn(ada, "[data-cell]");
  for (const keys of [["Enter"], ["ArrowRight", "ArrowDown", "Enter"], ["ArrowRight", "Space"]]) {
    for (const key of keys) await keyboard.press(key);
  }
  await ada.window.page.locator('[data-chosen="3"]').waitFor();
  const chosen = await ada.chosen();
  await focusOn(ada, '[data-action="hide-bombs"]');
  await keyboard.press("Enter");
  await ada.window.shot("3-bombs-hidden");
  await grace.hideBombs(["5,5", "2,7", "7,2"]);
  for (const player of [ada, grace, wren]) await player.until('[data-phase="playing"]');
  expect(chosen).toHaveLength(3);
  expect(new Set(await ada.bombs())).toEqual(new Set(chosen));
  expect(new Set(await grace.bombs())).toEqual(new Set(["2,7", "5,5", "7,2"]));
  expect(await wren.bombs()).toEqual([]);

  await playTurns([ada, grace], { seed: 5, drops: 4 });
  await ada.window.shot("4-playing");
  await wren.window.shot("4-watching");
  const before = await ada.stones();

  await ada.window.page.reload({ waitUntil: "commit" });
  await ada.until('[data-phase="playing"][data-connection="joined"]');
  await grace.until('[data-room-phase="playing"]');
  expect(await ada.stones()).toEqual(before);
  const seats = [await ada.attribute("data-seat"), await grace.attribute("data-seat")];
  expect(new Set(seats)).toEqual(new Set(["0", "1"]));

  const link = grace.window.page.url();
  await grace.open("about:blank");
  await ada.until('[data-room-phase="paused"]');
  await ada.window.shot("paused");
  await grace.open(link);
  await ada.until('[data-room-phase="playing"]');

  await playTurns([ada, grace], { seed: 6, wins: true });
  for (const player of [ada, grace, wren]) await player.until('[data-phase="ended"]');
  expect(await wren.stones()).toEqual(await ada.stones());
  await grace.window.shot("5-ended");
  await wren.window.shot("5-ended-watching");
  expectNoComplaints(ada, grace, wren);
});

test("at phone size, by touch: a private game by its invitation link, to the end", async () => {
  const { url } = world.place;
  const touch = { viewport: phone, touch: true };
  const [ada, grace] = [
    new Dot4Window(await world.window(touch), touch),
    new Dot4Window(await world.window(touch), touch),
  ];
  await ada.arrive(url, "Ada");
  await ada.window.shot("phone-1-lobby");
  await ada.act("create-private");
  await ada.until('[data-phase="waiting"]');
  await ada.window.shot("phone-2-waiting");
  const link = ada.window.page.url();
  expect(link).toContain("#");

  // Somebody who knows the room but not the secret is told what is missing.
  const stranger = new Dot4Window(await world.window(touch), touch);
  await stranger.open(`${url}/dot4/#room=${await ada.attribute("data-room")}`);
  await stranger.window.page.locator('[data-closed="invite-required"]').waitFor();
  await stranger.window.shot("phone-3-invite-required");

  await grace.open(link);
  await grace.until('[data-phase="placing"]');
  await ada.window.shot("phone-4-placing");
  await ada.act("random-bombs");
  await ada.act("hide-bombs");
  await grace.act("random-bombs");
  await grace.act("hide-bombs");
  await ada.until('[data-phase="playing"]');
  await playTurns([ada, grace], { seed: 11, drops: 3 });
  await ada.window.shot("phone-5-playing");
  await playTurns([ada, grace], { seed: 12, wins: true });
  for (const player of [ada, grace]) await player.until('[data-phase="ended"]');
  await ada.window.shot("phone-6-ended");
  expectNoComplaints(ada, grace);
});

test("a page that was built for other rules refuses to play, and says which check failed", async () => {
  const ada = new Dot4Window(await world.window());
  // As if this page's contract hash were another: the bundle is changed on its way to this window only.
  const { contracts } = JSON.parse(readFileSync(join(rootFolder, ".cache/page/built-in.json"), "utf8")) as {
    contracts: { dot4: string };
  };
  await ada.window.page.route("**/assets/*.js", async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replaceAll(contracts.dot4, "0".repeat(64));
    await route.fulfill({ response, body });
  });
  await ada.arrive(world.place.url, "Ada");
  await ada.act("play-now");
  const closed = ada.window.page.locator('[data-closed="wrong-contract"][data-proof="failed"]');
  await closed.waitFor();
  expect(await closed.innerText()).toMatch(/rules/);
  await ada.window.page.locator('[data-action="open-shield"]').click();
  await ada.window.page.locator('[data-verdict="fail"]').first().waitFor();
  await ada.window.shot("wrong-contract");
});

/** Presses Tab until what has the focus fits. */
async function focusOn(player: Dot4Window, selector: string): Promise<void> {
  // What cannot be used yet is passed over.
  await player.window.page.locator(`${selector}:not([disabled])`).first().waitFor();
  for (let presses = 0; presses < 40; presses++) {
    const there = await player.window.page.evaluate((wanted) => document.activeElement?.matches(wanted), selector);
    if (there === true) return;
    await player.window.page.keyboard.press("Tab");
  }
  throw new Error(`the Tab key does not lead to ${selector}`);
}
