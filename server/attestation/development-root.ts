/** Tells development roots apart, so that nobody mistakes one for a vendor's and no policy is offered anything else. */
import { AttestationError } from "./errors.ts";
import { parseCertificate } from "./x509/certificate.ts";

/** Organisation in the subject of every certificate of a development PKI. */
export const developmentOrganisation = "DEVELOPMENT ONLY - NOT INTEL";

/**
 * Whether a root calls itself a development root. Anybody can write that into a certificate: it makes the root eligible
 * for a policy's development rule, and for nothing else.
 */
export function isDevelopmentRoot(der: Uint8Array): boolean {
  try {
    return parseCertificate(der).subject.organisation === developmentOrganisation;
  } catch (error) {
    if (error instanceof AttestationError) return false;
    throw error;
  }
}
