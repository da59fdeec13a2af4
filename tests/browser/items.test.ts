/** The page of items in Chromium, before a real runtime's chain: what is owned is shown as far as it is proven, and changed. */
import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { run } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { itemsOf } from "#rmrk/queries/inventory.ts";
import { rootFolder } from "../support/folders.ts";
import { launchChromium } from "./chromium.ts";
import { usedProperty } from "#rmrk/rules/properties.ts";
import { mintOf } from "../rmrk/support/making.ts";
import { ItemsPlace, player, playerAddress } from "./items-place.ts";
import { origin, worldHex } from "./items-pages.ts";

const artifacts = join(rootFolder, "tests/artifacts");
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

let browser: Browser;
let place: ItemsPlace;
beforeAll(async () => {
  await mkdir(artifacts, { recursive: true });
  [browser, place] = await Promise.all([launchChromium(), ItemsPlace.open()]);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await place?.[Symbol.asyncDispose]();
});

const shot = (page: Page, name: string) => page.screenshot({ path: join(artifacts, `${name}.png`), fullPage: true });

async function showMine(page: Page): Promise<void> {
  await page.locator('[data-action="wallets"]').click();
  await page.locator('[data-extension="polkadot-js"]').click();
  await page.locator("[data-items='3']").waitFor();
}

async function seriousFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8"));
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run: typeof run } }).axe.run(document, { resultTypes: ["violations"] }),
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
}

/** Blocks come when somebody asks for one. */
async function blockAfter(what: () => Promise<void>): Promise<void> {
  const waiting = place.world.chain.pool.ready;
  await what();
  await expect.poll(() => place.world.chain.pool.ready, { timeout: 30_000 }).toBeGreaterThan(waiting);
  place.world.chain.newBlock();
}

test("what an account owns is proven in the page, looked at, worn, accepted and sent; nothing comes from elsewhere", async () => {
  const { page, complaints, asked, close } = await place.pages.open(browser);
  await page.addInitScript(
    ([world, id]) => {
      const kept = { id, name: "Victor's Crown", stage: "submitted" };
      const other = {
        id: "cd".repeat(32),
        name: "Fog Lantern",
        stage: "earned",
        reason: "Link a wallet to receive it.",
      };
      localStorage.setItem(`phatroom:vouchers:${world}`, JSON.stringify([kept, other]));
    },
    [worldHex, place.voucher] as const,
  );
  await page.goto(`${origin}/`);
  await page.locator("[data-caught-up]").waitFor();
  expect(await page.locator("[data-strength]").getAttribute("data-strength")).toBe("development-chain");
  await showMine(page);
  await shot(page, "items-desktop-list");
  // What the room said is one thing; final is what the chain shows.
  expect(await page.locator(`[data-voucher="${place.voucher}"]`).getAttribute("data-stage")).toBe("final");
  expect(await page.locator(`[data-voucher="${"cd".repeat(32)}"]`).getAttribute("data-stage")).toBe("earned");

  await page.locator(`[data-item="${place.hero}"] > .row`).click();
  const layers = page.locator(".figure [data-layer]");
  expect(await layers.evaluateAll((all) => all.map((one) => one.getAttribute("data-layer")))).toEqual([
    "spirit-glow",
    "spirit-body",
    "spirit-face",
    "hat",
  ]);
  await shot(page, "items-desktop-hero");
  expect(await page.locator('[data-detail] [data-event="equipped"] a').first().getAttribute("href")).toMatch(
    /^https:\/\/explorer\.example\/block\/0x[0-9a-f]{64}$/,
  );

  // Shown before it is signed, and as it was once nobody looks.
  const crown = page.locator('[data-slot="hat"] .choice');
  await crown.hover();
  await expect.poll(() => layers.count()).toBe(3);
  await page.locator("h1").hover();
  await expect.poll(() => layers.count()).toBe(4);
  await blockAfter(() => crown.click());
  await page.locator('[data-slot="hat"]:not([data-worn])').waitFor();
  await page.locator('[data-stage="final"] >> text=Take off').waitFor();
  expect((await place.view()).items.nfts.get(place.crown)!.equipped).toBeUndefined();

  await blockAfter(() => page.locator('[data-offer="NFT"] [data-action="accept"]').click());
  await page.locator("[data-offer]").waitFor({ state: "detached" });
  await page.locator('[data-slot="cloak"] .choice').waitFor();

  await page.locator(`[data-item="${place.lantern}"] > .row`).click();
  await page.locator('[data-action="send"]').click();
  const recipient = page.locator('[data-field="recipient"]');
  const sign = page.locator('dialog [data-action="sign"]');
  for (const [typed, says] of [
    [`${playerAddress.slice(0, -1)}q`, "This is not an address"],
    ["5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY", "another network"],
    ["alice", "This is not an address"],
  ] as const) {
    await recipient.fill(typed);
    await page.locator(`dialog [data-says]:has-text("${says}")`).waitFor();
    expect(await sign.isDisabled()).toBe(true);
  }
  await shot(page, "items-desktop-wrong-address");
  await page.locator("dialog select").selectOption(place.hero);
  await blockAfter(() => sign.click());
  await page.locator('[data-stage="final"] >> text=Send').waitFor();
  const { items } = await place.view();
  expect(
    itemsOf(items, player)
      .find(({ id }) => id === place.hero)!
      .children.map(({ id }) => id),
  ).toContain(place.lantern);
  expect(await seriousFaults(page)).toEqual([]);
  expect(complaints).toEqual([]);
  // An NFT may name any address: nobody there learns who looks.
  expect(asked.filter((address) => address.includes(":"))).toEqual([]);
  await close();
});

