/** Every suite computes what the standards say, and touches nothing it was only lent. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesToHex, hexToBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { noiseMessageMax, tagLength } from "#protocol/limits.ts";
import { nobleAead } from "#protocol/suite.ts";
import { bytesOf, hash } from "./support/arbitraries.ts";
import { mutation } from "./support/refusal.ts";
import { suites } from "./support/suites.ts";

const none = new Uint8Array(0);
const ads = fc.constantFrom(none, new Uint8Array(32).fill(1));
const plaintext = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.constant(new Uint8Array(noiseMessageMax - tagLength)));

describe.for(suites)("on $name", ({ suite, importKeyPair }) => {
  // RFC 8439 section 2.8.2
  test("the AEAD is ChaCha20-Poly1305", () => {
    const key = Uint8Array.from({ length: 32 }, (_, i) => 0x80 + i);
    const text = utf8ToBytes(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
    );
    const nonce = hexToBytes("070000004041424344454647");
    const ad = hexToBytes("50515253c0c1c2c3c4c5c6c7");
    const ciphertext = suite.encrypt(key, nonce, ad, text);
    expect(bytesToHex(ciphertext.subarray(0, 16))).toBe("d31a8d34648e60db7b86afbc53ef7ec2");
    expect(bytesToHex(ciphertext.subarray(-16))).toBe("1ae10b594f09e26a7e902ecbd0600691");
    expect(suite.decrypt(key, nonce, ad, ciphertext)).toEqual(text);
  });

  // RFC 7748 section 5.2
  test("the key agreement is X25519", async () => {
    const pair = await importKeyPair(hexToBytes("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"));
    const other = hexToBytes("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c");
    expect(bytesToHex(await suite.dh(pair, other))).toBe(
      "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
    );
  });

  test("two pairs agree, and every pair is new", async () => {
    const pairs = await Promise.all([1, 2, 3].map(() => suite.generateKeyPair()));
    expect(new Set(pairs.map(({ publicKey }) => bytesToHex(publicKey))).size).toBe(3);
    const [a, b] = pairs;
    expect(await suite.dh(a!, b!.publicKey)).toEqual(await suite.dh(b!, a!.publicKey));
    expect(a!.publicKey.length).toBe(32);
  });

  test.for([0, 31, 33])("a public key of %d bytes is no key", async (length) => {
    const pair = await suite.generateKeyPair();
    await expect(suite.dh(pair, new Uint8Array(length).fill(9))).rejects.toThrow();
  });

  test("any plaintext gives the same ciphertext as on every other suite, and comes back", () => {
    fc.assert(
      fc.property(hash, bytesOf(12), ads, plaintext, (key, nonce, ad, text) => {
        const ciphertext = suite.encrypt(key, nonce, ad, text);
        expect(Buffer.compare(ciphertext, nobleAead.encrypt(key, nonce, ad, text))).toBe(0);
        expect(Buffer.compare(suite.decrypt(key, nonce, ad, ciphertext), text)).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  test("encrypting in place gives the same", () => {
    fc.assert(
      fc.property(hash, bytesOf(12), fc.uint8Array({ maxLength: 300 }), (key, nonce, text) => {
        const buffer = new Uint8Array(text.length + tagLength);
        buffer.set(text);
        const returned = suite.encrypt(key, nonce, none, buffer.subarray(0, text.length), buffer);
        expect(returned).toBe(buffer);
        expect(buffer).toEqual(suite.encrypt(key, nonce, none, text));
      }),
    );
  });

  test("what does not authenticate is not returned", () => {
    fc.assert(
      fc.property(hash, bytesOf(12), fc.uint8Array({ maxLength: 100 }), mutation, (key, nonce, text, change) => {
        const ciphertext = suite.encrypt(key, nonce, none, text);
        expect(() => suite.decrypt(key, nonce, none, change(ciphertext))).toThrow();
        expect(() => suite.decrypt(change(key).slice(0, 32), nonce, Uint8Array.of(1), ciphertext)).toThrow();
      }),
    );
  });

  test.for<[string, number, number]>([
    ["key", 31, 12],
    ["key", 33, 12],
    ["nonce", 32, 11],
    ["nonce", 32, 24],
  ])("a %s of another length is refused", ([, keyLength, nonceLength]) => {
    const [key, nonce] = [new Uint8Array(keyLength), new Uint8Array(nonceLength)];
    expect(() => suite.encrypt(key, nonce, none, none)).toThrow();
    expect(() => suite.decrypt(key, nonce, none, new Uint8Array(16))).toThrow();
  });

  test("nothing that was lent is changed, and nothing that was returned changes later", () => {
    const [key, nonce, ad] = [new Uint8Array(32).fill(1), new Uint8Array(12).fill(2), new Uint8Array(32).fill(3)];
    const text = utf8ToBytes("kept");
    const before = [key, nonce, ad, text].map(bytesToHex);
    const ciphertext = suite.encrypt(key, nonce, ad, text);
    const returned = suite.decrypt(key, nonce, ad, ciphertext);
    const copies = [ciphertext, returned].map(bytesToHex);
    for (let i = 0; i < 10; i++)
      suite.decrypt(key, nonce, none, suite.encrypt(key, nonce, none, new Uint8Array(100 * i)));
    expect([key, nonce, ad, text].map(bytesToHex)).toEqual(before);
    expect([ciphertext, returned].map(bytesToHex)).toEqual(copies);
  });
});
