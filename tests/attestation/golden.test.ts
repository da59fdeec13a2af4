/** Golden evidence: a change of one byte of its encoding, or of what is read out of it, is noticed here. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decodeEvidence, encodeEvidence, rootOf } from "#attestation/evidence.ts";
import { verify } from "#attestation/verify.ts";
import { platformFromSeed } from "#enclave/platform/software.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import { primitives } from "./forge.ts";
import { goldenOthers } from "./golden-others.ts";

interface Golden {
  readonly seed: string;
  readonly now: number;
  readonly path: string;
  readonly key: string;
  readonly reportData: string;
  readonly evidence: readonly {
    readonly kind: "tdx" | "sgx";
    readonly evidence: string;
    readonly verified: object;
  }[];
}

const golden = JSON.parse(
  readFileSync(new URL("../vectors/development-evidence.json", import.meta.url), "utf8"),
) as Golden;

test("the software platform derives this very key from this seed", async () => {
  const platform = platformFromSeed(hexToBytes(golden.seed), () => golden.now);
  expect(bytesToHex(await platform.deriveKey(golden.path))).toBe(golden.key);
});

test.for(golden.evidence)("the software platform makes these very bytes from this seed: $kind", async (expected) => {
  const platform = platformFromSeed(hexToBytes(golden.seed), () => golden.now, expected.kind);
  const evidence = await platform.quote(hexToBytes(golden.reportData));
  expect(Buffer.from(evidence).toString("base64")).toBe(expected.evidence);
});

test.for(golden.evidence)("these bytes encode to themselves, and say what they said: $kind", async (expected) => {
  const bytes = new Uint8Array(Buffer.from(expected.evidence, "base64"));
  const evidence = decodeEvidence(bytes);
  expect(encodeEvidence(evidence)).toEqual(bytes);
  const verified = await verify(evidence, { roots: [rootOf(evidence)], now: golden.now, primitives });
  expect({ ...verified, reportData: bytesToHex(verified.reportData) }).toEqual(expected.verified);
});

test.for(goldenOthers)("these bytes encode to themselves, and say what they said: $name", async (expected) => {
  const { bytes, evidence, root, now, verified: said } = expected;
  expect(encodeEvidence(evidence)).toEqual(bytes);
  const verified = await verify(evidence, { roots: [root], now, primitives });
  expect({ ...verified, reportData: bytesToHex(verified.reportData) }).toEqual(said);
});
