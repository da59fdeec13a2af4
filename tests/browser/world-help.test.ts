/** What the help of Phala World tells: what fingers do where a finger points, and keys where there are some. */
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromiumThatDraws } from "./chromium.ts";
import { openWorldPage, type WorldWindow } from "./world-window.ts";

const few = "?quality=low&cast=0&pixels=0.1";
const finger = { hasTouch: true, isMobile: true };

/** A screen to touch and a mouse: what the system says that pages are pointed at with, as Chromium writes it. */
const both = (mainly: "finger" | "mouse"): string =>
  `--blink-settings=availablePointerTypes=6,primaryPointerType=${mainly === "finger" ? 2 : 4}`;

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromiumThatDraws();
}, 240_000);
afterAll(() => browser?.close());

async function inside(opener: Browser, more: object): Promise<WorldWindow> {
  const window = await openWorldPage(opener, few, { viewport: { width: 820, height: 600 }, ...more });
  await window.ready();
  await window.page.locator('[data-action="enter"]').click();
  await window.page.locator("html[data-at]").waitFor({ state: "attached" });
  return window;
}

/** What the help shows. */
async function helpOf(page: Page): Promise<readonly string[]> {
  await page.locator('[data-action="help"]').click();
  await page.locator("dialog[open]").waitFor();
  const parts: readonly (readonly [string, Locator])[] = [
    ["stick", page.locator('[data-part="fingers"]').getByText("Push the stick")],
    ["fingers", page.locator('[data-part="fingers"]').getByText("Two fingers apart")],
    ["keys", page.locator('[data-part="keys"] kbd', { hasText: /^W$/ })],
  ];
  const shown = await Promise.all(parts.map(async ([name, part]) => ((await part.isVisible()) ? [name] : [])));
  await page.locator('[data-action="close"]').click();
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  return shown.flat();
}

test.for([
  ["a mouse", undefined, {}, ["keys"]],
  ["a finger", undefined, finger, ["stick", "fingers"]],
  ["a finger, and a mouse besides", both("finger"), {}, ["stick", "fingers", "keys"]],
  ["a mouse, and a finger besides", both("mouse"), {}, ["fingers", "keys"]],
] as const)("where one points with %s, the help tells what that does", async ([, flag, more, told]) => {
  const opener = flag === undefined ? browser : await launchChromiumThatDraws([flag]);
  const window = await inside(opener, more);
  const { page } = window;
  expect(await helpOf(page)).toEqual(told);
  // The stick is told of where there is one.
  expect(await page.locator('[data-control="stick"]').isVisible()).toBe((told as readonly string[]).includes("stick"));
  await window.close();
  if (opener !== browser) await opener.close();
});

test("whoever has put a keyboard before a phone is told of its keys from the first one on", async () => {
  const window = await inside(browser, finger);
  const { page } = window;
  await page.keyboard.press("w");
  expect(await helpOf(page)).toEqual(["stick", "fingers", "keys"]);
  await window.close();
});
