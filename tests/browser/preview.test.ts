/** Previews: a part or a dressed avatar as a picture, from all around, for inventories and metadata. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { partNames } from "#world/avatars/catalogue.ts";
import { rehearsalFolder, rootFolder } from "../support/folders.ts";
import { launchChromium } from "./chromium.ts";
import { factsOf } from "./world-window.ts";

let browser: Browser;
let page: Page;
let out: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), "phatroom-preview-"));
  browser = await launchChromium();
  page = await (await browser.newContext()).newPage();
});
afterAll(async () => {
  await browser?.close();
  await rm(out, { recursive: true, force: true });
});

interface Printed {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** Runs the command. @throws Error with what it said. */
async function preview(...args: readonly string[]): Promise<readonly Printed[]> {
  const script = ["--disable-warning=ExperimentalWarning", "scripts/preview.ts", "--page", rehearsalFolder];
  const command = [...script, ...args, "--json", "--out", out];
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: rootFolder });
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Printed);
}

async function cornerOf(png: Buffer): Promise<object> {
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const pen = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
    pen.drawImage(bitmap, 0, 0);
    return { width: bitmap.width, height: bitmap.height, alpha: pen.getImageData(0, 0, 1, 1).data[3] };
  }, png.toString("base64"));
}

test("a dressed avatar is drawn from all around, before nothing, and named with its hash", async () => {
  const printed = await preview("--look", "xgene.3.1.wizard-hood+blade", "--frames", "2", "--size", "96");
  expect(printed.map(({ file }) => basename(file))).toEqual([
    "xgene.3.1.wizard-hood_blade-0.png",
    "xgene.3.1.wizard-hood_blade-1.png",
  ]);
  const pictures = await Promise.all(printed.map(({ file }) => readFile(file)));
  const [front, back] = pictures;
  const facts = await factsOf(page, front!);
  expect(facts.colours).toBeGreaterThan(40);
  expect(facts.contrast).toBeGreaterThan(15);
  expect(front!.equals(back!)).toBe(false);
  expect(await cornerOf(front!)).toEqual({ width: 96, height: 96, alpha: 0 });
  expect(printed.map(({ sha256 }) => sha256)).toEqual(
    pictures.map((picture) => createHash("sha256").update(picture).digest("hex")),
  );
});

test.for<[readonly string[], RegExp]>([
  [[], /one of --look/],
  [["--look", "pandroid.0.99"], /no look/],
  [["--part", "crown"], /no part.*warrior-helm/],
  [["--part", "blade", "--size", "1e9"], /--size is from 32 to 2048/],
])("%j is refused before anything is drawn", async ([args, sentence]) => {
  await expect(preview(...args)).rejects.toThrow(sentence);
});

test("every part has its small picture where pages look for it", () => {
  const missing = partNames.filter((part) => !existsSync(join(rootFolder, "assets/previews", `${part}.webp`)));
  expect(missing).toEqual([]);
});
