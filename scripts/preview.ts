/**
 * Renders an item or a dressed avatar to PNG, seen from all around: what inventories and metadata show.
 *
 *   node scripts/preview.ts --look xgene.3.1.wizard-hood+blade --frames 8 --out previews
 *   node scripts/preview.ts --part warrior-helm --frames 1 --out previews
 *
 * Files are named for what they show: `<name>-<frame>.png`. Needs Chromium, as journeys do; draws without a graphics card.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { launchChromiumThatDraws } from "../tests/browser/chromium.ts";
import { buildWorld } from "./build-world.ts";

const folder = fileURLToPath(new URL("../.cache/preview-page", import.meta.url));
const origin = "http://localhost";
const types: { readonly [extension: string]: string } = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
};

interface Wanted {
  readonly kind: "look" | "part";
  readonly code: string;
  readonly frames: number;
  /** Pixels along each side. */
  readonly size: number;
}

/** @returns PNGs, the front first, then around by the left. */
export async function renderPreview({ kind, code, frames, size }: Wanted): Promise<Buffer[]> {
  const browser = await launchChromiumThatDraws();
  try {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await serve(page);
    const failed = new Promise<never>((_, reject) => page.on("pageerror", reject));
    await page.goto(`${origin}/preview/index.html?${kind}=${encodeURIComponent(code)}`, { waitUntil: "commit" });
    await Promise.race([page.locator("html[data-ready]").waitFor({ state: "attached", timeout: 120_000 }), failed]);
    const pictures: Buffer[] = [];
    for (let frame = 0; frame < frames; frame++) {
      const angle = (frame / frames) * 2 * Math.PI;
      const address = await page.evaluate(
        (given) => (globalThis as unknown as { turnTo(angle: number): string }).turnTo(given),
        angle,
      );
      pictures.push(Buffer.from(address.slice(address.indexOf(",") + 1), "base64"));
    }
    return pictures;
  } finally {
    await browser.close();
  }
}

/** From the disk, without a port. */
async function serve(page: Page): Promise<void> {
  await page.route(`${origin}/**`, async (route) => {
    const file = join(folder, new URL(route.request().url()).pathname);
    const body = await readFile(file).catch(() => undefined);
    if (body === undefined) return route.fulfill({ status: 404, body: "" });
    return route.fulfill({ body, contentType: types[extname(file)] ?? "application/octet-stream" });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      look: { type: "string" },
      part: { type: "string" },
      frames: { type: "string", default: "8" },
      size: { type: "string", default: "512" },
      out: { type: "string", default: "previews" },
    },
  });
  const { look, part, out } = values;
  const code = look ?? part;
  if (code === undefined || (look !== undefined && part !== undefined)) {
    console.error("Say one of --look CODE and --part NAME.");
    process.exit(2);
  }
  await buildWorld(folder);
  const wanted = {
    kind: look === undefined ? "part" : "look",
    code,
    frames: Number(values.frames),
    size: Number(values.size),
  } as const;
  const pictures = await renderPreview(wanted);
  await mkdir(resolve(out), { recursive: true });
  for (const [frame, picture] of pictures.entries()) {
    const file = join(resolve(out), `${code.replaceAll("+", "_")}-${frame}.png`);
    await writeFile(file, picture);
    console.log(file);
  }
}
