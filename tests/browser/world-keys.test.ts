/** Choosing keys in Phala World by keys alone: they walk, are kept, are told of, and can be set back. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Screens } from "../journeys/axe.ts";
import { launchChromiumThatDraws } from "./chromium.ts";
import { openWorldPage, type WorldWindow } from "./world-window.ts";

const few = "?quality=low&cast=0&pixels=0.1";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromiumThatDraws();
}, 240_000);
afterAll(() => browser?.close());

async function enter(page: Page): Promise<void> {
  await page.locator("html[data-ready]").waitFor({ state: "attached" });
  await page.locator('[data-action="enter"]').press("Enter");
  await page.locator("html[data-at]").waitFor({ state: "attached" });
}

async function inside(options: object = {}): Promise<WorldWindow> {
  const window = await openWorldPage(browser, few, { viewport: { width: 1280, height: 720 }, ...options });
  await enter(window.page);
  return window;
}

/** By the letter that opens the settings, and Tab. */
async function openKeys(page: Page, letter = "o"): Promise<void> {
  await page.keyboard.press(letter);
  await page.locator("dialog[open]").waitFor();
  await tabTo(page, "summary");
  await page.keyboard.press("Enter");
  await page.locator('[data-key-of="ahead"]').waitFor();
}

/** Presses Tab until the focus is there. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${selector}`);
}

const nameOf = (page: Page, action: string): Promise<string | null> =>
  page.locator(`[data-key-of="${action}"]`).textContent();

const said = (page: Page): Promise<string> => page.locator('[data-part="keys"] [role="status"]').innerText();

async function wait(page: Page, action: string): Promise<void> {
  await tabTo(page, `[data-key-of="${action}"]`);
  await page.keyboard.press("Enter");
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("data-field"))).toBe("key");
}

async function choose(page: Page, action: string, key: string): Promise<void> {
  await wait(page, action);
  await page.keyboard.press(key);
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("data-key-of"))).toBe(action);
}

async function close(page: Page): Promise<void> {
  await page.keyboard.press("Escape");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
}

/** Holds a key until the own avatar stands somewhere else. */
async function walks(page: Page, key: string): Promise<void> {
  const at = await page.locator("html").getAttribute("data-at");
  await page.keyboard.down(key);
  await page.locator(`html:not([data-at="${at}"])`).waitFor({ state: "attached" });
  await page.keyboard.up(key);
}

test("by keys alone one chooses others, walks with them, finds them in hints and help, and again after a reload", async () => {
  const window = await inside();
  const { page } = window;
  await openKeys(page);
  expect(await nameOf(page, "ahead")).toBe("Walk ahead: W");
  await choose(page, "ahead", "i");
  expect(await nameOf(page, "ahead")).toBe("Walk ahead: I");
  expect(await nameOf(page, "soul")).toBe("Spirit and Shell: W");
  expect(await said(page)).toBe("Walk ahead: I. Spirit and Shell: W.");
  await choose(page, "act", "Space");
  await choose(page, "turn-left", "ArrowLeft");
  await choose(page, "settings", "b");
  await choose(page, "wave", "k");
  await close(page);
  await walks(page, "i");
  await page.locator(".hint kbd", { hasText: /^I$/ }).waitFor();
  expect(await page.locator('[data-emote="wave"]').getAttribute("aria-keyshortcuts")).toBe("K");
  await page.keyboard.press("h");
  const help = page.locator('[data-part="keys"] .keys > div');
  expect(await help.filter({ hasText: "Walk ahead" }).locator("kbd").allInnerTexts()).toEqual(["I", "↑"]);
  expect(await help.filter({ hasText: "Look left" }).locator("kbd").allInnerTexts()).toEqual(["←"]);
  expect(await help.filter({ hasText: "Walk left" }).locator("kbd").allInnerTexts()).toEqual(["A"]);
  expect(await help.filter({ hasText: "or dig" }).locator("kbd").allInnerTexts()).toEqual(["Space"]);
  await close(page);

  await page.reload({ waitUntil: "commit" });
  await enter(page);
  await walks(page, "i");
  await openKeys(page, "b");
  expect(await nameOf(page, "ahead")).toBe("Walk ahead: I");
  await tabTo(page, '[data-action="usual-keys"]');
  await page.keyboard.press("Enter");
  await expect.poll(() => nameOf(page, "ahead")).toBe("Walk ahead: W");
  expect(await nameOf(page, "settings")).toBe("Settings: O");
  expect(await said(page)).toBe("All keys are the usual ones.");
  await close(page);
  await walks(page, "w");
  expect(window.complaints).toEqual([]);
  await window.close();
});

