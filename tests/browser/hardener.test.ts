/** The hardener in a real browser gives the same bytes as in Node, and its depth ends before the page's stack does. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { harden } from "#enclave/sandbox/hardener/harden.ts";
import { quickJs, quickJsOptions } from "../enclave/sandbox/hardener/golden.ts";
import { recursions } from "../enclave/sandbox/hardener/recursions.ts";
import * as hardenerPage from "./hardener-page.ts";
import { launchChromium, openModule, type PageModule } from "./chromium.ts";

let browser: Browser;
let page: PageModule<typeof hardenerPage>;
beforeAll(async () => {
  browser = await launchChromium();
  page = await openModule<typeof hardenerPage>(browser, new URL("hardener-page.ts", import.meta.url));
});
afterAll(() => browser?.close());

test("golden modules become the golden bytes", async () => {
  expect(await page.call("otherBytes")).toEqual([]);
});

test("QuickJS becomes the same bytes as here", async () => {
  const module = quickJs();
  const options = quickJsOptions(module);
  const { bytes } = harden(module, options);
  expect(await page.call("hardenQuickJs", Buffer.from(module).toString("base64"), [...options.imports])).toEqual({
    length: bytes.length,
    sum: hardenerPage.sumOf(bytes),
  });
});

test("recursion ends at our depth on a page's main thread", async () => {
  const expected = Object.fromEntries(Object.keys(recursions).map((name) => [name, "our depth"]));
  expect(await page.call("recursions")).toEqual(expected);
});
