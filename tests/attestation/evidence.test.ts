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

const collaterals: fc.Arbitrary<Collateral> = fc.record({
  rootCrl: bytes(300),
  pckCrl: bytes(300),
  tcbInfo: ascii,
  tcbInfoSignature: signature,
  tcbInfoChain: chain,
  qeIdentity: ascii,
  qeIdentitySignature: signature,
  qeIdentityChain: chain,
});
const common = { quote: bytes(2000), collateral: collaterals };

const evidences: fc.Arbitrary<Evidence> = fc.oneof(
  fc.record({ kind: fc.constant("sgx" as const), ...common }),
  fc.record({
    kind: fc.constant("sev-snp" as const),
    quote: bytes(1184),
    collateral: fc.record({ vcek: bytes(300), ask: bytes(300), ark: bytes(300), crl: bytes(300) }),
  }),
  fc.record({ kind: fc.constant("nitro" as const), quote: bytes(2000) }),
  fc.record({ kind: fc.constant("tdx" as const), ...common }),
  fc.record({
    kind: fc.constant("tdx" as const),
    ...common,
    dstack: fc.record(
      { eventLog: bytes(500), appCompose: bytes(500), vmConfig: bytes(100) },
      {
        requiredKeys: ["eventLog", "appCompose"],
      },
    ),
  }),
);

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

/** Evidence that is good but for what is changed, in the encoding's own places. */
const encoded = (
  change: Partial<Record<keyof Collateral | "version" | "kind" | "quote" | "guest", unknown>>,
): Uint8Array => {
  const { kind, quote, collateral } = forge();
  const all = { version: 2, kind, quote, ...collateral, qeIdentityChain: null, guest: null, ...change };
  return encodeMsgpack([
    all.version,
    all.kind,
    all.quote,
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
    all.guest,
  ]);
};
const filled = (length: number) => new Uint8Array(length).fill(1);

test("what is changed below is good before", () => {
  expect(decodeEvidence(encoded({}))).toEqual(forge());
});

test.for([
  ["evidence-malformed", "nothing", new Uint8Array(0)],
  ["evidence-unsupported", "text instead of a tuple", encodeMsgpack("evidence")],
  ["evidence-unsupported", "an earlier version", encodeMsgpack([1, "tdx", filled(1), []])],
  ["evidence-malformed", "a tuple of four", encodeMsgpack([2, "tdx", filled(1), []])],
  ["evidence-malformed", "a byte too many", Uint8Array.of(...encoded({}), 0)],
  [
    "evidence-malformed",
    "more than 48 KiB",
    encoded({ quote: filled(24_000), rootCrl: filled(13_000), pckCrl: filled(13_000) }),
  ],
  ["evidence-unsupported", "a later version", encoded({ version: 3 })],
  ["evidence-unsupported", "another kind", encoded({ kind: "cca" })],
  ["evidence-malformed", "a quote of no bytes", encoded({ quote: filled(0) })],
  ["evidence-malformed", "a quote that is text", encoded({ quote: "quote" })],
  ["evidence-malformed", "a quote beyond its limit", encoded({ quote: filled(24 * 1024 + 1) })],
  ["evidence-malformed", "a list beyond its limit", encoded({ pckCrl: filled(16 * 1024 + 1) })],
  ["evidence-malformed", "a short signature", encoded({ tcbInfoSignature: filled(63) })],
  ["evidence-malformed", "a long signature", encoded({ qeIdentitySignature: filled(65) })],
  ["evidence-malformed", "a text that is bytes", encoded({ tcbInfo: filled(1) })],
  ["evidence-malformed", "a text that is not ASCII", encoded({ tcbInfo: '{"id":"é"}' })],
  ["evidence-malformed", "a text beyond its limit", encoded({ qeIdentity: "x".repeat(16 * 1024 + 1) })],
  ["evidence-malformed", "a chain that is a number", encoded({ tcbInfoChain: 1 })],
  ["evidence-malformed", "a chain that is text", encoded({ qeIdentityChain: "ab" })],
  ["evidence-malformed", "an empty chain", encoded({ tcbInfoChain: [] })],
  ["evidence-malformed", "a chain of three", encoded({ tcbInfoChain: [1, 2, 3].map(filled) })],
  ["evidence-malformed", "a certificate beyond its limit", encoded({ tcbInfoChain: [filled(4097)] })],
  ["evidence-malformed", "the same chain twice", encoded({ qeIdentityChain: forge().collateral.tcbInfoChain })],
  ["evidence-malformed", "a longer spelling of a number", Uint8Array.of(0x95, 0xcc, 2, ...encoded({}).subarray(2))],
  ["evidence-malformed", "a guest in an enclave", encoded({ kind: "sgx", guest: [filled(1), filled(1), null] })],
  ["evidence-malformed", "a guest that is text", encoded({ guest: "dstack" })],
  ["evidence-malformed", "a guest without its compose file", encoded({ guest: [filled(1), null, null] })],
  ["evidence-malformed", "a guest with something more", encoded({ guest: [filled(1), filled(1), null, null] })],
  ["evidence-malformed", "a log of no bytes", encoded({ guest: [filled(0), filled(1), null] })],
  ["evidence-malformed", "a log beyond its limit", encoded({ guest: [filled(16 * 1024 + 1), filled(1), null] })],
  [
    "evidence-malformed",
    "a compose file beyond its limit",
    encoded({ guest: [filled(1), filled(16 * 1024 + 1), null] }),
  ],
  ["evidence-malformed", "a description beyond its limit", encoded({ guest: [filled(1), filled(1), filled(4097)] })],
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
