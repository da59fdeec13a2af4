/** A player's keys: out of every script's reach where the browser can do that, plain bytes where it cannot. */
import { afterEach, expect, test, vi } from "vitest";
import { browserSuite } from "#client/suite.ts";

const suite = browserSuite();
afterEach(() => vi.unstubAllGlobals());

/** This runtime with another `subtle`. */
const withSubtle = (subtle: unknown): void => {
  const own = crypto;
  const getRandomValues = (bytes: Uint8Array<ArrayBuffer>): Uint8Array => own.getRandomValues(bytes);
  vi.stubGlobal("crypto", { subtle, getRandomValues });
};

const refusing = (name: string): object => ({
  generateKey: () => Promise.reject(new DOMException("no", name)),
});

test("where WebCrypto has X25519, a private key cannot be exported", async () => {
  const { privateKey } = await suite.generateKeyPair();
  expect((privateKey as CryptoKey).extractable).toBe(false);
  await expect(crypto.subtle.exportKey("pkcs8", privateKey as CryptoKey)).rejects.toThrow();
});

test.for<[string, unknown]>([
  ["there is no WebCrypto, as on pages that are not secure", undefined],
  ["WebCrypto does not know X25519", refusing("NotSupportedError")],
])("where %s, the same agreement is made by other means", async ([, subtle]) => {
  const native = await suite.generateKeyPair();
  withSubtle(subtle);
  const pair = await suite.generateKeyPair();
  expect(pair.privateKey).toBeInstanceOf(Uint8Array);
  const ours = await suite.dh(pair, native.publicKey);
  vi.unstubAllGlobals();
  expect(await suite.dh(native, pair.publicKey)).toEqual(ours);
});

test("any other failure of WebCrypto is not papered over", async () => {
  withSubtle(refusing("OperationError"));
  await expect(suite.generateKeyPair()).rejects.toThrow("no");
});
