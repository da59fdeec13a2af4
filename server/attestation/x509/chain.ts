/** Who vouches for whom. Chains here have exactly the shapes that vendors issue; nothing is searched for. */
import { equalBytes } from "#protocol/bytes.ts";
import { demand } from "../errors.ts";
import type { Primitives } from "../primitives.ts";
import { type Certificate, intelProfile, keyUsages, parseCertificate, type Profile } from "./certificate.ts";
import { type RevocationList, parseCrl, verifyCrl } from "./crl.ts";

/** What every check of a chain needs. */
export interface Setting {
  /** Unix seconds. */
  readonly now: number;
  readonly primitives: Primitives;
}

/** A certificate that may issue others, with its list of those it has withdrawn. */
export interface Authority {
  readonly certificate: Certificate;
  readonly list: RevocationList;
}

/**
 * Opens a chain's root: self-signed, in force, with a list in force that does not name the root itself.
 *
 * @throws AttestationError.
 */
export async function openRoot(
  der: Uint8Array,
  crl: Uint8Array,
  setting: Setting,
  profile: Profile = intelProfile,
): Promise<Authority> {
  const certificate = await openSelfSigned(der, setting, profile);
  const list = parseCrl(crl, profile.key);
  await verifyCrl(list, certificate, setting.now, setting.primitives);
  demand(!list.revoked.has(certificate.serial), "certificate-revoked", certificate.subject.commonName);
  return { certificate, list };
}

/**
 * Opens a CA directly below a root. Whether it may issue is checked with each certificate that it issued.
 *
 * @throws AttestationError.
 */
export async function openIntermediate(
  der: Uint8Array,
  crl: Uint8Array,
  root: Authority,
  setting: Setting,
): Promise<Authority> {
  checkPathLength(root.certificate, 1);
  const certificate = await openIssued(der, root, setting);
  const list = parseCrl(crl);
  await verifyCrl(list, certificate, setting.now, setting.primitives);
  return { certificate, list };
}

/**
 * Opens the last certificate of a chain: no CA, and its key may sign.
 *
 * @throws AttestationError.
 */
export async function openLeaf(der: Uint8Array, authority: Authority, setting: Setting): Promise<Certificate> {
  const certificate = await openIssued(der, authority, setting);
  const signs = (certificate.usage & keyUsages.digitalSignature) !== 0;
  demand(!certificate.ca && signs, "certificate-role", "not a leaf that signs");
  return certificate;
}

/**
 * Opens a certificate that signed itself.
 *
 * @throws AttestationError.
 */
export async function openSelfSigned(der: Uint8Array, setting: Setting, profile: Profile): Promise<Certificate> {
  const certificate = parseCertificate(der, profile);
  await checkIssued(certificate, certificate, setting);
  return certificate;
}

/**
 * Opens a certificate that this authority issued and has not withdrawn. What it may do itself is for the caller.
 *
 * @throws AttestationError.
 */
export async function openIssued(
  der: Uint8Array,
  authority: Authority,
  setting: Setting,
  profile: Profile = intelProfile,
): Promise<Certificate> {
  const certificate = await openBelow(der, authority.certificate, setting, profile);
  const revoked = authority.list.revoked.has(certificate.serial);
  demand(!revoked, "certificate-revoked", certificate.subject.commonName);
  return certificate;
}

/**
 * Opens a certificate that this one issued, where the vendor publishes no list for it.
 *
 * @throws AttestationError.
 */
export async function openBelow(
  der: Uint8Array,
  issuer: Certificate,
  setting: Setting,
  profile: Profile,
): Promise<Certificate> {
  const certificate = parseCertificate(der, profile);
  await checkIssued(certificate, issuer, setting);
  return certificate;
}

/**
 * RFC 5280 section 6.1.4, (l) and (m).
 *
 * @param below how many CA certificates follow this one.
 * @throws AttestationError "certificate-role".
 */
export function checkPathLength({ pathLength, subject }: Certificate, below: number): void {
  const role = `${subject.commonName} may not issue so many CAs`;
  demand(pathLength === undefined || pathLength >= below, "certificate-role", role);
}

/** RFC 5280 section 6.1.3, for one step. */
async function checkIssued(certificate: Certificate, issuer: Certificate, setting: Setting): Promise<void> {
  const { now, primitives } = setting;
  demand(equalBytes(certificate.issuer.der, issuer.subject.der), "certificate-chain", "issuer's name");
  const mayIssue = issuer.ca && (issuer.usage & keyUsages.keyCertSign) !== 0;
  demand(mayIssue, "certificate-role", `${issuer.subject.commonName} is no CA`);
  const { signature: scheme } = certificate.profile;
  demand(scheme === issuer.profile.key, "certificate-signature", "another sort of key");
  const genuine = await primitives[scheme.verify](issuer.publicKey, certificate.signature, certificate.signed);
  demand(genuine, "certificate-signature", certificate.subject.commonName);
  const inForce = certificate.notBefore <= now && now <= certificate.notAfter;
  demand(inForce, "certificate-expired", certificate.subject.commonName);
}
