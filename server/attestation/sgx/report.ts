/**
 * The report of an SGX enclave, 384 bytes: the quoting enclave's own, and the body of an SGX quote.
 * Intel "SGX ECDSA QuoteLibReference DCAP API", appendix A.4, "Enclave Report Body"; SDM volume 3D, table 39-21 (REPORT).
 */
import { demand } from "../errors.ts";
import { isZero, type Reader } from "../reader.ts";

export const sgxReportLength = 384;

export interface SgxReport {
  readonly cpuSvn: Uint8Array;
  readonly miscSelect: Uint8Array;
  /** ISVEXTPRODID */
  readonly extendedProductId: Uint8Array;
  readonly attributes: Uint8Array;
  readonly mrEnclave: Uint8Array;
  readonly mrSigner: Uint8Array;
  readonly configId: Uint8Array;
  readonly isvProdId: number;
  readonly isvSvn: number;
  readonly configSvn: number;
  /** ISVFAMILYID */
  readonly familyId: Uint8Array;
  readonly reportData: Uint8Array;
}

/** @throws AttestationError "quote-malformed". */
export function readSgxReport(reader: Reader): SgxReport {
  const reserved = (length: number): void =>
    demand(isZero(reader.take(length)), "quote-malformed", "reserved bytes in the enclave's report");
  const cpuSvn = reader.take(16);
  const miscSelect = reader.take(4);
  reserved(12);
  const extendedProductId = reader.take(16);
  const attributes = reader.take(16);
  const mrEnclave = reader.take(32);
  reserved(32);
  const mrSigner = reader.take(32);
  reserved(32);
  const configId = reader.take(64);
  const isvProdId = reader.u16();
  const isvSvn = reader.u16();
  const configSvn = reader.u16();
  reserved(42);
  const familyId = reader.take(16);
  return {
    cpuSvn,
    miscSelect,
    extendedProductId,
    attributes,
    mrEnclave,
    mrSigner,
    configId,
    isvProdId,
    isvSvn,
    configSvn,
    familyId,
    reportData: reader.take(64),
  };
}