test("on a phone, by keyboard and without a wallet: one thing at a time, and anybody's items", async () => {
  const { page, complaints, close } = await place.pages.open(browser, { ...phone, wallet: false });
  await page.goto(`${origin}/`);
  await page.locator("[data-caught-up]").waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const focus = (selector: string) => page.evaluate((wanted) => document.activeElement?.matches(wanted), selector);
  const tabTo = async (selector: string): Promise<void> => {
    for (let presses = 0; presses < 30; presses++) {
      if ((await focus(selector)) === true) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`Tab does not reach ${selector}`);
  };
  await tabTo('[data-action="wallets"]');
  await page.keyboard.press("Enter");
  await tabTo('[data-field="address"]');
  await page.keyboard.type("nobody");
  await page.keyboard.press("Enter");
  await page.locator('dialog [data-says]:has-text("not an address")').waitFor();
  await page.locator('[data-field="address"]').fill(playerAddress);
  await page.keyboard.press("Enter");
  await page.locator("[data-item]").first().waitFor();
  // Whoever only looks at an account is not told that its items are theirs.
  await page.locator("[data-items] .row >> text=in this account").first().waitFor();
  expect(await page.locator("[data-items] .row >> text=yours").count()).toBe(0);
  await shot(page, "items-phone-list");
  await tabTo(`[data-item="${place.hero}"] > .row`);
  await page.keyboard.press("Enter");
  await page.locator("[data-detail]").waitFor();
  expect(await page.locator(".items").isVisible()).toBe(false);
  expect(await page.locator("[data-action='send']").count()).toBe(0);
  await shot(page, "items-phone-hero");
  expect(await focus("[data-detail]")).toBe(true);
  await tabTo('[data-action="back"]');
  await page.keyboard.press("Enter");
  await page.locator(".items").waitFor();
  await expect.poll(() => focus(`[data-item="${place.hero}"] > .row`)).toBe(true);
  await page.keyboard.press("Enter");
  await page.locator("[data-detail]").waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  const small = await page
    .locator("button:visible, summary:visible")
    .evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().height < 34).map((one) => one.textContent));
  expect(small).toEqual([]);
  expect(await seriousFaults(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await close();
});

test("a gateway that lies is not believed, one that is away is waited for, and what was shown stays", async () => {
  const { page, close } = await place.pages.open(browser);
  await page.goto(`${origin}/`);
  await page.locator("[data-caught-up]").waitFor();
  await page.locator('[data-action="wallets"]').click();
  await page.locator('[data-extension="polkadot-js"]').click();
  await page.locator("[data-item]").first().waitFor();
  const shown = await page.locator("[data-item]").count();
  place.pages.lies = (answer) => answer.map((byte, i) => (i > 40 ? byte ^ 1 : byte));
  place.world.chain.newBlock();
  await page.locator('[data-notice="not-believed"], [data-notice="malformed"]').waitFor();
  expect(await page.locator("[data-item]").count()).toBe(shown);
  place.pages.lies = undefined;
  place.pages.away = true;
  await page.locator('[data-notice="unreachable"]').waitFor();
  await shot(page, "items-unreachable");
  place.pages.away = false;
  await page.locator("[data-notice]").waitFor({ state: "detached", timeout: 60_000 });
  await page.locator(`[data-caught-up] summary:has-text("block ${place.world.chain.finalized.number}")`).waitFor();
  await close();
});

