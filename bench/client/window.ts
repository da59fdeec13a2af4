/** One window of the world's page, and what it costs while it draws. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium, type Page } from "playwright-core";

export interface WindowTimes {
  readonly firstFrameMs: number;
  readonly readyMs: number;
  /** Drawn while it was measured. */
  readonly frames: number;
  /** Processor time of all of the browser's processes meanwhile. */
  readonly cpuMs: number;
  /** Of the page's own script, for each frame. */
  readonly scriptMs: number;
  readonly heapBytes: number;
  readonly networkBytes: number;
}

const usualPlaces = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
/** Mesa's software renderer is four times faster than Chromium's own. */
const mesa = "/usr/lib/x86_64-linux-gnu/libEGL_mesa.so.0";
const origin = "http://localhost";
const types: { readonly [extension: string]: string } = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** @throws Error if there is no Chromium. */
export async function measureWindow(
  folder: string,
  level: string,
  avatars: number,
  seconds: number,
): Promise<WindowTimes> {
  const path = process.env["CHROMIUM"] ?? usualPlaces.find((place) => existsSync(place));
  if (path === undefined) throw new Error("There is no Chromium here: install it, or set CHROMIUM to its path.");
  const drawing = existsSync(mesa)
    ? ["--use-gl=angle", "--use-angle=gles-egl"]
    : ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"];
  const server = await chromium.launchServer({
    executablePath: path,
    headless: true,
    args: [
      "--no-sandbox",
      "--ignore-gpu-blocklist",
      "--enable-precise-memory-info",
      "--js-flags=--expose-gc",
      ...drawing,
    ],
  });
  try {
    const browser = await chromium.connect(server.wsEndpoint());
    const page = await browser.newPage({ viewport: { width: 640, height: 360 } });
    const bytes = await serve(page, folder);
    // One's own avatar is one of them.
    await page.goto(`${origin}/?quality=${level}&cast=${avatars - 1}`, { waitUntil: "commit" });
    await page.locator("html[data-ready]").waitFor({ state: "attached", timeout: 180_000 });
    await page.locator('[data-action="enter"]').click({ timeout: 60_000 });
    await page.waitForTimeout(1000);
    const before = await look(page);
    const cpuBefore = cpuMsOf(server.process().pid!);
    await page.waitForTimeout(seconds * 1000);
    const after = await look(page);
    const frames = after.frames - before.frames;
    return {
      firstFrameMs: after.firstFrameMs,
      readyMs: after.readyMs,
      frames,
      cpuMs: cpuMsOf(server.process().pid!) - cpuBefore,
      scriptMs: frames === 0 ? 0 : (after.scriptMs - before.scriptMs) / frames,
      heapBytes: after.heapBytes,
      networkBytes: [...bytes.values()].reduce((sum, length) => sum + length, 0),
    };
  } finally {
    await server.close();
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

interface Look {
  readonly frames: number;
  readonly firstFrameMs: number;
  readonly readyMs: number;
  readonly scriptMs: number;
  readonly heapBytes: number;
}

const look = (page: Page): Promise<Look> =>
  page.evaluate(`(() => {
    globalThis.gc?.();
    const { frames, firstFrameMs, readyMs, scriptMs } = document.documentElement.dataset;
    return {
      frames: Number(frames), firstFrameMs: Number(firstFrameMs), readyMs: Number(readyMs), scriptMs: Number(scriptMs),
      heapBytes: performance.memory.usedJSHeapSize,
    };
  })()`);

/** Of a process and all that came from it. Linux counts in hundredths of a second. */
function cpuMsOf(root: number): number {
  const parents = new Map<number, number>();
  const spent = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      // The second field is a name in brackets, which may hold anything.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      parents.set(Number(name), Number(fields[1]));
      spent.set(Number(name), (Number(fields[11]) + Number(fields[12])) * 10);
    } catch {
      // It ended while we looked.
    }
  }
  const isOurs = (pid: number | undefined): boolean =>
    pid === root || (pid !== undefined && pid > 1 && isOurs(parents.get(pid)));
  return [...spent].reduce((sum, [pid, ms]) => sum + (isOurs(pid) ? ms : 0), 0);
}
