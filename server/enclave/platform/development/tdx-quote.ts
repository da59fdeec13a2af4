/**
 * TDX quotes with the structure of genuine ones. The decoder is `#attestation/tdx/quote.ts`.
 * Intel "TDX DCAP Quoting Library API", appendix A.3 (version 4) and A.4 (version 5).
 */
import { sha384 } from "@noble/hashes/sha2.js";
import { concatBytes, hexToBytes, lengthPrefixed, u32le } from "#protocol/bytes.ts";
import type { TdReport } from "#attestation/tdx/report.ts";
import { encodeAuthData, encodeHeader, type QuotingEnclave, u16le } from "./quoting-enclave.ts";

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

/** Version 4, whose body is a report of TDX 1.0. */
export function createTdxQuote(td: TdReport, enclave: QuotingEnclave): Uint8Array {
  const signed = concatBytes(encodeHeader(4, 0x81), encodeTdReport(td));
  return concatBytes(signed, encodeAuthData(signed, enclave));
}

/** Version 5: a report of TDX 1.5 if it has what is new there, else one of TDX 1.0. */
export function createTdxQuoteV5(td: TdReport, enclave: QuotingEnclave): Uint8Array {
  const body = encodeTdReport(td);
  const type = u16le(td.later === undefined ? 2 : 3);
  const signed = concatBytes(encodeHeader(5, 0x81), type, u32le(body.length), body);
  return concatBytes(signed, encodeAuthData(signed, enclave));
}

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
    ...(td.later === undefined ? [] : [td.later.teeTcbSvn, td.later.mrServiceTd]),
  );
