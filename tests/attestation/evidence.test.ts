/** Evidence as bytes: what is encoded is what is decoded, and nothing unbounded is. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Collateral, decodeEvidence, encodeEvidence, type Evidence, rootOf } from "#attestation/evidence.ts";
import { AttestationError } from "#attestation/errors.ts";
import { encodeMsgpack } from "#protocol/msgpack.ts";
import { forge, pki } from "./forge.ts";

const bytes = (max: number) => fc.uint8Array({ minLength: 1, maxLength: max });
const signature = fc.uint8Array({ minLength: 64, maxLength: 64 });
const ascii = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((c) => String.fromCharCode(c)),
  minLength: 1,
});
const chain = fc.array(bytes(300), { minLength: 1, maxLength: 2 });

const evidences: fc.Arbitrary<Evidence> = fc.record({
  kind: fc.constant("tdx" as const),
  quote: bytes(2000),
  collateral: fc.record({
    rootCrl: bytes(300),
    pckCrl: bytes(300),
    tcbInfo: ascii,
    tcbInfoSignature: signature,
    tcbInfoChain: chain,
    qeIdentity: ascii,
    qeIdentitySignature: signature,
    qeIdentityChain: chain,
  }),
});

test("decode(encode(evidence)) is the evidence", () => {
  fc.assert(
    fc.property(evidences, (evidence) => {
      expect(decodeEvidence(encodeEvidence(evidence))).toEqual(evidence);
    }),
    { seed: 1, numRuns: 200 },
  );
});

test("any bytes are refused with a code or decoded to something that encodes", () => {
  const good = encodeEvidence(forge());
  const mutated = fc
    .array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    .map((changes) => {
      const copy = new Uint8Array(good);
      for (const [at, value] of changes) copy[at] = value;
      return copy;
    });
  fc.assert(
    fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 200 })), (input) => {
      try {
        encodeEvidence(decodeEvidence(input));
      } catch (error) {
        expect(error).toBeInstanceOf(AttestationError);
      }
    }),
    { seed: 2, numRuns: 1000 },
  );
});

test("a chain that both statements share is sent once", () => {
  const evidence = forge();
  const otherSigner = new Uint8Array(600).fill(7);
  const apart = { ...evidence.collateral, qeIdentityChain: [otherSigner, pki.root.certificate] };
  const shared = encodeEvidence(evidence).length;
  expect(encodeEvidence({ ...evidence, collateral: apart }).length).toBeGreaterThan(shared + 600);
});

const withCollateral = (change: Partial<Collateral>) => {
  const { kind, quote, collateral: c } = forge();
  const all = { ...c, ...change };
  return encodeMsgpack([
    1,
    kind,
    quote,
    [
      all.rootCrl,
      all.pckCrl,
      all.tcbInfo,
      all.tcbInfoSignature,
      all.tcbInfoChain,
      all.qeIdentity,
      all.qeIdentitySignature,
      all.qeIdentityChain,
    ],
  ]);
};

test.for([
  ["evidence-malformed", "nothing", new Uint8Array(0)],
  ["evidence-malformed", "more than 32 KiB", new Uint8Array(32 * 1024 + 1)],
  ["evidence-malformed", "text instead of a tuple", encodeMsgpack("evidence")],
  ["evidence-malformed", "a tuple of three", encodeMsgpack([1, "tdx", new Uint8Array(1)])],
  ["evidence-unsupported", "a later version", encodeMsgpack([2, "tdx", new Uint8Array(1), []])],
  ["evidence-unsupported", "another kind", encodeMsgpack([1, "nitro", new Uint8Array(1), []])],
  ["evidence-malformed", "a quote of no bytes", encodeMsgpack([1, "tdx", new Uint8Array(0), []])],
  ["evidence-malformed", "a quote beyond its limit", encodeMsgpack([1, "tdx", new Uint8Array(24 * 1024 + 1), []])],
  ["evidence-malformed", "a short signature", withCollateral({ tcbInfoSignature: new Uint8Array(63) })],
  ["evidence-malformed", "a text that is not ASCII", withCollateral({ tcbInfo: '{"id":"é"}' })],
  ["evidence-malformed", "an empty chain", withCollateral({ tcbInfoChain: [] })],
  ["evidence-malformed", "a chain of three", withCollateral({ tcbInfoChain: [1, 2, 3].map((n) => Uint8Array.of(n)) })],
  ["evidence-malformed", "a certificate beyond its limit", withCollateral({ tcbInfoChain: [new Uint8Array(4097)] })],
] as const)("%s: %s", ([code, , input]) => {
  expect(() => decodeEvidence(input)).toThrow(expect.objectContaining({ name: "AttestationError", code }));
});

test("what would not be decoded is not encoded", () => {
  const evidence = { ...forge(), quote: new Uint8Array(24 * 1024 + 1) };
  expect(() => encodeEvidence(evidence)).toThrow(expect.objectContaining({ code: "evidence-malformed" }));
});

test("the root that evidence claims is its chain's last certificate", () => {
  expect(rootOf(forge())).toEqual(pki.root.certificate);
});
