/** Tells development roots apart, so that nobody mistakes one for a vendor's and no policy is offered anything else. */
import { utf8ToBytes } from "#protocol/bytes.ts";

/** Organisation in the subject of every certificate of a development PKI. */
export const developmentOrganisation = "DEVELOPMENT ONLY - NOT INTEL";

/**
 * Whether a root calls itself a development root. Anybody can write that into a certificate: it makes the root eligible
 * for a policy's development rule, and for nothing else.
 */
export function isDevelopmentRoot(der: Uint8Array): boolean {
  const wanted = utf8ToBytes(developmentOrganisation);
  for (let at = 0; at + wanted.length <= der.length; at++) {
    if (wanted.every((byte, i) => der[at + i] === byte)) return true;
  }
  return false;
}
