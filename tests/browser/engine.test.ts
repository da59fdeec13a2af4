/** Chromium computes what Node computes: recorded logs cost the same fuel there and end in the same memory. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bytesToHex } from "#protocol/bytes.ts";
import { expectedOf, logNames, readLog } from "../determinism/logs.ts";
import { launchChromium, openModule, type PageModule } from "./chromium.ts";
import type * as enginePage from "./engine-page.ts";

let browser: Browser;
let page: PageModule<typeof enginePage>;
beforeAll(async () => {
  browser = await launchChromium();
  page = await openModule<typeof enginePage>(browser, new URL("engine-page.ts", import.meta.url));
  const binary = await readFile(fileURLToPath(import.meta.resolve("quickjs-wasi/quickjs.wasm")));
  await page.call("start", bytesToHex(binary));
});
afterAll(() => browser?.close());

test.for(logNames)("%s costs and ends as in Node, whole and in pieces", async (name) => {
  const log = readLog(name);
  for (const options of [{}, { restoreEvery: 9 }]) {
    expect(await page.call("replayed", log, options)).toEqual(expectedOf(log));
  }
});
