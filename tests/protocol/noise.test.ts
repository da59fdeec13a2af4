/** The handshake against the published vectors, and against everybody who would like to change it. */
import { createCipheriv } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CipherState } from "#protocol/noise-state.ts";
import { Handshake, patterns, type HandshakeOptions } from "#protocol/noise.ts";
import { bytesToHex, hexToBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { noiseMessageMax } from "#protocol/limits.ts";
import { suites } from "./support/suites.ts";
import { expectedOf, runVector, type NoiseVector } from "./support/noise-vectors.ts";
import { mutation, refusalLater } from "./support/refusal.ts";

const folder = process.env["PHATROOM_VECTORS"];
const vectorFile = join(folder ?? "$PHATROOM_VECTORS", "noise", "vectors.json");
const vectors =
  folder === undefined
    ? []
    : (JSON.parse(readFileSync(vectorFile, "utf8")) as { readonly vectors: readonly NoiseVector[] }).vectors;

const none = new Uint8Array(0);
const prologue = utf8ToBytes("a test");
const { suite } = suites[0]!;
const staticKey = await suite.generateKeyPair();

const initiatorOf = (options: Partial<HandshakeOptions> = {}): Handshake =>
  new Handshake({ pattern: "NX", role: "initiator", prologue, suite, ...options });
const responderOf = (options: Partial<HandshakeOptions> = {}): Handshake =>
  new Handshake({ pattern: "NX", role: "responder", prologue, suite, staticKey, ...options });

describe.for(suites)("on $name", ({ suite: own, importKeyPair }) => {
  test.skipIf(folder === undefined)(`the published vectors hold (${vectorFile})`, async () => {
    expect(vectors.length).toBeGreaterThan(0);
    for (const vector of vectors) {
      expect(await runVector(vector, own, importKeyPair), `${vector.protocol_name}, ${vector.source}`).toEqual(
        expectedOf(vector),
      );
    }
  });

  test.skipIf(folder === undefined)("the published vectors include every pattern that is shipped", () => {
    const names = new Set(vectors.map((vector) => vector.protocol_name.split("_")[1]));
    expect(names).toEqual(new Set([...Object.keys(patterns), "NN", "NK", "XX"]));
  });

  test("a fresh handshake agrees with itself, and with no other", async () => {
    const seen = new Set<string>();
    for (let i = 0; i < 3; i++) {
      const initiator = initiatorOf({ suite: own });
      const responder = responderOf({ suite: own, staticKey: await own.generateKeyPair() });
      await responder.read(await initiator.write(none));
      expect(await initiator.read(await responder.write(utf8ToBytes("evidence")))).toEqual(utf8ToBytes("evidence"));
      const [ours, theirs] = [initiator.finish(), responder.finish()];
      expect(ours.hash).toEqual(theirs.hash);
      expect(ours.resumption).toEqual(theirs.resumption);
      seen.add(bytesToHex(ours.hash)).add(bytesToHex(ours.resumption.psk)).add(bytesToHex(ours.resumption.id));
    }
    expect(seen.size).toBe(9);
  });

  test("a rekey is what the specification says, computed by somebody else", () => {
    const key = new Uint8Array(32).fill(5);
    const state = new CipherState(own, key.slice());
    state.rekey();
    const nonce = Buffer.from("00000000ffffffffffffffff", "hex");
    const rekeyed = encryptWithNode(key, nonce, Buffer.alloc(32)).subarray(0, 32);
    const [message, ad] = [utf8ToBytes("a message"), utf8ToBytes("with something beside it")];
    expect(state.encryptWithAd(none, message)).toEqual(encryptWithNode(rekeyed, Buffer.alloc(12), message));
    // The counter goes on: only the key is new.
    state.rekey();
    const again = encryptWithNode(rekeyed, nonce, Buffer.alloc(32)).subarray(0, 32);
    const second = Buffer.from("000000000100000000000000", "hex");
    expect(state.encryptWithAd(ad, message)).toEqual(encryptWithNode(again, second, message, ad));
  });

  // The points of small order on Curve25519 and their non-canonical forms: https://cr.yp.to/ecdh.html#validate
  test.for([
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  ])("an ephemeral of low order is refused: %s", async (hex) => {
    const responder = responderOf({ suite: own, staticKey: await own.generateKeyPair() });
    await responder.read(hexToBytes(hex));
    expect(await refusalLater(() => responder.write(none))).toBe("handshake-failed");
    const pair = await importKeyPair(new Uint8Array(32).fill(7));
    await expect(own.dh(pair, hexToBytes(hex))).rejects.toThrow();
  });
});

function encryptWithNode(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, ad = none): Uint8Array {
  const cipher = createCipheriv("chacha20-poly1305", key, nonce, { authTagLength: 16 });
  cipher.setAAD(ad, { plaintextLength: plaintext.length });
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  return new Uint8Array(ciphertext);
}

test("suites understand each other", async () => {
  for (const ours of suites) {
    for (const theirs of suites) {
      const initiator = initiatorOf({ suite: ours.suite });
      const responder = responderOf({ suite: theirs.suite, staticKey: await theirs.suite.generateKeyPair() });
      await responder.read(await initiator.write(none));
      await initiator.read(await responder.write(none));
      const [a, b] = [initiator.finish(), responder.finish()];
      const hello = utf8ToBytes("hello");
      expect(b.receive.decryptWithAd(none, a.send.encryptWithAd(none, hello))).toEqual(hello);
      expect(a.receive.decryptWithAd(none, b.send.encryptWithAd(none, hello))).toEqual(hello);
    }
  }
});

test("the responder's key comes out as it went in, and both ephemerals are what was sent", async () => {
  const initiator = initiatorOf();
  const responder = responderOf();
  const first = await initiator.write(none);
  await responder.read(first);
  await initiator.read(await responder.write(none));
  expect(initiator.remoteStatic).toEqual(staticKey.publicKey);
  expect(responder.remoteEphemeral).toEqual(first);
  expect(initiator.localEphemeral).toEqual(first);
  expect(responder.remoteStatic).toBeUndefined();
});

test("a message that is read again and again changes no key that was read before", async () => {
  const initiator = initiatorOf();
  const responder = responderOf();
  const first = (await initiator.write(none)).slice();
  await responder.read(first);
  first.fill(0);
  expect(responder.remoteEphemeral).toEqual(initiator.localEphemeral);
});

test("message 2 that was changed in any way is refused", async () => {
  await fc.assert(
    fc.asyncProperty(mutation, async (change) => {
      const initiator = initiatorOf();
      const responder = responderOf();
      await responder.read(await initiator.write(none));
      const second = await responder.write(utf8ToBytes("evidence"));
      expect(await refusalLater(() => initiator.read(change(second)))).toBe("handshake-failed");
      expect(await refusalLater(() => initiator.read(second))).toBe("handshake-failed");
      expect(await refusalLater(() => Promise.resolve(initiator.finish()))).toBe("handshake-failed");
    }),
  );
});

test("message 1 that was changed in any way is noticed by the time message 2 is read", async () => {
  await fc.assert(
    fc.asyncProperty(mutation, async (change) => {
      const initiator = initiatorOf();
      const responder = responderOf();
      const refused = await refusalLater(async () => {
        await responder.read(change(await initiator.write(none)));
        await initiator.read(await responder.write(none));
      });
      // Bit 255 of a key means nothing in X25519 but is part of the hash, so it is noticed too.
      expect(refused).toBe("handshake-failed");
    }),
  );
});

test.for<[string, Partial<HandshakeOptions>]>([
  ["another prologue", { prologue: utf8ToBytes("another test") }],
  ["another pattern", { pattern: "NNpsk0", psk: new Uint8Array(32) }],
])("two sides with %s do not meet", async ([, options]) => {
  const initiator = initiatorOf(options);
  const responder = responderOf();
  const refused = await refusalLater(async () => {
    await responder.read(await initiator.write(none));
    await initiator.read(await responder.write(none));
  });
  expect(refused).toBe("handshake-failed");
});

test("a resumption works with the psk of the handshake before, and with no other", async () => {
  const psk = new Uint8Array(32).fill(3);
  const options = { pattern: "NNpsk0", psk } as const;
  const good = [initiatorOf(options), responderOf(options)] as const;
  await good[1].read(await good[0].write(none));
  await good[0].read(await good[1].write(none));
  expect(good[0].finish().hash).toEqual(good[1].finish().hash);

  const wrong = responderOf({ ...options, psk: new Uint8Array(32).fill(4) });
  const first = await initiatorOf(options).write(none);
  expect(await refusalLater(() => wrong.read(first))).toBe("handshake-failed");
});

test.for<[string, () => unknown]>([
  ["no psk for a pattern with one", () => initiatorOf({ pattern: "NNpsk0" })],
  ["a psk of 31 bytes", () => initiatorOf({ pattern: "NNpsk0", psk: new Uint8Array(31) })],
  [
    "no static key for a responder that must show one",
    () => new Handshake({ pattern: "NX", role: "responder", prologue, suite }),
  ],
  [
    "no known key for a pattern that has one",
    () =>
      initiatorOf({
        pattern: {
          name: "NK",
          known: ["responder"],
          messages: [
            ["e", "es"],
            ["e", "ee"],
          ],
        },
      }),
  ],
])("our own mistake is no refusal: %s", ([, make]) => {
  expect(make).toThrow(/the pattern needs/);
});

test.for<[string, (handshake: Handshake) => Promise<unknown>]>([
  ["reading before writing", (handshake) => handshake.read(new Uint8Array(96))],
  ["finishing at once", (handshake) => Promise.resolve().then(() => handshake.finish())],
  [
    "writing twice",
    async (handshake) => {
      await handshake.write(none);
      await handshake.write(none);
    },
  ],
  ["writing twice at once", (handshake) => Promise.all([handshake.write(none), handshake.write(none)])],
])("out of turn is refused: %s", async ([, misuse]) => {
  expect(await refusalLater(() => misuse(initiatorOf()))).toBe("handshake-failed");
});

test("a handshake finishes once", async () => {
  const initiator = initiatorOf();
  const responder = responderOf();
  await responder.read(await initiator.write(none));
  await initiator.read(await responder.write(none));
  initiator.finish();
  expect(await refusalLater(() => Promise.resolve().then(() => initiator.finish()))).toBe("handshake-failed");
});

test("messages end where Noise says they end", async () => {
  const fits = noiseMessageMax - 32;
  expect((await initiatorOf().write(new Uint8Array(fits))).length).toBe(noiseMessageMax);
  expect(await refusalLater(() => initiatorOf().write(new Uint8Array(fits + 1)))).toBe("too-long");
  expect(await refusalLater(() => responderOf().read(new Uint8Array(noiseMessageMax + 1)))).toBe("handshake-failed");
});
