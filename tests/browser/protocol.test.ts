/** The protocol in a real browser gives the same bytes as in Node, on a secure page and on one that is not. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectedOf, type NoiseVector } from "../protocol/support/noise-vectors.ts";
import type * as protocolPage from "./protocol-page.ts";
import { launchChromium, openModule, plainOrigin, secureOrigin, type PageModule } from "./chromium.ts";

type ProtocolPage = typeof protocolPage;

const folder = process.env["PHATROOM_VECTORS"];
const vectorFile = join(folder ?? "$PHATROOM_VECTORS", "noise", "vectors.json");

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

describe.for([
  { name: "a secure page", origin: secureOrigin, keys: "not extractable" },
  { name: "a page that is not secure", origin: plainOrigin, keys: "bytes" },
] as const)("on $name", ({ origin, keys }) => {
  let page: PageModule<ProtocolPage>;
  beforeAll(async () => {
    page = await openModule<ProtocolPage>(browser, new URL("protocol-page.ts", import.meta.url), origin);
  });

  test("every format has the bytes of the golden vectors", async () => {
    expect(await page.call("goldenProtocol")).toEqual([]);
  });

  test("a conversation has the bytes of the golden vectors", async () => {
    expect(await page.call("goldenChannel")).toEqual([]);
  });

  test.skipIf(folder === undefined)(`the published Noise vectors hold (${vectorFile})`, async () => {
    const { vectors } = JSON.parse(readFileSync(vectorFile, "utf8")) as { readonly vectors: readonly NoiseVector[] };
    expect(vectors.length).toBeGreaterThan(0);
    for (const vector of vectors) expect(await page.call("noiseVector", vector)).toEqual(expectedOf(vector));
  });

  test("private keys are as safe as the page lets them be", async () => {
    expect(await page.call("privateKeyKind")).toBe(keys);
  });

  test("two ends understand each other", async () => {
    expect(await page.call("conversation")).toEqual({
      toRoom: "a move",
      toPlayer: "a view ".repeat(20_000),
      sameHash: true,
    });
  });

  test("a key of low order is refused", async () => {
    expect(await page.call("lowOrder")).toBe("handshake-failed");
  });

  test("values and views survive the wire", async () => {
    expect(await page.call("roundTrips", 300)).toEqual([]);
    expect(await page.call("plainBytes")).toBe(true);
  });
});
