/**
 * Renders an item or a dressed avatar to pictures, seen from all around: what inventories and metadata show.
 *
 *   npm run preview -- --look xgene.3.1.wizard-hood+blade --frames 8 --out previews
 *   npm run preview -- --part warrior-helm --frames 1 --out previews
 *   npm run preview -- --all          every part, small, into assets/previews, as pages show them
 *
 * Files are named for what they show: `<name>-<frame>.png`. `--json` prints each with its SHA-256, for metadata;
 * `--page <folder>` draws with a page that was built before. Needs Chromium, as journeys do; draws without a graphics card.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Browser, Page } from "playwright-core";
import { partNames, type Part } from "#world/avatars/catalogue.ts";
import { decodeLook } from "#world/avatars/look.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const usualFolder = join(root, ".cache/preview-page");
const origin = "http://localhost";
const types: { readonly [extension: string]: string } = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
};

/** Pixels along each side: less shows nothing, more draws for minutes here. */
const sizes = { min: 32, max: 2048 };
const framesMax = 120;

/** What a picture is of. */
type Exhibit = { readonly look: string } | { readonly part: Part };

interface Wanted {
  readonly exhibit: Exhibit;
  readonly frames: number;
  /** Pixels along each side. */
  readonly size: number;
  readonly type: "png" | "webp";
}

/** @returns pictures, the front first, then around by the left; what is not there is transparent. */
async function renderPreview(
  browser: Browser,
  folder: string,
  { exhibit, frames, size, type }: Wanted,
): Promise<Buffer[]> {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  try {
    await serve(page, folder);
    const failed = new Promise<never>((_, reject) => page.on("pageerror", reject));
    const search = new URLSearchParams({ ...exhibit }).toString();
    await page.goto(`${origin}/preview/index.html?${search}`, { waitUntil: "commit" });
    await Promise.race([page.locator("html[data-ready]").waitFor({ state: "attached", timeout: 120_000 }), failed]);
    const pictures: Buffer[] = [];
    for (let frame = 0; frame < frames; frame++) {
      const address = await page.evaluate(([angle, as]) => (globalThis as unknown as PreviewPage).turnTo(angle, as), [
        (frame / frames) * 2 * Math.PI,
        `image/${type}`,
      ] as const);
      pictures.push(Buffer.from(address.slice(address.indexOf(",") + 1), "base64"));
    }
    return pictures;
  } finally {
    await page.close();
  }
}

interface PreviewPage {
  turnTo(angle: number, type: string): string;
}

/** From the disk, without a port. */
async function serve(page: Page, folder: string): Promise<void> {
  await page.route(`${origin}/**`, async (route) => {
    const file = join(folder, new URL(route.request().url()).pathname);
    const body = await readFile(file).catch(() => undefined);
    if (body === undefined) return route.fulfill({ status: 404, body: "" });
    return route.fulfill({ body, contentType: types[extname(file)] ?? "application/octet-stream" });
  });
}

/** A picture to be made, and where it goes. */
interface Order extends Wanted {
  readonly file: (frame: number) => string;
}

interface Orders {
  readonly orders: readonly Order[];
  readonly json: boolean;
  /** A folder with the page; undefined to build it. */
  readonly built: string | undefined;
}

/** @throws Error with what is wrong, in a sentence. */
function ordersOf(args: readonly string[]): Orders {
  const { values } = parseArgs({
    args: [...args],
    options: {
      look: { type: "string" },
      part: { type: "string" },
      all: { type: "boolean", default: false },
      frames: { type: "string", default: "8" },
      size: { type: "string", default: "512" },
      out: { type: "string", default: "previews" },
      page: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const { look, part, all, json, page: built } = values;
  if ([look !== undefined, part !== undefined, all].filter(Boolean).length !== 1)
    throw new Error("Say one of --look CODE, --part NAME and --all.");
  if (all) return { orders: partNames.map(smallPart), json, built };
  if (look !== undefined && decodeLook(look) === undefined)
    throw new Error(`${look} is no look: say for example pandroid.0.0 or xgene.3.1.wizard-hood+blade.`);
  if (part !== undefined && !partNames.includes(part as Part))
    throw new Error(`${part} is no part. Parts: ${partNames.join(", ")}.`);
  const exhibit: Exhibit = look === undefined ? { part: part as Part } : { look };
  const name = (look ?? part!).replaceAll("+", "_");
  const frames = within("frames", values.frames, 1, framesMax);
  const size = within("size", values.size, sizes.min, sizes.max);
  const file = (frame: number): string => join(resolve(values.out), `${name}-${frame}.png`);
  return { orders: [{ exhibit, frames, size, type: "png", file }], json, built };
}

/** As pages show them on their shelves. */
const smallPart = (part: Part): Order => ({
  exhibit: { part },
  frames: 1,
  size: 112,
  type: "webp",
  file: () => join(root, "assets/previews", `${part}.webp`),
});

function within(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) throw new Error(`--${name} is from ${min} to ${max}.`);
  return value;
}

async function main(): Promise<void> {
  const { orders, json, built } = ordersOf(process.argv.slice(2));
  // Whoever mistyped something is told at once.
  const { launchChromiumThatDraws } = await import("../tests/browser/chromium.ts");
  if (built === undefined) await (await import("./build-world.ts")).buildWorld(usualFolder);
  const browser = await launchChromiumThatDraws();
  try {
    for (const order of orders) {
      const pictures = await renderPreview(browser, built ?? usualFolder, order);
      for (const [frame, picture] of pictures.entries()) {
        const file = order.file(frame);
        await mkdir(join(file, ".."), { recursive: true });
        await writeFile(file, picture);
        const sha256 = createHash("sha256").update(picture).digest("hex");
        console.log(json ? JSON.stringify({ file, sha256, bytes: picture.length }) : file);
      }
    }
  } finally {
    await browser.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  });
}