test("Escape leaves a key as it was and the settings open, Tab goes on, and what is reserved is refused in a sentence", async () => {
  const window = await inside({ bypassCSP: true });
  const { page } = window;
  const screens = new Screens();
  await openKeys(page);
  await screens.look("keys", page);
  await wait(page, "dance");
  await screens.look("a key is waited for", page);
  await page.keyboard.press("Enter");
  await expect.poll(() => said(page)).toMatch(/^Enter .* cannot be chosen\.$/);
  await page.keyboard.press("F5");
  await expect.poll(() => said(page)).toMatch(/^That key .* cannot be chosen\.$/);
  await page.keyboard.press("Escape");
  await expect.poll(() => said(page)).toBe("Dance is as it was.");
  expect(await page.locator("dialog[open]").count()).toBe(1);
  expect(await nameOf(page, "dance")).toBe("Dance: 2");

  await wait(page, "dance");
  await page.keyboard.press("Tab");
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("data-key-of"))).toBe("cheer");
  expect(await said(page)).toMatch(/^Tab .* cannot be chosen\.$/);
  await page.keyboard.press("Enter");
  await page.locator('[data-field="key"]').waitFor();
  await page.keyboard.press("Shift+Tab");
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("data-key-of"))).toBe("dance");
  expect(await nameOf(page, "cheer")).toBe("Cheer: 3");
  await choose(page, "dance", "ShiftRight");
  expect(await nameOf(page, "dance")).toBe("Dance: Right Shift");
  expect(screens.faults).toEqual({});
  expect(window.complaints).toEqual([]);
  await window.close();
});

test("a hint stays beside the emotes, however long the names of the chosen keys are", async () => {
  const window = await openWorldPage(browser, few, {
    viewport: { width: 1061, height: 700 },
    before: () => {
      const keys = {
        ahead: "PageDown",
        back: "Backspace",
        left: "NumpadSubtract",
        right: "NumpadMultiply",
        wave: "NumpadAdd",
      };
      localStorage.setItem("phala-world-settings", JSON.stringify({ keys }));
    },
  });
  const { page } = window;
  await enter(page);
  const [hint, emotes] = await Promise.all([
    page.locator(".hint", { hasText: "Page down" }).boundingBox(),
    page.locator(".emotes").boundingBox(),
  ]);
  expect(hint!.x).toBeGreaterThan(emotes!.x + emotes!.width);
  await window.close();
});

test("where the browser does not tell what is printed on keys, a chosen key is called what it wrote", async () => {
  const before = (): void => {
    Object.defineProperty(navigator, "keyboard", { value: undefined });
  };
  const window = await inside({ before });
  const { page } = window;
  await openKeys(page);
  await wait(page, "ahead");
  // On a French keyboard.
  await page
    .locator('[data-field="key"]')
    .dispatchEvent("keydown", { code: "KeyW", key: "z", bubbles: true, cancelable: true });
  await expect.poll(() => nameOf(page, "ahead")).toBe("Walk ahead: Z");
  await page.reload({ waitUntil: "commit" });
  await enter(page);
  await page.locator(".hint kbd", { hasText: /^Z$/ }).waitFor();
  await window.close();
});
