/** Somebody who doubts a game gives its log and its rules to a page, is told whether all fits, and steps through it. */
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeLogFile } from "#audit/log-file.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { loadRevealed, playedDot4, revealedBundle } from "../audit/games.ts";
import type { WrittenRoom } from "../audit/written-room.ts";
import { pageFolder, rootFolder } from "../support/folders.ts";
import { launchChromium } from "./chromium.ts";

const folder = join(pageFolder, "replay");
const origin = "http://localhost";
const types: { readonly [extension: string]: string } = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

let browser: Browser;
let contract: LoadedContract;
let bundle: Uint8Array;
let room: WrittenRoom;

beforeAll(async () => {
  browser = await launchChromium();
  contract = await loadRevealed();
  bundle = await revealedBundle();
  room = playedDot4(contract, "window");
}, 120_000);

afterAll(() => browser?.close());

interface ReplayWindow extends AsyncDisposable {
  readonly page: Page;
  readonly complaints: readonly string[];
  give(...files: readonly (readonly [name: string, bytes: Uint8Array])[]): Promise<void>;
}

async function openPage(): Promise<ReplayWindow> {
  const context = await browser.newContext({ viewport: { width: 900, height: 1000 } });
  const page = await context.newPage();
  page.setDefaultTimeout(90_000);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.route(`${origin}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    const file = pathname === "/" ? "/index.html" : pathname;
    const body = await readFile(join(folder, file)).catch(() => undefined);
    if (body === undefined) return route.fulfill({ status: 404, body: "" });
    return route.fulfill({ body, contentType: types[extname(file)] ?? "application/octet-stream" });
  });
  await page.goto(`${origin}/`);
  return {
    page,
    complaints,
    give: (...files) =>
      page
        .locator('[data-field="files"]')
        .setInputFiles(
          files.map(([name, bytes]) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) })),
        ),
    [Symbol.asyncDispose]: () => context.close(),
  };
}

test("an honest log fits; with the head that players were told it is the one they know; it is stepped through, view by view", async () => {
  await using window = await openPage();
  const { page } = window;
  await window.give(["room.phatlog", encodeLogFile(room.file())], ["rules.bundle.js", bundle]);
  await page.locator('[data-verdict="fits"]').waitFor();
  expect(await page.locator("[data-head]").getAttribute("data-head")).toBe("nothing-said");
  expect(await page.locator('[data-fact="last-head"]').innerText()).toBe(bytesToHex(room.log.head));
  expect(await page.locator('[data-fact="players"]').innerText()).toBe('0: "Ann", 1: "Ben"');
  await page.locator('[data-field="head"]').fill(bytesToHex(room.log.revealed!.head));
  await page.locator('[data-field="head"]').blur();
  await page.locator('[data-head="as-said"]').waitFor();
  await page.screenshot({ path: join(rootFolder, "tests/artifacts/replay.png"), fullPage: true });
  await page.locator('[data-moment="1"]').waitFor();
  expect(await page.locator(".steps").innerText()).toContain("join");
  await page.locator('[data-action="next"]').click();
  await page.locator('[data-moment="2"]').waitFor();
  expect(await page.locator(".steps").innerText()).toMatch(/move \{"player":"a+"/);
  expect(await page.locator('[data-view="0"]').innerText()).toContain("bombs");
  await page.locator('[data-action="last"]').click();
  // Behind it stands the record that reveals the log.
  await page.locator(`[data-moment="${room.records.length - 2}"]`).waitFor();
  expect(await page.locator('[data-view="0"] .lines').innerText()).toContain("result");
  await page.locator('[data-action="before"]').click();
  expect(await page.locator('[data-action="last"]').isEnabled()).toBe(true);
  expect(window.complaints).toEqual([]);
});

test("a changed log differs, and it is said where; rules of another contract are named", async () => {
  await using window = await openPage();
  const { page } = window;
  const file = room.file();
  const records = file.records.map((record) => record.slice());
  records[5]![60]! ^= 1;
  await window.give(["rules.bundle.js", bundle], ["room.phatlog", encodeLogFile({ ...file, records })]);
  await page.locator('[data-verdict="differs"] [data-difference="not-opened"]', { hasText: "Record 5" }).waitFor();
  const other = new TextDecoder().decode(bundle).replace("dot4", "dot5");
  await window.give(["rules.bundle.js", new TextEncoder().encode(other)]);
  await page.locator("[data-trouble]", { hasText: bytesToHex(contract.hash) }).waitFor();
  await window.give(["picture.png", new Uint8Array(100)]);
  await page.locator("[data-trouble]", { hasText: "picture.png is neither a log nor a contract" }).waitFor();
});
