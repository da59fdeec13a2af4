/**
 * The first 48 bytes of every DCAP quote, whatever it is about.
 * Intel "TDX DCAP Quoting Library API", appendix A.3.1 (v4); "SGX ECDSA QuoteLibReference DCAP API", appendix A.4 (v3).
 */
import { equalBytes, hexToBytes } from "#protocol/bytes.ts";
import { demand } from "../errors.ts";
import { isZero, type Reader } from "../reader.ts";

export interface Header {
  readonly version: number;
  readonly teeType: number;
}

export const teeTypes = { sgx: 0x00, tdx: 0x81 } as const;

/** ECDSA-256 with the P-256 curve. */
const ecdsaP256 = 2;

/** Intel's quoting enclave: 939a7233-f79c-4ca9-940a-0db3957f0607. */
const intelQeVendor = hexToBytes("939a7233f79c4ca9940a0db3957f0607");

/** @throws AttestationError "quote-malformed", "evidence-unsupported". */
export function readHeader(reader: Reader): Header {
  const version = reader.u16();
  demand(reader.u16() === ecdsaP256, "evidence-unsupported", "attestation key type");
  const teeType = reader.u32();
  // Version 3 has the security versions of QE and PCE here; they are judged by the QE's own report.
  demand(isZero(reader.take(4)) || version < 4, "quote-malformed", "reserved bytes in the header");
  demand(equalBytes(reader.take(16), intelQeVendor), "evidence-unsupported", "vendor of the quoting enclave");
  reader.take(20); // user data, of the quoting enclave's own use
  return { version, teeType };
}
