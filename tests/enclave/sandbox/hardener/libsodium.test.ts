/**
 * A large program of other people, hardened: libsodium, 220 KB compiled by emscripten, computes what Node's own
 * cryptography does.
 */
import { createCipheriv, createHash, createPrivateKey, diffieHellman, sign } from "node:crypto";
import { createRequire } from "node:module";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { harden } from "#enclave/sandbox/hardener/harden.ts";
import type sodiumType from "libsodium-wrappers";

type Sodium = typeof sodiumType;

let sodium: Sodium;
let fuel: WebAssembly.Global<"i32">;

beforeAll(async () => {
  const plain = WebAssembly.instantiate;
  const hardened = async (bytes: BufferSource, imports: WebAssembly.Imports): Promise<unknown> => {
    const module = new Uint8Array(ArrayBuffer.isView(bytes) ? bytes.buffer : bytes).slice();
    const names = WebAssembly.Module.imports(new WebAssembly.Module(module)).map(
      (entry) => `${entry.module}.${entry.name}`,
    );
    const result = await plain(
      harden(module, { imports: new Set(names), pagesMax: 1024 }).bytes as Uint8Array<ArrayBuffer>,
      imports,
    );
    fuel = result.instance.exports["phatroom_fuel"] as WebAssembly.Global<"i32">;
    return result;
  };
  WebAssembly.instantiate = hardened as typeof plain;
  try {
    // Required, because whatever imports it in this process has the one that was imported first, unhardened.
    sodium = createRequire(import.meta.url)("libsodium-wrappers") as Sodium;
    await sodium.ready;
  } finally {
    WebAssembly.instantiate = plain;
  }
});

const enough = 2 ** 31 - 1;
beforeEach(() => {
  fuel.value = enough;
});

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i * 31 + (i >> 3));

test("it spends fuel", () => {
  sodium.crypto_generichash(64, bytes(1000), null);
  expect(fuel.value).toBeLessThan(enough - 10_000);
});

test.for([0, 1, 127, 128, 129, 1000, 1_000_000])("BLAKE2b of %i bytes", (length) => {
  const message = bytes(length);
  expect(Buffer.from(sodium.crypto_generichash(64, message, null))).toEqual(
    createHash("blake2b512").update(message).digest(),
  );
});

test.for([0, 1, 64, 1000, 65_536])("ChaCha20-Poly1305 of %i bytes", (length) => {
  const [key, nonce, message, data] = [bytes(32), bytes(12), bytes(length), bytes(20)];
  const cipher = createCipheriv("chacha20-poly1305", key, nonce, { authTagLength: 16 });
  cipher.setAAD(data, { plaintextLength: length });
  const expected = Buffer.concat([cipher.update(message), cipher.final(), cipher.getAuthTag()]);
  const sealed = sodium.crypto_aead_chacha20poly1305_ietf_encrypt(message, data, null, nonce, key);
  expect(Buffer.from(sealed)).toEqual(expected);
  expect(sodium.crypto_aead_chacha20poly1305_ietf_decrypt(null, sealed, data, nonce, key)).toEqual(message);
  sealed[0]! ^= 1;
  expect(() => sodium.crypto_aead_chacha20poly1305_ietf_decrypt(null, sealed, data, nonce, key)).toThrow();
});

test("Ed25519 and X25519", () => {
  const seed = bytes(32);
  const pkcs8 = (oid: string): Buffer =>
    Buffer.concat([Buffer.from(`302e020100300506032b65${oid}04220420`, "hex"), seed]);
  const key = (oid: string) => createPrivateKey({ key: pkcs8(oid), format: "der", type: "pkcs8" });
  const pair = sodium.crypto_sign_seed_keypair(seed);
  expect(Buffer.from(sodium.crypto_sign_detached(bytes(500), pair.privateKey))).toEqual(
    sign(null, bytes(500), key("70")),
  );
  const publicKey = sodium.crypto_scalarmult_base(seed);
  const theirs = { kty: "OKP", crv: "X25519", x: Buffer.from(publicKey).toString("base64url") };
  expect(Buffer.from(sodium.crypto_scalarmult(seed, publicKey))).toEqual(
    diffieHellman({ privateKey: key("6e"), publicKey: { key: theirs, format: "jwk" } as never }),
  );
});
