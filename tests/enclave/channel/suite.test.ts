/** The worker's suite on its own: the buffers it keeps hold what Noise may ask of it, and no more. */
import { expect, test } from "vitest";
import { noiseMessageMax, tagLength } from "#protocol/limits.ts";
import { sodiumSuite } from "#enclave/channel/suite.ts";

const suite = await sodiumSuite();
const [key, nonce, none] = [new Uint8Array(32), new Uint8Array(12), new Uint8Array(0)];
const largest = noiseMessageMax - tagLength;

test("the largest message fits, and one byte more does not", () => {
  expect(suite.encrypt(key, nonce, none, new Uint8Array(largest)).length).toBe(noiseMessageMax);
  expect(() => suite.encrypt(key, nonce, none, new Uint8Array(largest + 1))).toThrow("too long");
  expect(() => suite.decrypt(key, nonce, none, new Uint8Array(noiseMessageMax + 1))).toThrow("too long");
  expect(() => suite.encrypt(key, nonce, new Uint8Array(33), none)).toThrow("too long");
});

test("less than a tag is refused before the module sees it", () => {
  for (const length of [0, 1, tagLength - 1]) {
    expect(() => suite.decrypt(key, nonce, none, new Uint8Array(length))).toThrow("shorter than a tag");
  }
});

test("two suites do not share what they hold", async () => {
  const other = await sodiumSuite();
  const ciphertext = suite.encrypt(key, nonce, none, Uint8Array.of(1, 2, 3));
  other.encrypt(new Uint8Array(32).fill(9), nonce, none, new Uint8Array(1000).fill(9));
  expect(suite.decrypt(key, nonce, none, ciphertext)).toEqual(Uint8Array.of(1, 2, 3));
});

test("private keys stay in the key store of the runtime", async () => {
  const { privateKey } = await suite.generateKeyPair();
  expect(privateKey).toMatchObject({ type: "private", asymmetricKeyType: "x25519" });
  expect(JSON.stringify(privateKey)).toBe("{}");
});
