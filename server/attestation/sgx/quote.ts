/**
 * An SGX quote of version 3: header, the enclave's report, and the data that authenticates both.
 * Intel "SGX ECDSA QuoteLibReference DCAP API", appendix A.4.
 */
import { type AuthData, readQeCertification } from "../dcap/auth-data.ts";
import { readHeader, teeTypes } from "../dcap/header.ts";
import { demand } from "../errors.ts";
import { isZero, Reader } from "../reader.ts";
import { readSgxReport, type SgxReport } from "./report.ts";

export interface SgxQuote {
  readonly report: SgxReport;
  /** Header and report, as the attestation key signed them. */
  readonly signed: Uint8Array;
  readonly authData: AuthData;
}

/** @throws AttestationError "quote-malformed", "evidence-unsupported", "certificate-malformed". */
export function parseSgxQuote(bytes: Uint8Array): SgxQuote {
  const reader = new Reader(bytes);
  const { version, teeType } = readHeader(reader);
  demand(version === 3, "evidence-unsupported", `quote version ${version}`);
  demand(teeType === teeTypes.sgx, "evidence-unsupported", "TEE type");
  const report = readSgxReport(reader);
  const signed = bytes.subarray(0, reader.position);
  const inner = new Reader(reader.take(reader.u32()));
  // Unlike in later versions, what certifies the attestation key follows it directly.
  const authData = {
    signature: inner.take(64),
    attestationKey: inner.take(64),
    certification: readQeCertification(inner),
  };
  inner.end();
  demand(isZero(reader.rest()), "quote-malformed", "bytes after the quote");
  return { report, signed, authData };
}
