/**
 * The report of an SGX enclave, 384 bytes: the quoting enclave's own, and the body of an SGX quote.
 * Intel "SGX ECDSA QuoteLibReference DCAP API", appendix A.4, "Enclave Report Body".
 */
import type { Reader } from "../reader.ts";

export const sgxReportLength = 384;

export interface SgxReport {
  readonly cpuSvn: Uint8Array;
  readonly miscSelect: Uint8Array;
  readonly attributes: Uint8Array;
  readonly mrEnclave: Uint8Array;
  readonly mrSigner: Uint8Array;
  readonly isvProdId: number;
  readonly isvSvn: number;
  readonly reportData: Uint8Array;
}

export function readSgxReport(reader: Reader): SgxReport {
  const cpuSvn = reader.take(16);
  const miscSelect = reader.take(4);
  reader.take(28); // reserved, ISVEXTPRODID
  const attributes = reader.take(16);
  const mrEnclave = reader.take(32);
  reader.take(32); // reserved
  const mrSigner = reader.take(32);
  reader.take(96); // reserved, CONFIGID
  const isvProdId = reader.u16();
  const isvSvn = reader.u16();
  reader.take(60); // CONFIGSVN, reserved, ISVFAMILYID
  return { cpuSvn, miscSelect, attributes, mrEnclave, mrSigner, isvProdId, isvSvn, reportData: reader.take(64) };
}

/** ATTRIBUTES.DEBUG (Intel SDM volume 3D, table 36-3). */
export const isDebug = (report: SgxReport): boolean => (report.attributes[0]! & 0x02) !== 0;
