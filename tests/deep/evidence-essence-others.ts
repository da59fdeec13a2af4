/**
 * What evidence of AMD and AWS consists of, each part in one spelling. Spelling, and nothing else, is which of the two
 * values s and n − s of an ECDSA signature is written down; RSA has one signature for each salt.
 */
import { p384 } from "@noble/curves/nist.js";
import { parseNitroDocument } from "#attestation/nitro/document.ts";
import { amdAuthority, amdLeaf } from "#attestation/sev-snp/chain.ts";
import { parseSnpReport } from "#attestation/sev-snp/report.ts";
import { parseCertificate } from "#attestation/x509/certificate.ts";
import { parseCrl } from "#attestation/x509/crl.ts";
import { rsaPss } from "#attestation/x509/schemes.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { lowestBy } from "./evidence-essence.ts";
import type { OtherEvidence } from "./evidence-mutations-others.ts";

/**
 * One text for each part that somebody signed as a whole.
 *
 * @throws AttestationError for what cannot be read: such evidence is never accepted.
 */
export function essenceOfOther(evidence: OtherEvidence): readonly string[] {
  const { kind, quote } = evidence;
  // A document holds its certificates: they are part of what is signed.
  if (kind === "nitro") return [partOf("document", parseNitroDocument(quote))];
  const { vcek, ask, ark, crl } = evidence.collateral;
  const whole = (name: string, { signed, signature }: Signed): string =>
    JSON.stringify([name, bytesToHex(signed), bytesToHex(signature)]);
  return [
    partOf("report", parseSnpReport(quote)),
    whole("VCEK", parseCertificate(vcek, amdLeaf)),
    whole("ASK", parseCertificate(ask, amdAuthority)),
    whole("ARK", parseCertificate(ark, amdAuthority)),
    whole("CRL", parseCrl(crl, rsaPss)),
  ];
}

interface Signed {
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

const partOf = (name: string, { signed, signature }: Signed): string =>
  JSON.stringify([name, bytesToHex(signed), lowestBy(p384, signature)]);
