/** Where a real browser keeps a player's key, on a secure page and on one that is not. */
import { ed25519 } from "@noble/curves/ed25519.js";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hexToBytes } from "#protocol/bytes.ts";
import { authStatement, type RoomId } from "#protocol/identity.ts";
import { launchChromium, openModule, type PageModule, plainOrigin, secureOrigin } from "./chromium.ts";
import type * as clientPage from "./client-page.ts";

const [hash, world, room] = ["01".repeat(32), "02".repeat(32), "ab".repeat(10)] as const;

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

describe.for([
  { name: "a secure page", origin: secureOrigin, kind: "not extractable" },
  { name: "a page that is not secure", origin: plainOrigin, kind: "seed" },
] as const)("on $name", ({ origin, kind }) => {
  let page: PageModule<typeof clientPage>;
  beforeAll(async () => {
    page = await openModule<typeof clientPage>(browser, new URL("client-page.ts", import.meta.url), origin);
  });
  beforeEach(() => page.call("forget"));

  test("the key is kept as safe as the page lets it be", async () => {
    expect(await page.call("kept")).toBe("nothing");
    await page.call("visit", hash, world, room);
    expect(await page.call("kept")).toBe(kind);
  });

  test("a later visit is the same player, and signs what the worker checks", async () => {
    const first = await page.call("visit", hash, world, room);
    const second = await page.call("visit", hash, world, room);
    expect(second.account).toBe(first.account);
    const account = hexToBytes(second.account);
    const statement = authStatement(hexToBytes(hash), hexToBytes(world), room as RoomId, account);
    expect(ed25519.verify(hexToBytes(second.signature), statement, account)).toBe(true);
  });

  test("windows that start at once are one player", async () => {
    expect(await page.call("visitAtOnce", 8)).toBe(1);
  });

  test("a key that cannot be written to disk is replaced by one that can", async () => {
    expect(await page.call("keptWithoutClones")).toBe("seed");
  });

  test("witnesses are kept for each room across visits, and forgotten when no room can wait any more", async () => {
    expect(await page.call("witnesses")).toEqual([undefined, 1, 2, 3, undefined, 4, undefined]);
  });

  test("a database of the version before keeps its player", async () => {
    expect(await page.call("afterUpgrade")).toBe(true);
  });

  test("a browser that gives no database is an error of its own", async () => {
    expect(await page.call("withoutDatabase")).toBe("keys-unavailable");
  });
});
