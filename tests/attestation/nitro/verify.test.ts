/** Attestation documents: a genuine one of AWS, and our own, which are read as they are. */
import { describe, expect, test } from "vitest";
import { awsRootFingerprint } from "#attestation/aws-root.ts";
import { decodeEvidence, encodeEvidence, rootOf } from "#attestation/evidence.ts";
import { verify } from "#attestation/verify.ts";
import { fingerprintOf } from "#attestation/x509/pick-root.ts";
import { day, flip, now, primitives, reportData } from "../forge.ts";
import { genuine, genuineNitroNow } from "../genuine.ts";
import { bytes, map } from "./cbor.ts";
import { forgeNitro, holders, verifyForgedNitro } from "./forge.ts";

test("an enclave says what it is", async () => {
  const verified = await verifyForgedNitro();
  expect(verified).toEqual({
    kind: "nitro",
    reportData,
    root: {
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      name: "root.nitro-enclaves, DEVELOPMENT ONLY - NOT INTEL",
    },
    moduleId: "i-0123456789abcdef0-enc0123456789abcdef",
    timestamp: now * 1000 - 30_123,
    pcrs: Object.fromEntries(
      Array.from({ length: 16 }, (_, number) => [
        number,
        (number < 3 || number === 4 ? (0xa0 + number).toString(16) : "00").repeat(48),
      ]),
    ),
    issued: now - 31,
    expires: now + 2 * 3600,
  });
});

test("a key and a nonce are read where there are any, and a payload may have its length", async () => {
  const payload = (members: object) =>
    map(...Object.entries(members).map(([name, value]) => [textOf(name), value as Uint8Array] as const));
  await expect(
    verifyForgedNitro({
      members: { public_key: bytes(Uint8Array.of(1, 2)), nonce: bytes(new Uint8Array(512)) },
      payload,
    }),
  ).resolves.toMatchObject({ publicKey: "0102", nonce: "00".repeat(512) });
});

const textOf = (name: string): Uint8Array => Uint8Array.of(0x60 | name.length, ...Buffer.from(name));

test.for([
  ["the first second of its key", now - 3600, undefined],
  ["a second before", now - 3601, "document-time"],
  ["five minutes ahead of us", now + 300, undefined],
  ["a second more", now + 301, "document-time"],
] as const)("a document is of its time: %s", async ([, at, code]) => {
  const verified = verifyForgedNitro({ timestamp: at * 1000 });
  await (code === undefined
    ? expect(verified).resolves.toBeDefined()
    : expect(verified).rejects.toMatchObject({ code }));
});

test("a document ends with the first certificate that it hangs from", async () => {
  for (const holder of holders) {
    const certificates = { [holder]: { notAfter: now + 60 } };
    await expect(verifyForgedNitro({ certificates })).resolves.toMatchObject({ expires: now + 60 });
  }
});

test("a document encodes to bytes that decode to the same, and names its root", async () => {
  const evidence = await forgeNitro();
  expect(decodeEvidence(encodeEvidence(evidence))).toEqual(evidence);
  await expect(verifyForgedNitro()).resolves.toMatchObject({ root: { fingerprint: fingerprintOf(rootOf(evidence)) } });
});

describe.skipIf(genuine.missing !== undefined)(`genuine evidence${genuine.note}`, () => {
  const verifyAt = (at: number, roots = [rootOf(genuine.nitro())]) =>
    verify(genuine.nitro(), { roots, now: at, primitives });

  test("a document of AWS hangs from the root that is pinned, and says so much", async () => {
    await expect(verifyAt(genuineNitroNow)).resolves.toMatchObject({
      kind: "nitro",
      reportData: new Uint8Array(64),
      root: { fingerprint: awsRootFingerprint, name: "aws.nitro-enclaves, Amazon" },
      moduleId: "i-0827e799ec9232d44-enc019b55a68bd2ed4b",
      timestamp: 1_766_668_537_578,
      pcrs: {
        0: "5cb702954321826d7939d6da829a940d787fcf32357beb8eae1ddf33c28c17d36f3ac3ba6828fdf7edeed02889702da6",
        1: "0343b056cd8485ca7890ddd833476d78460aed2aa161548e4e26bedf321726696257d623e8805f3f605946b3d8b0c6aa",
        2: "743ea12db9aba9440a8197f7ac9aeda43cfbb1587473ff7577415ac5be116bc026dfa836db6713930474d1aa0d06b049",
        8: "00".repeat(48),
      },
      issued: 1_766_668_537,
      expires: Date.UTC(2025, 11, 25, 16, 15, 37) / 1000,
    });
  });

  test.for([
    ["in the last second", Date.UTC(2025, 11, 25, 16, 15, 37) / 1000, undefined],
    ["a second later", Date.UTC(2025, 11, 25, 16, 15, 38) / 1000, "certificate-expired"],
    ["a year later", genuineNitroNow + 366 * day, "certificate-expired"],
    ["a second before its key", Date.UTC(2025, 11, 25, 13, 15, 33) / 1000, "certificate-expired"],
  ] as const)("%s it has its verdict", async ([, at, code]) => {
    const verified = verifyAt(at);
    await (code === undefined
      ? expect(verified).resolves.toBeDefined()
      : expect(verified).rejects.toMatchObject({ code }));
  });

  test("one bit of it changed is noticed", async () => {
    const evidence = genuine.nitro();
    const changed = { ...evidence, quote: flip(evidence.quote, -1) };
    const options = { roots: [rootOf(evidence)], now: genuineNitroNow, primitives };
    await expect(verify(changed, options)).rejects.toMatchObject({ code: "quote-signature" });
  });

  test("our own root does not vouch for it", async () => {
    const roots = [rootOf(await forgeNitro())];
    await expect(verifyAt(genuineNitroNow, roots)).rejects.toMatchObject({ code: "untrusted-root" });
  });
});
