/** A TDX quote: header, TD report, and the data that authenticates both. Versions 4 and 5. */
import { type AuthData, readAuthData } from "../dcap/auth-data.ts";
import { readHeader, teeTypes } from "../dcap/header.ts";
import { AttestationError, demand } from "../errors.ts";
import { isZero, Reader } from "../reader.ts";
import { readTdReport, td10Length, td15Length, type TdReport } from "./report.ts";

export interface TdxQuote {
  readonly version: 4 | 5;
  readonly report: TdReport;
  /** Header and report, as the attestation key signed them. */
  readonly signed: Uint8Array;
  readonly authData: AuthData;
}

/** @throws AttestationError "quote-malformed", "evidence-unsupported", "certificate-malformed". */
export function parseTdxQuote(bytes: Uint8Array): TdxQuote {
  const reader = new Reader(bytes);
  const { version, teeType } = readHeader(reader);
  demand(version === 4 || version === 5, "evidence-unsupported", `quote version ${version}`);
  demand(teeType === teeTypes.tdx, "evidence-unsupported", "TEE type");
  const report = readTdReport(reader, version === 4 ? td10Length : readBodyLength(reader));
  const signed = bytes.subarray(0, reader.position);
  const inner = new Reader(reader.take(reader.u32()));
  const authData = readAuthData(inner);
  inner.end();
  // Some clouds pad quotes to a fixed length. Anything but zeros there would be a second message.
  demand(isZero(reader.rest()), "quote-malformed", "bytes after the quote");
  return { version, report, signed, authData };
}

/** Version 5 names its body, appendix A.4: 2 is a TD report of TDX 1.0, 3 one of TDX 1.5. */
function readBodyLength(reader: Reader): typeof td10Length | typeof td15Length {
  const type = reader.u16();
  const length = reader.u32();
  if (type === 2 && length === td10Length) return td10Length;
  if (type === 3 && length === td15Length) return td15Length;
  throw new AttestationError("evidence-unsupported", `body type ${type} of ${length} bytes`);
}
