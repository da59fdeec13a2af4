/** One window of the world's page. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium, type Page } from "playwright-core";

/** How a browser draws. */
export interface Drawing {
  /** What Chromium is told about it. */
  readonly flags: readonly string[];
  readonly width: number;
  readonly height: number;
  /** Pixels of the screen for each of the page's, along one side. */
  readonly density: number;
}

const usualPlaces = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const origin = "http://localhost";
const types: { readonly [extension: string]: string } = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

export interface OpenWindow {
  readonly page: Page;
  /** Of the browser, from which all its processes come. */
  readonly pid: number;
  /** Compressed, by file, as they are asked for. */
  readonly bytes: ReadonlyMap<string, number>;
  readonly close: () => Promise<void>;
}

/**
 * A rehearsal of the world, entered.
 *
 * @param folder with the page.
 * @param avatars of which one's own is one.
 * @throws Error if there is no Chromium, or if the page does not open.
 */
export async function openWindow(
  folder: string,
  level: string,
  avatars: number,
  drawing: Drawing,
): Promise<OpenWindow> {
  const path = process.env["CHROMIUM"] ?? usualPlaces.find((place) => existsSync(place));
  if (path === undefined) throw new Error("There is no Chromium here: install it, or set CHROMIUM to its path.");
  const server = await chromium.launchServer({
    executablePath: path,
    headless: true,
    args: [
      "--no-sandbox",
      "--ignore-gpu-blocklist",
      "--enable-precise-memory-info",
      "--js-flags=--expose-gc",
      ...drawing.flags,
    ],
  });
  try {
    const browser = await chromium.connect(server.wsEndpoint());
    const { width, height, density } = drawing;
    const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: density });
    const bytes = await serve(page, folder);
    await page.goto(`${origin}/?quality=${level}&cast=${avatars - 1}`, { waitUntil: "commit" });
    await page.locator("html[data-ready]").waitFor({ state: "attached", timeout: 180_000 });
    await page.locator('[data-action="enter"]').click({ timeout: 60_000 });
    await page.waitForTimeout(1000);
    return { page, pid: server.process().pid!, bytes, close: () => server.close() };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** From the disk. @returns compressed bytes by file, as they are asked for. */
async function serve(page: Page, folder: string): Promise<ReadonlyMap<string, number>> {
  const bytes = new Map<string, number>();
  await page.route(`${origin}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    const file = pathname === "/" ? "/index.html" : pathname;
    const body = await readFile(join(folder, file)).catch(() => undefined);
    if (body === undefined) return route.fulfill({ status: 404, body: "" });
    bytes.set(file, gzipSync(body).length);
    return route.fulfill({ body, contentType: types[extname(file)] ?? "application/octet-stream" });
  });
  return bytes;
}
