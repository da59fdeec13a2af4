/** What lies over the picture of Phala World, in windows of many sizes: nothing covers what somebody has to read or press. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromiumThatDraws } from "./chromium.ts";
import { openWorldPage, type WorldWindow } from "./world-window.ts";

const few = "?quality=low&cast=0&pixels=0.1";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromiumThatDraws();
}, 240_000);
afterAll(() => browser?.close());

const finger = { hasTouch: true, isMobile: true };

const windows = [
  ["a laptop", 1280, 720, {}],
  ["a laptop, twice as large", 720, 450, {}],
  ["a tablet", 820, 1180, finger],
  ["a small phone", 360, 640, finger],
  ["a small phone held across", 667, 375, finger],
] as const;

async function open(width: number, height: number, more: object): Promise<WorldWindow> {
  const window = await openWorldPage(browser, few, { viewport: { width, height }, ...more });
  await window.ready();
  return window;
}

/** Pairs of these that cover each other, and each that is not whole in the window. */
const crowded = (page: Page, selectors: readonly string[]): Promise<readonly string[]> =>
  page.evaluate((wanted) => {
    const shown = wanted.flatMap((selector) =>
      [...document.querySelectorAll(selector)]
        .map((element) => ({ selector, box: element.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0),
    );
    const cut = shown.filter(
      ({ box }) => box.left < 0 || box.top < 0 || box.right > innerWidth + 0.5 || box.bottom > innerHeight + 0.5,
    );
    const pairs = shown.flatMap((one, i) =>
      shown
        .slice(i + 1)
        .filter(
          ({ box }) =>
            box.left < one.box.right - 0.5 &&
            box.right > one.box.left + 0.5 &&
            box.top < one.box.bottom - 0.5 &&
            box.bottom > one.box.top + 0.5,
        )
        .map((other) => `${one.selector} and ${other.selector}`),
    );
    return [...cut.map(({ selector }) => `${selector} is cut`), ...pairs];
  }, selectors);

const focused = (page: Page): Promise<string | null | undefined> =>
  page.evaluate(() => document.activeElement?.getAttribute("data-action") ?? document.activeElement?.id);

test("who presses a button with the mouse walks on with the arrows, and talks with Enter", async () => {
  const window = await open(720, 450, {});
  const { page } = window;
  await page.locator('[data-action="enter"]').click();
  await page.locator("html[data-at]").waitFor({ state: "attached" });
  await page.locator('[data-emote="wave"]').click();
  expect(await focused(page)).toBe("picture");
  await page.locator('[data-action="people"]').click();
  await page.locator("dialog[open]").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  expect(await focused(page)).toBe("picture");
  const at = await page.locator("html").getAttribute("data-at");
  await page.keyboard.down("ArrowUp");
  await page.locator(`html:not([data-at="${at}"])`).waitFor({ state: "attached" });
  await page.keyboard.up("ArrowUp");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("data-field"))).toBe("chat");
  await window.close();
});

test.for(windows)(
  "on %s every choice of the welcome can be reached, and nothing inside is covered",
  async ([, width, height, more]) => {
    const window = await open(width, height, more);
    const { page } = window;
    expect(await crowded(page, [".chip", ".tool", ".welcome"])).toEqual([]);
    for (const choice of [".choices .field", ".races", ".swatches"]) {
      const last = page.locator(choice).last();
      await last.scrollIntoViewIfNeeded();
      const [box, button] = await Promise.all([
        last.boundingBox(),
        page.locator('[data-action="enter"]').boundingBox(),
      ]);
      expect(box!.y, choice).toBeGreaterThanOrEqual(0);
      expect(box!.y + box!.height, choice).toBeLessThanOrEqual(button!.y + 0.5);
    }
    await page.locator('[data-action="enter"]').click();
    await page.locator('[data-stage="inside"]').waitFor();
    for (const line of ["one", "two", "three", "four", "five", "six", "seven", "eight"]) {
      await page
        .locator('[data-field="chat"]')
        .fill(`${line}, and long enough that it takes more than one line of a chat`);
      await page.keyboard.press("Enter");
    }
    expect(await crowded(page, [".chip", ".tool", ".log", ".say", ".emotes", ".stick"])).toEqual([]);

    for (const panel of ["looks", "help"]) {
      await page.locator(`[data-action="${panel}"]`).focus();
      await page.keyboard.press("Enter");
      await page.locator("dialog[open]").waitFor();
      // The shield is always visible.
      expect(await crowded(page, [".chip", "dialog[open]"])).toEqual([]);
      await page.locator('[data-action="close"]').click();
      await page.locator("dialog[open]").waitFor({ state: "detached" });
      // Whoever has no mouse goes on from where they were.
      expect(await focused(page)).toBe(panel);
    }
    await window.close();
  },
);
