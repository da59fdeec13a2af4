/** A whole place as `npm start` runs it, and windows of a real browser on it. */
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { startPlace, type Place } from "#cli/place.ts";
import { worldId } from "#protocol/manifest.ts";
import { launchChromium, launchChromiumThatDraws } from "../browser/chromium.ts";
import { contractsFolder, pageFolder, rootFolder } from "../support/folders.ts";

/** Its terms: what pages are built for. */
const development = { name: "phatroom development", development: true } as const;

export const artifacts = join(rootFolder, "tests/artifacts");

export const desktop = { width: 1280, height: 800 };
export const phone = { width: 390, height: 844 };

export interface WindowOptions {
  readonly viewport?: typeof desktop;
  readonly touch?: boolean;
  /** The page's own policy lets no other script in; for tools that look at the page from inside. */
  readonly bypassCSP?: boolean;
}

export interface World {
  readonly place: Place;
  /** 32 bytes. */
  readonly id: Uint8Array;
  readonly browser: Browser;
  /** A window with a storage of its own, as another person's device has. */
  window(options?: WindowOptions): Promise<Window>;
  close(): Promise<void>;
}

export interface Window {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page complained about: errors thrown, errors on the console. */
  readonly complaints: string[];
  shot(name: string): Promise<void>;
}

interface WorldOptions {
  /** Whose pages may use the place, besides its own. */
  readonly origins?: readonly string[];
  /** Whether pages draw a scene. */
  readonly draws?: boolean;
}

export async function openWorld({ origins = [], draws = false }: WorldOptions = {}): Promise<World> {
  const place = await startPlace({
    world: development,
    contracts: contractsFolder,
    directory: mkdtempSync(join(tmpdir(), "phatroom-journey-")),
    gateway: { page: pageFolder, origins, log: () => undefined },
  });
  const browser = await (draws ? launchChromiumThatDraws() : launchChromium());
  return {
    place,
    id: worldId(development),
    browser,
    window: (options) => openWindow(browser, options),
    async close() {
      await browser.close();
      await place.close();
    },
  };
}

/** A window with a storage of its own. */
export async function openWindow(
  browser: Browser,
  { viewport = desktop, touch = false, bypassCSP = false }: WindowOptions = {},
): Promise<Window> {
  mkdirSync(artifacts, { recursive: true });
  const context = await browser.newContext({
    viewport,
    hasTouch: touch,
    isMobile: touch,
    reducedMotion: "reduce",
    bypassCSP,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  return {
    page,
    context,
    complaints,
    shot: async (name) => {
      await page.screenshot({ path: join(artifacts, `${name}.png`) });
    },
  };
}
