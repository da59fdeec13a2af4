/**
 * The enclave that makes quotes, and what certifies its attestation key: its own report, signed by the machine's PCK.
 * The decoders are `#attestation/dcap/auth-data.ts` and `#attestation/sgx/report.ts`.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import type { SgxReport } from "#attestation/sgx/report.ts";
import { concatBytes, hexToBytes, u32le, utf8ToBytes } from "#protocol/bytes.ts";
import { type Key, keyFrom, signRaw } from "./certificates.ts";
import { encodePem } from "./pem.ts";
import { type DevelopmentPki, derive } from "./pki.ts";

/** Intel has one quoting enclave for each kind of TEE. */
export type Tee = "tdx" | "sgx";

/** Who the quoting enclaves are, as QE identities name them. Products and versions are numbered like Intel's. */
export const quotingEnclaves = {
  tdx: { mrSigner: new Uint8Array(32).fill(0xde), isvProdId: 2, isvSvn: 4 },
  sgx: { mrSigner: new Uint8Array(32).fill(0xdd), isvProdId: 1, isvSvn: 8 },
} as const;

export interface QuotingEnclave {
  readonly attestationKey: Key;
  /** 384 bytes. */
  readonly report: Uint8Array;
  /** r ‖ s */
  readonly reportSignature: Uint8Array;
  readonly authenticationData: Uint8Array;
  /** PCK, PCK CA, root in PEM. */
  readonly chain: string;
}

export function createQuotingEnclave(pki: DevelopmentPki, seed: Uint8Array, tee: Tee = "tdx"): QuotingEnclave {
  const purpose = (what: string): string => (tee === "tdx" ? what : `${what} ${tee}`);
  const attestationKey = keyFrom(derive(seed, purpose("attestation key"), 48));
  const authenticationData = derive(seed, purpose("authentication data"), 32);
  const report = encodeSgxReport(reportOf(tee, attestationKey, authenticationData));
  return {
    attestationKey,
    report,
    reportSignature: signRaw(report, pki.pck.key),
    authenticationData,
    chain: [pki.pck, pki.pckCa, pki.root].map((holder) => encodePem(holder.certificate)).join(""),
  };
}

/**
 * A quote's header. Intel "TDX DCAP Quoting Library API", appendix A.3.1; "SGX ECDSA QuoteLibReference DCAP API",
 * appendix A.4.
 */
export const encodeHeader = (version: number, teeType: number, versions = new Uint8Array(4)): Uint8Array =>
  concatBytes(
    u16le(version),
    u16le(2), // ECDSA P-256
    u32le(teeType),
    versions, // of quoting enclave and PCE, in version 3
    hexToBytes("939a7233f79c4ca9940a0db3957f0607"), // Intel's quoting enclave
    new Uint8Array(20),
  );

/** Signature over header and body, attestation key, and what certifies it, wrapped as certification data of type 6. */
export function encodeAuthData(signed: Uint8Array, enclave: QuotingEnclave): Uint8Array {
  const certification = encodeCertification(enclave);
  return withLength(
    signRaw(signed, enclave.attestationKey),
    enclave.attestationKey.public,
    u16le(6),
    withLength(certification),
  );
}

/** The same, as version 3 has it: nothing is wrapped. */
export const encodeAuthDataV3 = (signed: Uint8Array, enclave: QuotingEnclave): Uint8Array =>
  withLength(signRaw(signed, enclave.attestationKey), enclave.attestationKey.public, encodeCertification(enclave));

/** The body of an SGX quote, and the report of any enclave. */
export const encodeSgxReport = (report: SgxReport): Uint8Array =>
  concatBytes(
    report.cpuSvn,
    report.miscSelect,
    new Uint8Array(12),
    report.extendedProductId,
    report.attributes,
    report.mrEnclave,
    new Uint8Array(32),
    report.mrSigner,
    new Uint8Array(32),
    report.configId,
    u16le(report.isvProdId),
    u16le(report.isvSvn),
    u16le(report.configSvn),
    new Uint8Array(42),
    report.familyId,
    report.reportData,
  );

export const u16le = (value: number): Uint8Array => Uint8Array.of(value & 0xff, value >> 8);

/** INIT and PROVISION_KEY, no debug; report data names the attestation key. */
const reportOf = (tee: Tee, attestationKey: Key, authenticationData: Uint8Array): SgxReport => ({
  cpuSvn: new Uint8Array(16).fill(2),
  miscSelect: new Uint8Array(4),
  extendedProductId: new Uint8Array(16),
  attributes: Uint8Array.of(0x11, ...new Uint8Array(15)),
  mrEnclave: new Uint8Array(32).fill(0xee),
  ...quotingEnclaves[tee],
  configId: new Uint8Array(64),
  configSvn: 0,
  familyId: new Uint8Array(16),
  reportData: concatBytes(sha256(concatBytes(attestationKey.public, authenticationData)), new Uint8Array(32)),
});

function encodeCertification(enclave: QuotingEnclave): Uint8Array {
  const { report, reportSignature, authenticationData } = enclave;
  const length = u16le(authenticationData.length);
  // Type 5: the PCK's chain in PEM.
  return concatBytes(
    report,
    reportSignature,
    length,
    authenticationData,
    u16le(5),
    withLength(utf8ToBytes(enclave.chain)),
  );
}

function withLength(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = concatBytes(...parts);
  return concatBytes(u32le(bytes.length), bytes);
}
