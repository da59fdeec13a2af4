/** Who vouches for whom. Chains here have exactly the shapes that Intel issues; nothing is searched for. */
import { equalBytes } from "#protocol/bytes.ts";
import { demand } from "../errors.ts";
import type { Primitives } from "../primitives.ts";
import { type Certificate, keyUsages, parseCertificate } from "./certificate.ts";
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
export async function openRoot(der: Uint8Array, crl: Uint8Array, setting: Setting): Promise<Authority> {
  const certificate = parseCertificate(der);
  await checkIssued(certificate, certificate, setting);
  const list = parseCrl(crl);
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
  const { pathLength } = root.certificate;
  demand(pathLength === undefined || pathLength > 0, "certificate-role", "the root may not issue a CA");
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

async function openIssued(der: Uint8Array, authority: Authority, setting: Setting): Promise<Certificate> {
  const certificate = parseCertificate(der);
  await checkIssued(certificate, authority.certificate, setting);
  const revoked = authority.list.revoked.has(certificate.serial);
  demand(!revoked, "certificate-revoked", certificate.subject.commonName);
  return certificate;
}

/** RFC 5280 section 6.1.3, for one step. */
async function checkIssued(certificate: Certificate, issuer: Certificate, setting: Setting): Promise<void> {
  const { now, primitives } = setting;
  demand(equalBytes(certificate.issuer.der, issuer.subject.der), "certificate-chain", "issuer's name");
  const mayIssue = issuer.ca && (issuer.usage & keyUsages.keyCertSign) !== 0;
  demand(mayIssue, "certificate-role", `${issuer.subject.commonName} is no CA`);
  const genuine = await primitives.verifyP256(issuer.publicKey, certificate.signature, certificate.signed);
  demand(genuine, "certificate-signature", certificate.subject.commonName);
  const inForce = certificate.notBefore <= now && now <= certificate.notAfter;
  demand(inForce, "certificate-expired", certificate.subject.commonName);
}
