/** Certificate revocation lists (RFC 5280 section 5; Intel's CRL profile, section 2; AMD publication 57230, section 3). */
import { equalBytes } from "#protocol/bytes.ts";
import { demand } from "../errors.ts";
import { crlLengthMax } from "../limits.ts";
import type { Primitives } from "../primitives.ts";
import { type Certificate, keyUsages, readSerial } from "./certificate.ts";
import { DerReader, tags } from "./der.ts";
import { readExtensions, refuseCritical } from "./extensions.ts";
import { readName } from "./name.ts";
import { p256, readAlgorithm, readSeal, type Scheme } from "./schemes.ts";
import { readTime } from "./validity.ts";

export interface RevocationList {
  readonly scheme: Scheme;
  /** DER of the issuer's name. */
  readonly issuer: Uint8Array;
  /** The part that is signed. */
  readonly signed: Uint8Array;
  /** In the form that the scheme's primitive takes. */
  readonly signature: Uint8Array;
  /** Unix seconds. */
  readonly thisUpdate: number;
  /** Unix seconds. */
  readonly nextUpdate: number;
  /** Serial numbers as in `Certificate`. */
  readonly revoked: ReadonlySet<string>;
}

const code = "crl-malformed";

/** @throws AttestationError "crl-malformed". */
export function parseCrl(der: Uint8Array, scheme: Scheme = p256): RevocationList {
  demand(der.length <= crlLengthMax, code, "too long");
  const outer = new DerReader(der, code);
  const list = outer.inside(tags.sequence);
  outer.end();
  const { whole: signed, contents } = list.element(tags.sequence);
  const { algorithm, signature } = readSeal(list, scheme);
  return { scheme, signed, signature, ...readSigned(outer.over(contents), algorithm, scheme) };
}

/**
 * Checks that this issuer signed the list, that it may, and that the list is in force.
 *
 * @throws AttestationError "certificate-role", "crl-signature", "crl-expired".
 */
export async function verifyCrl(
  list: RevocationList,
  issuer: Certificate,
  now: number,
  primitives: Primitives,
): Promise<void> {
  demand((issuer.usage & keyUsages.crlSign) !== 0, "certificate-role", "may not sign revocation lists");
  demand(equalBytes(list.issuer, issuer.subject.der), "crl-signature", "another issuer");
  demand(list.scheme === issuer.profile.key, "crl-signature", "another sort of key");
  const genuine = await primitives[list.scheme.verify](issuer.publicKey, list.signature, list.signed);
  demand(genuine, "crl-signature", issuer.subject.commonName);
  demand(list.thisUpdate <= now && now <= list.nextUpdate, "crl-expired", issuer.subject.commonName);
}

/** TBSCertList, section 5.1.2. */
function readSigned(
  reader: DerReader,
  algorithm: string,
  scheme: Scheme,
): Omit<RevocationList, "scheme" | "signed" | "signature"> {
  if (reader.small() !== 1) reader.fail("not a v2 list");
  if (readAlgorithm(reader, scheme) !== algorithm) reader.fail("two signature algorithms");
  const issuer = readName(reader).der;
  const thisUpdate = readTime(reader);
  // Optional in the standard; a list without an end would stay good for ever.
  const nextUpdate = readTime(reader);
  const revoked = reader.next === tags.sequence ? readRevoked(reader) : new Set<string>();
  const explicit = reader.inside(tags.context0);
  // Critical ones (delta lists, partial lists) would mean that this is not the whole list.
  refuseCritical(readExtensions(explicit), [], explicit);
  explicit.end();
  reader.end();
  return { issuer, thisUpdate, nextUpdate, revoked };
}

function readRevoked(reader: DerReader): ReadonlySet<string> {
  const revoked = new Set<string>();
  const entries = reader.inside(tags.sequence);
  if (entries.done) entries.fail("an empty list of entries");
  while (!entries.done) {
    const entry = entries.inside(tags.sequence);
    revoked.add(readSerial(entry));
    readTime(entry); // the date does not matter: withdrawn is withdrawn
    if (!entry.done) refuseCritical(readExtensions(entry), [], entry);
    entry.end();
  }
  return revoked;
}
