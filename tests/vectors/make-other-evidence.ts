/**
 * Writes `other-evidence.json`: `node tests/vectors/make-other-evidence.ts`. Only when a format changes on purpose: AMD's
 * signatures are salted, so that every run writes other bytes.
 */
import { writeFileSync } from "node:fs";
import { encodeEvidence, type Evidence, rootOf } from "#attestation/evidence.ts";
import { verify } from "#attestation/verify.ts";
import { webCryptoPrimitives } from "#client/primitives.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { now } from "../attestation/forge.ts";
import { forgeNitro } from "../attestation/nitro/forge.ts";
import { forgeSnp } from "../attestation/sev-snp/forge.ts";

const evidence = await Promise.all(
  (
    [
      ["sev-snp of Genoa", await forgeSnp()],
      ["sev-snp of Turin", await forgeSnp({ generation: "Turin" })],
      ["nitro", await forgeNitro()],
    ] as const
  ).map(goldenOf),
);
writeFileSync(new URL("other-evidence.json", import.meta.url), `${JSON.stringify({ now, evidence }, undefined, 2)}\n`);

async function goldenOf([name, evidence]: readonly [string, Evidence]): Promise<object> {
  const verified = await verify(evidence, { roots: [rootOf(evidence)], now, primitives: webCryptoPrimitives() });
  return {
    name,
    evidence: Buffer.from(encodeEvidence(evidence)).toString("base64"),
    verified: { ...verified, reportData: bytesToHex(verified.reportData) },
  };
}
