/** Evidence that must be Intel's, for tests of what only Intel's evidence has. */
import { decodeEvidence, type Evidence, type IntelEvidence } from "#attestation/evidence.ts";

/** @throws Error if it is another vendor's. */
export function intelOf(evidence: Evidence): IntelEvidence {
  if (evidence.kind === "tdx" || evidence.kind === "sgx") return evidence;
  throw new Error(`evidence of ${evidence.kind} where Intel's is needed`);
}

/** @throws AttestationError, and Error if it is another vendor's. */
export const decodeIntelEvidence = (bytes: Uint8Array): IntelEvidence => intelOf(decodeEvidence(bytes));
