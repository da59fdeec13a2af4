/** Tells development roots apart, so that nobody mistakes one for a vendor's and no policy is offered anything else. */
import { AttestationError } from "./errors.ts";
import { awsProfile } from "./nitro/chain.ts";
import { amdAuthority } from "./sev-snp/chain.ts";
import { intelProfile, parseCertificate, type Profile } from "./x509/certificate.ts";

/** Organisation in the subject of every certificate of a development PKI. */
export const developmentOrganisation = "DEVELOPMENT ONLY - NOT INTEL";

/**
 * Whether a root calls itself a development root. Anybody can write that into a certificate: it makes the root eligible
 * for a policy's development rule, and for nothing else.
 */
export const isDevelopmentRoot = (der: Uint8Array): boolean =>
  [intelProfile, amdAuthority, awsProfile].some((profile) => organisationOf(der, profile) === developmentOrganisation);

/** Nothing if it is no certificate of this profile. */
function organisationOf(der: Uint8Array, profile: Profile): string | undefined {
  try {
    return parseCertificate(der, profile).subject.organisation;
  } catch (error) {
    if (error instanceof AttestationError) return undefined;
    throw error;
  }
}