test("what a room has used up is shown so, is neither sold nor put on, and its owner burns it on the chain", async () => {
  const { page, complaints, close } = await place.pages.open(browser);
  const { lantern, world } = place;
  await place.say(world.issuer, { op: "SETPROPERTY", nft: lantern, key: usedProperty, value: true, freeze: true });
  await page.goto(`${origin}/`);
  await page.locator("[data-caught-up]").waitFor();
  await page.locator('[data-action="wallets"]').click();
  await page.locator('[data-extension="polkadot-js"]').click();
  await page.locator(`[data-used="${lantern}"]:has-text("used up – burn it on chain")`).waitFor();
  await page.locator(`[data-item="${lantern}"] > .row:has-text("used up")`).click();
  await page.locator('[data-detail] dt:has-text("Used up")').waitFor();
  expect(await page.locator('[data-action="list"], [data-action="wear"]').count()).toBe(0);
  await shot(page, "items-used-up");
  expect(await seriousFaults(page)).toEqual([]);
  await blockAfter(() => page.locator(`[data-used="${lantern}"] [data-action="burn-used"]`).click());
  await page.locator('[data-stage="final"] >> text=Burn').waitFor();
  await page.locator(`[data-used]`).waitFor({ state: "detached" });
  expect((await place.view()).items.nfts.has(lantern)).toBe(false);
  expect(complaints).toEqual([]);
  await close();
});

test("what was worn when it was used up is seen on its wearer no more, and can be taken off", async () => {
  const { page, complaints, close } = await place.pages.open(browser);
  const { hero, crown, world } = place;
  await page.goto(`${origin}/`);
  await page.locator("[data-caught-up]").waitFor();
  await page.locator('[data-action="wallets"]').click();
  await page.locator('[data-extension="polkadot-js"]').click();
  await page.locator(`[data-item="${hero}"] > .row`).click();
  const hat = page.locator('[data-slot="hat"]');
  await blockAfter(() => hat.locator(".choice").click());
  await page.locator(`[data-slot="hat"][data-worn="${crown}"]`).waitFor();
  await page.locator("h1").hover();
  const layers = page.locator(".figure [data-layer]");
  await expect.poll(() => layers.count()).toBe(4);
  await place.say(world.issuer, { op: "SETPROPERTY", nft: crown, key: usedProperty, value: true, freeze: true });
  await expect.poll(() => layers.count()).toBe(3);
  await blockAfter(() => hat.locator(".choice").click());
  await page.locator('[data-slot="hat"]:not([data-worn])').waitFor();
  expect(complaints).toEqual([]);
  await close();
});

test("an item whose description or picture is nothing that can be read is an unknown item, and nothing else breaks", async () => {
  const { page, complaints, asked, close } = await place.pages.open(browser, { wallet: false });
  const { issuer, collection } = place.world;
  place.world.createCollection(await place.view());
  const broken = [
    'https://example.org/{"name":',
    "ipfs://not-a-hash",
    "ipfs://bafkreiaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  ];
  const items = broken.map((metadata, i) => mintOf(collection, i + 1, player, { metadata, symbol: `broken_${i}` }));
  await place.say(issuer, ...items, mintOf(collection, 9, player, { metadata: undefined, symbol: "bare" }));
  await page.goto(`${origin}/`);
  await page.locator("[data-caught-up]").waitFor();
  await page.locator('[data-action="wallets"]').click();
  await page.locator('[data-field="address"]').fill(playerAddress);
  await page.locator('[data-action="look"]').click();
  for (const name of ["Broken 0", "Broken 1", "Broken 2", "Bare"]) {
    await page.locator(`[data-item] > .row:has-text("${name}")`).click();
    await page.locator('[data-detail] [data-unknown]:has-text("This page has no picture of it")').waitFor();
    const shown = page.locator(".figure img");
    expect(await shown.count()).toBe(1);
    expect(await shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  }
  await page.locator(`[data-item="${place.hero}"] > .row`).click();
  await expect.poll(() => page.locator(".figure [data-layer]").count()).toBe(3);
  expect(await page.locator("[data-detail] [data-unknown]").count()).toBe(0);
  expect(complaints).toEqual([]);
  expect(asked.filter((address) => address.includes(":"))).toEqual([]);
  await close();
});
