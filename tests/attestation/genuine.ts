/** Genuine vendor evidence, if `PHATROOM_VECTORS` names the folder that holds it. Its sources are listed there. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { NitroEvidence, SevSnpEvidence, SgxEvidence, TdxEvidence } from "#attestation/evidence.ts";
import { collateralFromPcs } from "#attestation/pcs.ts";
import { parsePem } from "#attestation/x509/pem.ts";
import { amdService } from "./sev-snp/service.ts";

const folder = process.env["PHATROOM_VECTORS"];
const files = [
  "tdx_quote",
  "tdx_quote_collateral.json",
  "sgx_quote",
  "sgx_quote_collateral.json",
  "sev-snp-gcp-bound.bin",
  "sev-snp-gcp-vcek.pem",
  "sev-snp-gcp-cert-chain.pem",
  "nitro_attestation.bin",
];

const pathOf = (name: string): string => join(folder ?? "$PHATROOM_VECTORS", "evidence", name);
const missing = files.map(pathOf).find((path) => folder === undefined || !existsSync(path));

const read = (name: string): Uint8Array => new Uint8Array(readFileSync(pathOf(name)));
const readJson = (name: string): unknown => JSON.parse(readFileSync(pathOf(name), "utf8"));

/** 2025-07-19T09:00:00Z: the collateral was in force for the month before. */
export const genuineNow = Date.UTC(2025, 6, 19, 9) / 1000;

/** 2026-09-01T00:00:00Z: AMD's lists of August 2026 were in force. */
export const genuineSnpNow = Date.UTC(2026, 8, 1) / 1000;

const pemFile = (name: string, count: number): readonly Uint8Array[] =>
  parsePem(`${readFileSync(pathOf(name), "utf8").trim()}\n`, count);

/** 2025-12-25T13:20:00Z: the key of this enclave was good for three hours. */
export const genuineNitroNow = Date.UTC(2025, 11, 25, 13, 20) / 1000;

export const genuine = {
  /** The first file that is not there, if any. */
  missing,
  /** For the title of a test that is skipped. */
  note: missing === undefined ? "" : ` (skipped: ${missing} is missing)`,
  tdx: (): TdxEvidence => ({
    kind: "tdx",
    quote: read("tdx_quote"),
    collateral: collateralFromPcs(readJson("tdx_quote_collateral.json")),
  }),
  sgx: (): SgxEvidence => ({
    kind: "sgx",
    quote: read("sgx_quote"),
    collateral: collateralFromPcs(readJson("sgx_quote_collateral.json")),
  }),
  /** Out of a larger structure of dstack's (SCALE): four bytes that say its length are before it, other parts behind. */
  nitro: (): NitroEvidence => ({ kind: "nitro", quote: read("nitro_attestation.bin").slice(4, 4 + 4527) }),
  /** Of Milan, with AMD's list of a later time. */
  sevSnp: (): SevSnpEvidence => {
    const [vcek] = pemFile("sev-snp-gcp-vcek.pem", 1) as [Uint8Array];
    const [ask, ark] = pemFile("sev-snp-gcp-cert-chain.pem", 2) as [Uint8Array, Uint8Array];
    const collateral = { vcek, ask, ark, crl: amdService.Milan.crl };
    return { kind: "sev-snp", quote: read("sev-snp-gcp-bound.bin"), collateral };
  },
};
