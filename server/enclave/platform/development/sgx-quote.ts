/**
 * SGX quotes, version 3, with the structure of genuine ones. The decoder is `#attestation/sgx/quote.ts`.
 * Intel "SGX ECDSA QuoteLibReference DCAP API", appendix A.4.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, hexToBytes, lengthPrefixed } from "#protocol/bytes.ts";
import type { SgxReport } from "#attestation/sgx/report.ts";
import { encodeAuthDataV3, encodeHeader, encodeSgxReport, type QuotingEnclave } from "./quoting-enclave.ts";

/** An enclave that measured nothing. Values are constants, so that nobody takes them for a measurement of a worker. */
export function developmentEnclave(reportData: Uint8Array): SgxReport {
  const constant = (name: string) => sha256(lengthPrefixed("phatroom/1/development/measurement", name));
  return {
    cpuSvn: new Uint8Array(16).fill(2),
    miscSelect: new Uint8Array(4),
    extendedProductId: new Uint8Array(16),
    // INIT, MODE64BIT; XFRM in the upper half.
    attributes: hexToBytes("0500000000000000e700000000000000"),
    mrEnclave: constant("mrenclave"),
    mrSigner: constant("mrsigner"),
    configId: new Uint8Array(64),
    isvProdId: 1,
    isvSvn: 1,
    configSvn: 0,
    familyId: new Uint8Array(16),
    reportData,
  };
}

export function createSgxQuote(report: SgxReport, enclave: QuotingEnclave): Uint8Array {
  // Security versions of quoting enclave and PCE.
  const signed = concatBytes(encodeHeader(3, 0, Uint8Array.of(8, 0, 11, 0)), encodeSgxReport(report));
  return concatBytes(signed, encodeAuthDataV3(signed, enclave));
}
