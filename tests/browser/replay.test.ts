/** Chromium repeats what Node repeats: the same log gives the same heads, the same words to everybody, the same memory. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeLogFile } from "#audit/log-file.ts";
import { replay } from "#audit/replay.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { loadRevealed, playedDot4, revealedBundle } from "../audit/games.ts";
import { launchChromium, openModule, type PageModule } from "./chromium.ts";
import type * as replayPage from "./replay-page.ts";

let browser: Browser;
let page: PageModule<typeof replayPage>;
beforeAll(async () => {
  browser = await launchChromium();
  page = await openModule<typeof replayPage>(browser, new URL("replay-page.ts", import.meta.url));
  const quickJs = await readFile(fileURLToPath(import.meta.resolve("quickjs-wasi/quickjs.wasm")));
  await page.call("start", bytesToHex(quickJs), bytesToHex(await revealedBundle()));
});
afterAll(() => browser?.close());

test("a game's log gives the same report, honest or changed", async () => {
  const contract = await loadRevealed();
  const room = playedDot4(contract, "browser");
  const log = encodeLogFile(room.file());
  const { head } = room.log.revealed!;
  const here = replay(log, contract, { head });
  expect(here.accepted).toBe(true);
  expect(await page.call("replayed", bytesToHex(log), bytesToHex(head))).toEqual(here);
  const changed = log.slice();
  changed[log.length - 2000]! ^= 1;
  const found = replay(changed, contract);
  expect(found.accepted).toBe(false);
  expect(await page.call("replayed", bytesToHex(changed))).toEqual(found);
});
