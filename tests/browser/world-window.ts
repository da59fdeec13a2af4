/** The page of Phala World in a real browser, from files on the disk, and what its pictures look like. */
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { rehearsalFolder } from "../support/folders.ts";

const origin = "http://localhost";

const types: { readonly [extension: string]: string } = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

export interface WorldWindow {
  readonly page: Page;
  /** Errors thrown and errors on the console. */
  readonly complaints: readonly string[];
  /** Bytes of every file that was asked for, compressed as a server would. */
  readonly bytes: ReadonlyMap<string, number>;
  /** Waits until the picture is complete. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

interface WindowOptions extends BrowserContextOptions {
  /** A file that is not there. */
  readonly missing?: RegExp;
  /** A file that is on its way for as long as the page lives. */
  readonly late?: RegExp;
  /** Runs in the page before anything else. */
  readonly before?: () => void;
}

export async function openWorldPage(
  browser: Browser,
  search: string,
  options: WindowOptions = {},
): Promise<WorldWindow> {
  const { missing, late, before, ...contextOptions } = options;
  const context = await browser.newContext({ viewport: { width: 640, height: 400 }, ...contextOptions });
  const page = await context.newPage();
  page.setDefaultTimeout(90_000);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  const bytes = new Map<string, number>();
  await page.route(`${origin}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    const file = pathname === "/" ? "/index.html" : pathname;
    if (late?.test(file) === true) return;
    const body =
      missing?.test(file) === true ? undefined : await readFile(join(rehearsalFolder, file)).catch(() => undefined);
    if (body === undefined) return route.fulfill({ status: 404, body: "" });
    bytes.set(file, gzipSync(body).length);
    return route.fulfill({ body, contentType: types[extname(file)] ?? "application/octet-stream" });
  });
  if (before !== undefined) await page.addInitScript(before);
  // "load" waits for the first frames, which can take half a minute here.
  await page.goto(`${origin}/${search}`, { waitUntil: "commit" });
  return {
    page,
    complaints,
    bytes,
    ready: async () => {
      await page.locator("html[data-ready]").waitFor({ state: "attached" });
    },
    close: () => context.close(),
  };
}

export interface PictureFacts {
  /** Mean red, green and blue of the upper and the lower third, 0 to 255. */
  readonly upper: readonly [number, number, number];
  readonly lower: readonly [number, number, number];
  /** Spread of brightness: near 0 for a picture of one colour. */
  readonly contrast: number;
  /** Colours, when each channel has sixteen steps. */
  readonly colours: number;
  /** Share of pixels that are acid green. */
  readonly lime: number;
}

/** Measures a screenshot inside a page, which has the decoder. */
export async function factsOf(page: Page, png: Buffer): Promise<PictureFacts> {
  const blank = await page.context().newPage();
  try {
    return await blank.evaluate(measurePicture, png.toString("base64"));
  } finally {
    await blank.close();
  }
}

async function measurePicture(base64: string): Promise<PictureFacts> {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const pen = canvas.getContext("2d")!;
  pen.drawImage(bitmap, 0, 0);
  const { data } = pen.getImageData(0, 0, bitmap.width, bitmap.height);
  const count = data.length / 4;
  const thirds = [
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ];
  const colours = new Set<number>();
  let [sum, squares, lime] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const [r, g, b] = [data[i * 4]!, data[i * 4 + 1]!, data[i * 4 + 2]!];
    const third = thirds[Math.floor((i / count) * 3)]!;
    [r, g, b].forEach((value, channel) => {
      third[channel] = third[channel]! + (value * 3) / count;
    });
    const bright = 0.3 * r + 0.6 * g + 0.1 * b;
    sum += bright;
    squares += bright * bright;
    colours.add((r >> 4) * 256 + (g >> 4) * 16 + (b >> 4));
    if (g > 170 && r > 110 && b < g - 70 && r < g + 20) lime += 1;
  }
  return {
    upper: thirds[0] as unknown as [number, number, number],
    lower: thirds[2] as unknown as [number, number, number],
    contrast: Math.sqrt(squares / count - (sum / count) ** 2),
    colours: colours.size,
    lime: lime / count,
  };
}
