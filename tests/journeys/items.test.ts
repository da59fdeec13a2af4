/** Ada wins a cup from Grace, links a wallet, wears it on her Spirit; and Grace sees that, in her own browser and by her own proofs. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { Dot4Window, expectNoComplaints } from "./dot4-window.ts";
import { ItemsWorld } from "./items-world.ts";
import { openWindow, type Window } from "./world.ts";

let world: ItemsWorld;

beforeAll(async () => {
  world = await ItemsWorld.open();
});

afterAll(() => world?.[Symbol.asyncDispose]());

/** Ada's stones slide along one row until four are beside each other, and Grace's lie far away. */
async function winAgainst(ada: Dot4Window, grace: Dot4Window): Promise<void> {
  await ada.hideBombs(["0,0", "1,0", "2,0"]);
  await grace.hideBombs(["3,0", "4,0", "5,0"]);
  for (const player of [ada, grace]) await player.until('[data-phase="playing"]');
  const own = await ada.attribute("data-seat");
  const spots = { ada: Array.from({ length: 4 }, () => "left-2"), grace: ["left-5", "left-8", "left-5", "left-8"] };
  while (spots.ada.length > 0) {
    const turn = (await ada.attribute("data-turn"))!;
    const [mover, left] = turn === own ? [ada, spots.ada] : [grace, spots.grace];
    await mover.until(`[data-turn="${turn}"]`);
    await mover.drop(left.shift()!);
    for (const player of [ada, grace]) await player.until(`:not([data-turn="${turn}"])`);
  }
  for (const player of [ada, grace]) await player.until('[data-phase="ended"]');
}

const layersOf = (window: Window): Promise<(string | null)[]> =>
  window.page.locator(".figure [data-layer]").evaluateAll((all) => all.map((one) => one.getAttribute("data-layer")));

async function openItems(window: Window): Promise<void> {
  await window.page.goto(`${world.place.url}/items/`);
  await window.page.locator("[data-caught-up]").waitFor();
}

test("win a game, link a wallet, and the cup is final; worn on a Spirit, it is seen by the one who lost", async () => {
  const { url } = world.place;
  const hero = await world.giveSpirit("Bob");
  const [ada, grace] = [
    new Dot4Window(await openWindow(world.browser)),
    new Dot4Window(await openWindow(world.browser)),
  ];
  await world.putWallet(ada.window.page, "Bob");
  await ada.arrive(url, "Ada");
  await ada.act("play-now");
  await ada.until('[data-phase="waiting"]');
  await grace.arrive(url, "Grace");
  await grace.act("play-now");
  await winAgainst(ada, grace);

  // A guest so far: what she has won is kept for her, and she is told what to do.
  const { page } = ada.window;
  await openItems(ada.window);
  const voucher = page.locator("[data-voucher]");
  expect(await voucher.getAttribute("data-stage")).toBe("earned");
  await page.locator("text=Link a wallet to receive it").waitFor();
  await page.locator('[data-action="wallets"]').click();
  await page.locator('[data-extension="polkadot-js"]').click();
  await page.locator("[data-items='1']").waitFor();
  await ada.window.shot("journey-items-1-guest");
  await page.locator('[data-action="link"]').click();
  await page.locator('[data-link-says]:has-text("Linked")').waitFor();

  // The page says final once it has proven it, whatever the room says.
  await page.locator("[data-items='2']").waitFor();
  await page.locator('[data-voucher][data-stage="final"]').waitFor();
  const cup = page.locator(`[data-items] > ul > [data-item]:not([data-item="${hero}"])`);
  expect(await cup.count()).toBe(1);
  await cup.locator("> .row").click();
  await page.locator('[data-event="minted"] >> text=Earned in a room, and issued to you').waitFor();
  const wear = page.locator('[data-action="wear"][data-slot="hat"]');
  await wear.waitFor();
  await ada.window.shot("journey-items-2-final");
  await wear.click();
  await page.locator('[data-stage="final"] >> text=Put on Spirit').waitFor();
  await page.locator("[data-items='1']").waitFor();
  await page.locator(`[data-item="${hero}"] > .row`).click();
  const dressed = ["spirit-glow", "spirit-body", "spirit-face", "hat"];
  await expect.poll(() => layersOf(ada.window)).toEqual(dressed);
  await ada.window.shot("journey-items-3-worn");

  // Grace has no wallet and no account; she believes what she has proven.
  const { page: hers } = grace.window;
  await openItems(grace.window);
  await hers.locator('[data-action="wallets"]').click();
  await hers.locator('[data-field="address"]').fill(world.addressOf("Bob"));
  await hers.locator('[data-action="look"]').click();
  await hers.locator(`[data-item="${hero}"] > .row`).click();
  await expect.poll(() => layersOf(grace.window)).toEqual(dressed);
  expect(await hers.locator("[data-strength]").getAttribute("data-strength")).toBe("development-chain");
  expect(await hers.locator('[data-action="wear"], [data-action="send"]').count()).toBe(0);
  await grace.window.shot("journey-items-4-seen");
  expectNoComplaints(ada, grace);
});
