/**
 * The chain of AWS Nitro Enclaves: the root, intermediates of the region, the zone and the instance, and a certificate
 * for each enclave that is good for some hours. AWS "Verifying the root of trust"; there the checks of revocation lists
 * are switched off: AWS publishes none for certificates that live for hours, and the others end after days.
 */
import { equalBytes } from "#protocol/bytes.ts";
import { demand } from "../errors.ts";
import { type Certificate, keyUsages, type Profile } from "../x509/certificate.ts";
import { checkPathLength, openBelow, openSelfSigned, type Setting } from "../x509/chain.ts";
import { pickRoot } from "../x509/pick-root.ts";
import { p384 } from "../x509/schemes.ts";
import type { NitroDocument } from "./document.ts";

export const awsProfile: Profile = { key: p384, signature: p384 };

export interface NitroChain {
  readonly root: Certificate;
  readonly leaf: Certificate;
  /** Unix seconds: when the first certificate ends. */
  readonly expires: number;
}

/** @throws AttestationError. */
export async function openNitroChain(
  { certificate, bundle }: Pick<NitroDocument, "certificate" | "bundle">,
  roots: readonly Uint8Array[],
  setting: Setting,
): Promise<NitroChain> {
  demand(bundle.length > 0, "certificate-chain", "no root");
  // Root first, where the other vendors put it last.
  const root = await openSelfSigned(pickRoot([[bundle[0]!]], roots), setting, awsProfile);
  const chain = [root];
  for (const der of bundle.slice(1)) {
    const issuer = chain.at(-1)!;
    checkPathLength(issuer, bundle.length - chain.length);
    const intermediate = await openBelow(der, issuer, setting, awsProfile);
    const below = !equalBytes(intermediate.subject.der, issuer.subject.der);
    demand(below, "certificate-chain", "a certificate below itself");
    demand(intermediate.ca, "certificate-role", `${intermediate.subject.commonName} is no CA`);
    chain.push(intermediate);
  }
  const leaf = await openBelow(certificate, chain.at(-1)!, setting, awsProfile);
  const signs = (leaf.usage & keyUsages.digitalSignature) !== 0 && (leaf.usage & keyUsages.keyCertSign) === 0;
  demand(!leaf.ca && signs, "certificate-role", "not a leaf that signs");
  return { root, leaf, expires: Math.min(...[...chain, leaf].map(({ notAfter }) => notAfter)) };
}
