/** The page of Phala World in Chromium: what it weighs, what it looks like, and that anybody can use it. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Screens } from "../journeys/axe.ts";
import { rootFolder } from "../support/folders.ts";
import { launchChromiumThatDraws } from "./chromium.ts";
import { factsOf, openWorldPage } from "./world-window.ts";

const artifacts = join(rootFolder, "tests/artifacts");

/** What is only walked in and read needs no fine picture: whoever draws here has no graphics card. */
const few = "?quality=low&cast=0&pixels=0.1";

/** Everything until one walks, compressed. The issue allows 1.5 MB and aims at 1 MB. */
const bytesUntilWalkingMax = 1_000_000;

let browser: Browser;
beforeAll(async () => {
  await mkdir(artifacts, { recursive: true });
  browser = await launchChromiumThatDraws();
}, 240_000);
afterAll(() => browser?.close());

const at = (page: Page): Promise<string | null> => page.locator("html").getAttribute("data-at");

/** Holds a key until the own avatar stands somewhere else. */
async function walk(page: Page, key: string): Promise<void> {
  const from = await at(page);
  await page.keyboard.down(key);
  await page.locator(`html:not([data-at="${from}"])`).waitFor({ state: "attached" });
  await page.keyboard.up(key);
}

async function focusIsOn(page: Page, selector: string): Promise<boolean> {
  return page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);
}

/** Presses Tab until the focus is there, as somebody without a mouse does. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    if (await focusIsOn(page, selector)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${selector}`);
}

test("by keyboard alone: enter, walk, talk, wave, put on a part, read the help; it is light; axe finds no serious fault", async () => {
  // The page's own policy lets no other script in; only here.
  const window = await openWorldPage(browser, few, { bypassCSP: true });
  const { page } = window;
  await window.ready();
  const screens = new Screens();
  await screens.look("welcome", page);
  await tabTo(page, '[data-field="name"]');
  await page.keyboard.type("Ada");
  await tabTo(page, 'input[name="race"]');
  await page.keyboard.press("ArrowUp");
  await tabTo(page, '[data-action="enter"]');
  await page.keyboard.press("Enter");
  await page.locator('[data-stage="inside"]').waitFor();
  await page.locator("html[data-at]").waitFor({ state: "attached" });
  await walk(page, "w");
  const together = [...window.bytes.values()].reduce((sum, length) => sum + length, 0);
  expect(together).toBeLessThan(bytesUntilWalkingMax);

  await page.keyboard.press("Enter");
  await expect.poll(() => focusIsOn(page, '[data-field="chat"]')).toBe(true);
  await page.keyboard.type("hello, wasd");
  await page.keyboard.press("Enter");
  await page.locator('[role="log"] [data-own]', { hasText: "hello, wasd" }).waitFor();
  await walk(page, "d");

  await page.keyboard.press("l");
  const head = page.locator('[data-slot="head"]');
  await head.waitFor();
  await tabTo(page, '[data-slot="head"]');
  await page.keyboard.press("ArrowDown");
  expect(await head.inputValue()).toBe("wizard-hood");
  await page.keyboard.press("Escape");
  await head.waitFor({ state: "detached" });
  await page.keyboard.press("h");
  await page.locator('dialog [data-part="keys"] .keys').waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("1");
  await walk(page, "ArrowLeft");
  await screens.look("inside", page);
  for (const panel of ["looks", "people", "settings", "help"]) {
    await page.locator(`[data-action="${panel}"]`).click();
    await page.locator("dialog[open]").waitFor();
    await screens.look(panel, page);
    await page.locator('[data-action="close"]').click();
    await page.locator("dialog[open]").waitFor({ state: "detached" });
  }
  await page.locator(".chip").click();
  await page.locator("dialog[open]").waitFor();
  await screens.look("shield", page);
  expect(screens.faults).toEqual({});
  expect(screens.names).toHaveLength(7);
  expect(window.complaints).toEqual([]);
  await window.close();
});

test("a dusk is drawn: violet above, lit below, with acid green in it, the same at the same moment", async () => {
  const window = await openWorldPage(browser, "?quality=low&cast=30&frozen=6");
  const { page } = window;
  await window.ready();
  await page.locator('[data-action="enter"]').click();
  const drawn = async (): Promise<Buffer> => {
    const frames = Number(await page.locator("html").getAttribute("data-frames"));
    await page.waitForFunction((before) => Number(document.documentElement.dataset["frames"]) > before + 1, frames);
    return page.locator("#picture").screenshot({ path: join(artifacts, "world-desktop.png"), timeout: 90_000 });
  };
  const facts = await factsOf(page, await drawn());
  const [red, green, blue] = facts.upper;
  expect(red).toBeGreaterThan(green);
  expect(blue).toBeGreaterThan(green);
  expect(facts.contrast).toBeGreaterThan(25);
  expect(facts.colours).toBeGreaterThan(300);
  expect(facts.lime).toBeGreaterThan(0.002);
  expect(facts.lime).toBeLessThan(0.2);
  const again = await factsOf(page, await drawn());
  again.upper.forEach((value, i) => expect(value).toBeCloseTo(facts.upper[i]!, 0));
  again.lower.forEach((value, i) => expect(value).toBeCloseTo(facts.lower[i]!, 0));
  expect(window.complaints).toEqual([]);
  await window.close();
});

test("while a model is on its way, the page says how much has arrived", async () => {
  const window = await openWorldPage(browser, "?quality=low&cast=0", { late: /avatar-xgene/, bypassCSP: true });
  const { page } = window;
  const bar = page.locator('[data-stage="loading"] progress');
  await expect.poll(() => bar.getAttribute("value").then(Number)).toBeGreaterThan(15);
  expect(Number(await bar.getAttribute("value"))).toBeLessThan(75);
  const screens = new Screens();
  await screens.look("loading", page);
  expect(screens.faults).toEqual({});
  await window.close();
});

test.for([
  ["a model does not arrive", "download", { missing: /avatar-xgene/ }],
  [
    "the browser has no WebGL 2",
    "graphics",
    {
      before: () => {
        HTMLCanvasElement.prototype.getContext = () => null;
      },
    },
  ],
] as const)("where %s, the page says so and what to do", async ([, reason, options]) => {
  const window = await openWorldPage(browser, "?quality=low&cast=0", { ...options, bypassCSP: true });
  const { page } = window;
  await page.locator(`[data-stage="failed"][data-reason="${reason}"] [role="alert"]`).waitFor();
  await page.locator('[data-action="reload"]').waitFor();
  const screens = new Screens();
  await screens.look("failed", page);
  expect(screens.faults).toEqual({});
  await window.close();
});
