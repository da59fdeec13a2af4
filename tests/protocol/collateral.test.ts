/** What worker and gateway say to each other about the vendor's statements. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type CollateralAnswer,
  type CollateralRequest,
  decodeCollateralAnswer,
  decodeCollateralRequest,
  encodeCollateralAnswer,
  encodeCollateralRequest,
} from "#protocol/collateral.ts";
import { ProtocolError } from "#protocol/errors.ts";
import { collateralChainMax, collateralPartMax, linkMessageMax } from "#protocol/limits.ts";
import { encodeMsgpack } from "#protocol/msgpack.ts";

const requests: fc.Arbitrary<CollateralRequest> = fc.record({
  ref: fc.nat(),
  tee: fc.constantFrom("tdx", "sgx"),
  fmspc: fc.stringMatching(/^[0-9a-f]{12}$/),
  ca: fc.constantFrom("platform", "processor"),
});
const part = fc.uint8Array({ maxLength: 100 });
const answers: fc.Arbitrary<CollateralAnswer> = fc.record({
  ref: fc.nat(),
  parts: fc.option(
    fc.record({
      rootCrl: part,
      pckCrl: part,
      tcbInfo: part,
      tcbInfoChain: fc.string(),
      qeIdentity: part,
      qeIdentityChain: fc.string(),
    }),
  ),
});

test("decode(encode(x)) is x", () => {
  fc.assert(
    fc.property(requests, answers, (request, answer) => {
      expect(decodeCollateralRequest(encodeCollateralRequest(request))).toEqual(request);
      expect(decodeCollateralAnswer(encodeCollateralAnswer(answer))).toEqual(answer);
    }),
    { seed: 1 },
  );
});

test("any bytes are refused with a code or decoded", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      for (const decode of [decodeCollateralRequest, decodeCollateralAnswer]) {
        try {
          decode(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }
    }),
    { seed: 3, numRuns: 1000 },
  );
});

test("the longest answer fits one message of the link", () => {
  const [whole, chain] = [new Uint8Array(collateralPartMax), "x".repeat(collateralChainMax)];
  const parts = {
    rootCrl: whole,
    pckCrl: whole,
    tcbInfo: whole,
    tcbInfoChain: chain,
    qeIdentity: whole,
    qeIdentityChain: chain,
  };
  const bytes = encodeCollateralAnswer({ ref: Number.MAX_SAFE_INTEGER, parts });
  expect(bytes.length).toBeLessThanOrEqual(linkMessageMax);
  expect(decodeCollateralAnswer(bytes).parts).toEqual(parts);
});

const asking = { ref: 1, tee: "tdx", fmspc: "b0c06f000000", ca: "platform" };
const one = Uint8Array.of(1);
const parts = { rootCrl: one, pckCrl: one, tcbInfo: one, tcbInfoChain: "", qeIdentity: one, qeIdentityChain: "" };

test.for([
  ["another kind of TEE", { ...asking, tee: "sev" }],
  ["a model that is a path", { ...asking, fmspc: "../../../etc" }],
  ["a model in capitals", { ...asking, fmspc: "B0C06F000000" }],
  ["a CA that does not exist", { ...asking, ca: "root" }],
  ["a reference below zero", { ...asking, ref: -1 }],
])("a request with %s is refused", ([, body]) => {
  expect(() => decodeCollateralRequest(encodeMsgpack(body))).toThrow(expect.objectContaining({ code: "malformed" }));
});

test.for<readonly [string, object]>([
  ["no parts", {}],
  ["a part that is text", { parts: { ...parts, rootCrl: "list" } }],
  ["a part beyond its limit", { parts: { ...parts, tcbInfo: new Uint8Array(collateralPartMax + 1) } }],
  ["a chain that is bytes", { parts: { ...parts, tcbInfoChain: one } }],
  ["a chain beyond its limit", { parts: { ...parts, qeIdentityChain: "x".repeat(collateralChainMax + 1) } }],
])("an answer with %s is refused", ([, body]) => {
  expect(() => decodeCollateralAnswer(encodeMsgpack({ ref: 1, ...body }))).toThrow(
    expect.objectContaining({ code: "malformed" }),
  );
});
