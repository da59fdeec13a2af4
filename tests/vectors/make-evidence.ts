/** Writes `development-evidence.json`: `node tests/vectors/make-evidence.ts`. Only when a format changes on purpose. */
import { writeFileSync } from "node:fs";
import { decodeEvidence, rootOf } from "#attestation/evidence.ts";
import { verify } from "#attestation/verify.ts";
import { webCryptoPrimitives } from "#client/primitives.ts";
import { platformFromSeed } from "#enclave/platform/software.ts";
import { bytesToHex } from "#protocol/bytes.ts";

const count = (length: number) => new Uint8Array(length).map((_, i) => i);

const [seed, reportData] = [count(32), count(64)];
/** 2026-03-01T12:00:00Z */
const now = 1_772_366_400;
const path = "phatroom/test/v1";

const evidence = await Promise.all((["tdx", "sgx"] as const).map(goldenOf));
const platform = platformFromSeed(seed, () => now);
const golden = {
  seed: bytesToHex(seed),
  now,
  path,
  key: bytesToHex(await platform.deriveKey(path)),
  reportData: bytesToHex(reportData),
  evidence,
};
writeFileSync(new URL("development-evidence.json", import.meta.url), `${JSON.stringify(golden, undefined, 2)}\n`);

async function goldenOf(kind: "tdx" | "sgx"): Promise<object> {
  const bytes = await platformFromSeed(seed, () => now, kind).quote(reportData);
  const decoded = decodeEvidence(bytes);
  const verified = await verify(decoded, { roots: [rootOf(decoded)], now, primitives: webCryptoPrimitives() });
  return {
    kind,
    evidence: Buffer.from(bytes).toString("base64"),
    verified: { ...verified, reportData: bytesToHex(verified.reportData) },
  };
}
