/** What a client predicts in Chromium is what it predicts in Node, to the bit; the overlay is text. */
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadPredictor } from "#client/input/predictor.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { predictorOf } from "../support/bundles.ts";
import { predictions } from "../support/predictions.ts";
import { launchChromium, openModule, type PageModule } from "./chromium.ts";
import type * as predictionPage from "./prediction-page.ts";

const folder = fileURLToPath(new URL("../contracts/fixtures/push/", import.meta.url));

let browser: Browser;
let page: PageModule<typeof predictionPage>;
beforeAll(async () => {
  browser = await launchChromium();
  page = await openModule<typeof predictionPage>(browser, new URL("prediction-page.ts", import.meta.url));
});
afterAll(() => browser?.close());

test.for(["push.ts", "assembly/push.ts"])("five hundred steps of %s are the same", async (entry) => {
  const module = await predictorOf(folder + entry);
  const here = predictions(await loadPredictor(module), "browser");
  expect(here.length).toBeGreaterThan(1000);
  expect(await page.call("predict", bytesToHex(module), "browser")).toEqual(here);
});

test("the overlay says tick, ping, bytes, rows and errors, and leaves nothing behind", async () => {
  const { text, left } = await page.call("overlay", bytesToHex(await predictorOf(`${folder}push.ts`)));
  expect(text.split("\n")).toEqual([
    "tick 12 at 20 Hz, joined",
    "ping 42 ms",
    "in 0.0 KB/s, out 0.0 KB/s",
    "others 75 ms behind",
    "rows 9, 2 on their way, 0.3 ticks early, 2 missed",
    "off by 0.000 / 0.000 / 0.000 (last / mean / most), 0 corrections",
  ]);
  expect(left).toBe(0);
});
