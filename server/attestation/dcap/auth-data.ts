/**
 * What follows the signed part of a quote: the attestation key's signature, and why that key is the hardware's.
 * Intel "TDX DCAP Quoting Library API", appendix A.3.8 to A.3.11.
 */
import { demand } from "../errors.ts";
import { Reader } from "../reader.ts";
import { readSgxReport, type SgxReport, sgxReportLength } from "../sgx/report.ts";
import { parsePem } from "../x509/pem.ts";

export interface AuthData {
  /** r ‖ s by the attestation key over header and body. */
  readonly signature: Uint8Array;
  /** x ‖ y */
  readonly attestationKey: Uint8Array;
  readonly certification: QeCertification;
}

/** The quoting enclave's report, signed by the machine's PCK. It names the attestation key. */
export interface QeCertification {
  readonly report: SgxReport;
  /** The bytes of `report`, as signed. */
  readonly signed: Uint8Array;
  /** r ‖ s by the PCK. */
  readonly signature: Uint8Array;
  /** Hashed into the report together with the attestation key. */
  readonly authenticationData: Uint8Array;
  readonly pckChain: PckChain;
}

/** In DER. */
export type PckChain = readonly [leaf: Uint8Array, ca: Uint8Array, root: Uint8Array];

/** Certification data types, A.3.9. */
const pckChainType = 5;
const qeReportType = 6;

/** Version 4 and later: the certification stands inside certification data of type 6. */
export function readAuthData(reader: Reader): AuthData {
  const signature = reader.take(64);
  const attestationKey = reader.take(64);
  demand(reader.u16() === qeReportType, "evidence-unsupported", "certification data type");
  const inner = new Reader(reader.take(reader.u32()));
  const certification = readQeCertification(inner);
  inner.end();
  return { signature, attestationKey, certification };
}

/** A.3.11. In version 3 it follows the attestation key directly. */
export function readQeCertification(reader: Reader): QeCertification {
  const signed = reader.take(sgxReportLength);
  const report = readSgxReport(new Reader(signed));
  const signature = reader.take(64);
  const authenticationData = reader.take(reader.u16());
  // Other types name the PCK certificate without holding it; the platforms we know all hold it.
  demand(reader.u16() === pckChainType, "evidence-unsupported", "PCK certificate is not in the quote");
  const pckChain = readPckChain(reader.take(reader.u32()));
  return { report, signed, signature, authenticationData, pckChain };
}

/** Three certificates in PEM; Intel's library ends the text with a zero byte. */
function readPckChain(bytes: Uint8Array): PckChain {
  const ended = bytes.at(-1) === 0 ? bytes.subarray(0, -1) : bytes;
  let text = "";
  for (const byte of ended) text += String.fromCharCode(byte);
  return parsePem(text, 3) as readonly Uint8Array[] as PckChain;
}
