/**
 * The chain of AMD's attestation PKI, in exactly the shape in which AMD issues it: a root (ARK) and an intermediate (ASK)
 * for each generation of processors, and a certificate (VCEK) for each processor and its versions.
 * AMD publication 57230, section 3.
 *
 * A provider's keys (VLEK) are refused: they are certified by another intermediate, by the name of the provider instead
 * of the processor's, so that no list of machines could be held against them.
 */
import { demand } from "../errors.ts";
import type { AmdCollateral } from "../evidence.ts";
import { type Certificate, keyUsages, type Profile } from "../x509/certificate.ts";
import { type Authority, checkPathLength, openBelow, openIssued, openRoot, type Setting } from "../x509/chain.ts";
import { p384, rsaPss } from "../x509/schemes.ts";
import { pickRoot } from "../x509/pick-root.ts";
import { generationOf } from "./product.ts";
import type { Generation } from "./tcb.ts";
import { readVcek, type VcekExtensions } from "./vcek.ts";

export const amdAuthority: Profile = { key: rsaPss, signature: rsaPss, paddedUsage: true };
export const amdLeaf: Profile = { key: p384, signature: rsaPss, serialZero: true };

export interface SnpChain {
  readonly root: Authority;
  readonly intermediate: Certificate;
  readonly vcek: Certificate;
  readonly extensions: VcekExtensions;
}

/** @throws AttestationError. */
export async function openSnpChain(
  { vcek: vcekDer, ask, ark, crl }: AmdCollateral,
  roots: readonly Uint8Array[],
  setting: Setting,
): Promise<SnpChain> {
  const root = await openRoot(pickRoot([[ark]], roots), crl, setting, amdAuthority);
  const generation = named(root.certificate, /^ARK-([A-Z][a-z]+)$/);
  checkPathLength(root.certificate, 1);
  const intermediate = await openIssued(ask, root, setting, amdAuthority);
  demand(named(intermediate, /^SEV-([A-Z][a-z]+)$/) === generation, "certificate-role", "another generation's ASK");
  const vcek = await openBelow(vcekDer, intermediate, setting, amdLeaf);
  // AMD's leaves say nothing about what their key may be used for.
  const signs = vcek.usage === 0 || (vcek.usage & keyUsages.digitalSignature) !== 0;
  demand(!vcek.ca && signs && vcek.subject.commonName === "SEV-VCEK", "certificate-role", "not a VCEK");
  const extensions = readVcek(vcek);
  demand(extensions.generation === generation, "certificate-role", "a VCEK of another generation");
  return { root, intermediate, vcek, extensions };
}

/** The generation in a certificate's name. */
function named({ subject }: Certificate, pattern: RegExp): Generation {
  const [, name] = pattern.exec(subject.commonName) ?? [];
  demand(name !== undefined, "certificate-role", `${subject.commonName} is none of AMD's for this place`);
  return generationOf(name);
}
