/** A page talks to an independent implementation of Noise, and both understand each other. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bytesToHex, hexToBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { decodeFrame, encodeFrames } from "#protocol/frame.ts";
import { missing, NoiseC } from "../oracles/noise-c.ts";
import { launchChromium, openModule, plainOrigin, secureOrigin } from "./chromium.ts";
import type * as noiseCPage from "./noise-c-page.ts";

let browser: Browser;
let oracle: NoiseC;

beforeAll(async () => {
  browser = await launchChromium();
  if (missing === undefined) oracle = await NoiseC.start();
});

afterAll(async () => {
  await browser?.close();
  await oracle?.close();
});

test.skipIf(missing !== undefined).for([
  ["a secure page", secureOrigin],
  ["a page that is not secure", plainOrigin],
] as const)(`noise-c answers %s (${missing ?? "installed"})`, async ([, origin]) => {
  const page = await openModule<typeof noiseCPage>(browser, new URL("noise-c-page.ts", import.meta.url), origin);
  const prologue = utf8ToBytes("a page and noise-c");
  await oracle.ask({
    ask: "start",
    protocol: "Noise_NX_25519_ChaChaPoly_SHA256",
    role: "responder",
    prologue,
    staticKey: new Uint8Array(32).fill(9),
  });
  await oracle.ask({ ask: "read", bytes: hexToBytes(await page.call("begin", bytesToHex(prologue))) });
  const welcome = await oracle.ask({ ask: "write", bytes: utf8ToBytes("evidence") });
  const { payload, hash } = await page.call("finish", bytesToHex(welcome));
  expect(hexToBytes(payload)).toEqual(utf8ToBytes("evidence"));
  expect(hash).toBe(bytesToHex(await oracle.ask({ ask: "finish" })));

  const move = await oracle.ask({ ask: "decrypt", bytes: hexToBytes(await page.call("encrypt", "0102")) });
  expect(bytesToHex(decodeFrame(new Uint8Array(move)).body)).toBe("0102");
  const view = await oracle.ask({ ask: "encrypt", bytes: encodeFrames(17, Uint8Array.of(3, 4))[0]! });
  expect(await page.call("decrypt", bytesToHex(view))).toBe("0304");
});
