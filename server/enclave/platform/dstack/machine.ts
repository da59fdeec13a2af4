/** What a machine's own quote says about it before anything of it is verified: which statements to ask the vendor for. */
import { sha256 } from "@noble/hashes/sha2.js";
import { intelRoot } from "#attestation/intel-root.ts";
import { readPckExtension } from "#attestation/dcap/pck.ts";
import { parseTdxQuote } from "#attestation/tdx/quote.ts";
import { parseCertificate } from "#attestation/x509/certificate.ts";
import { bytesToHex, equalBytes } from "#protocol/bytes.ts";
import type { CollateralRequest } from "#protocol/collateral.ts";

export interface Machine {
  readonly wanted: Omit<CollateralRequest, "ref">;
  /** That the quote's certificates hang from, in DER. */
  readonly root: Uint8Array;
  /** Whether that is a maker's of hardware. Nobody but they can make a quote that verifies under it. */
  readonly hardware: boolean;
  /** SHA-256 of the root, 64 hex digits. */
  readonly fingerprint: string;
  readonly reportData: Uint8Array;
}

/** @throws AttestationError for what is no TDX quote with a PCK chain. */
export function readMachine(quote: Uint8Array): Machine {
  const { report, authData } = parseTdxQuote(quote);
  const [leaf, ca, root] = authData.certification.pckChain;
  const { fmspc } = readPckExtension(parseCertificate(leaf));
  const processor = parseCertificate(ca).subject.commonName.includes("Processor");
  return {
    wanted: { tee: "tdx", fmspc: bytesToHex(fmspc), ca: processor ? "processor" : "platform" },
    root,
    hardware: equalBytes(root, intelRoot),
    fingerprint: bytesToHex(sha256(root)),
    reportData: report.reportData,
  };
}
