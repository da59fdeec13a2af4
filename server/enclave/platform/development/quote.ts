/**
 * TDX quotes, version 4, with the structure of genuine ones. The decoder is `#attestation/tdx/quote.ts`.
 * Intel "TDX DCAP Quoting Library API", appendix A.3.
 */
import { sha256, sha384 } from "@noble/hashes/sha2.js";
import { concatBytes, hexToBytes, lengthPrefixed, u32le, utf8ToBytes } from "#protocol/bytes.ts";
import type { TdReport } from "#attestation/tdx/report.ts";
import { type Key, keyFrom, signRaw } from "./certificates.ts";
import { type DevelopmentPki, derive } from "./pki.ts";

export const qeMrSigner = new Uint8Array(32).fill(0xde);
export const qeIsvProdId = 2;
export const qeIsvSvn = 4;

/** What certifies an attestation key: the report of a quoting enclave, signed by the machine's PCK. */
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

export function createQuotingEnclave(pki: DevelopmentPki, seed: Uint8Array): QuotingEnclave {
  const attestationKey = keyFrom(derive(seed, "attestation key", 48));
  const authenticationData = derive(seed, "authentication data", 32);
  const report = encodeQeReport(attestationKey, authenticationData);
  return {
    attestationKey,
    report,
    reportSignature: signRaw(report, pki.pck.key),
    authenticationData,
    chain: [pki.pck, pki.pckCa, pki.root].map((holder) => encodePem(holder.certificate)).join(""),
  };
}

/** A TD that measured nothing. Values are constants, so that nobody takes them for a measurement of a worker. */
export function developmentTd(reportData: Uint8Array): TdReport {
  const constant = (name: string) => sha384(lengthPrefixed("phatroom/1/development/measurement", name));
  return {
    // Version 1 of the TDX module, security version 5; component 2 is what TCB info asks for.
    teeTcbSvn: Uint8Array.of(5, 1, 2, ...new Uint8Array(13)),
    mrSeam: constant("mrseam"),
    mrSignerSeam: new Uint8Array(48),
    seamAttributes: new Uint8Array(8),
    // SEPT_VE_DISABLE
    tdAttributes: hexToBytes("0000001000000000"),
    xfam: hexToBytes("e702060000000000"),
    mrTd: constant("mrtd"),
    mrConfigId: new Uint8Array(48),
    mrOwner: new Uint8Array(48),
    mrOwnerConfig: new Uint8Array(48),
    rtmr: [constant("rtmr0"), constant("rtmr1"), constant("rtmr2"), constant("rtmr3")],
    reportData,
  };
}

export function createQuote(td: TdReport, enclave: QuotingEnclave): Uint8Array {
  const signed = concatBytes(encodeHeader(), encodeTdReport(td));
  const chain = utf8ToBytes(enclave.chain);
  const certification = concatBytes(
    enclave.report,
    enclave.reportSignature,
    u16le(enclave.authenticationData.length),
    enclave.authenticationData,
    u16le(5),
    u32le(chain.length),
    chain,
  );
  const authData = concatBytes(
    signRaw(signed, enclave.attestationKey),
    enclave.attestationKey.public,
    u16le(6),
    u32le(certification.length),
    certification,
  );
  return concatBytes(signed, u32le(authData.length), authData);
}

/** A.3.1: version 4, ECDSA P-256, TDX, Intel's quoting enclave. */
const encodeHeader = (): Uint8Array =>
  concatBytes(
    u16le(4),
    u16le(2),
    u32le(0x81),
    new Uint8Array(4),
    hexToBytes("939a7233f79c4ca9940a0db3957f0607"),
    new Uint8Array(20),
  );

/** A.3.2. */
const encodeTdReport = (td: TdReport): Uint8Array =>
  concatBytes(
    td.teeTcbSvn,
    td.mrSeam,
    td.mrSignerSeam,
    td.seamAttributes,
    td.tdAttributes,
    td.xfam,
    td.mrTd,
    td.mrConfigId,
    td.mrOwner,
    td.mrOwnerConfig,
    ...td.rtmr,
    td.reportData,
  );

/** The body of `#attestation/sgx/report.ts`: INIT and PROVISION_KEY, no debug; report data names the attestation key. */
const encodeQeReport = (attestationKey: Key, authenticationData: Uint8Array): Uint8Array =>
  concatBytes(
    new Uint8Array(16).fill(2), // CPUSVN
    new Uint8Array(4), // MISCSELECT
    new Uint8Array(28),
    Uint8Array.of(0x11, ...new Uint8Array(15)), // ATTRIBUTES
    new Uint8Array(32).fill(0xee), // MRENCLAVE
    new Uint8Array(32),
    qeMrSigner,
    new Uint8Array(96),
    u16le(qeIsvProdId),
    u16le(qeIsvSvn),
    new Uint8Array(60),
    sha256(concatBytes(attestationKey.public, authenticationData)),
    new Uint8Array(32),
  );

/** RFC 7468, 64 columns. */
export function encodePem(der: Uint8Array): string {
  const lines = Buffer.from(der)
    .toString("base64")
    .replace(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

const u16le = (value: number): Uint8Array => Uint8Array.of(value & 0xff, value >> 8);
