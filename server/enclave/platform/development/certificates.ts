/** Issues certificates and revocation lists in the profile of Intel's attestation PKI, under names that are not Intel's. */
import { p256 } from "@noble/curves/nist.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { developmentOrganisation } from "#attestation/development-root.ts";
import { tags } from "#attestation/x509/der.ts";
import { bits, element, integer, namedBits, octets, oid, sequence, set, small, time, truth, utf8 } from "./der.ts";

/** A P-256 key pair. Signatures are deterministic (RFC 6979). */
export interface Key {
  readonly secret: Uint8Array;
  /** x ‖ y */
  readonly public: Uint8Array;
}

export interface CertificateTemplate {
  readonly serial: Uint8Array;
  /** Common names; the rest of every name is the same. */
  readonly issuer: string;
  readonly subject: string;
  readonly publicKey: Uint8Array;
  /** Unix seconds. */
  readonly notBefore: number;
  /** Unix seconds. */
  readonly notAfter: number;
  /** A CA, and how many more CAs may follow it. */
  readonly ca?: { readonly pathLength: number };
  /** Bits as in `keyUsages` of `#attestation/x509/certificate.ts`. */
  readonly usage: number;
  /** Further extensions: object identifier in hexadecimal, value in DER. */
  readonly extensions?: readonly (readonly [string, Uint8Array])[];
}

export interface CrlTemplate {
  readonly issuer: string;
  /** Unix seconds. */
  readonly thisUpdate: number;
  /** Unix seconds. */
  readonly nextUpdate: number;
  /** Serial numbers. */
  readonly revoked: readonly Uint8Array[];
}

const oids = {
  ecdsaWithSha256: "2a8648ce3d040302",
  ecPublicKey: "2a8648ce3d0201",
  prime256v1: "2a8648ce3d030107",
  commonName: "550403",
  organisation: "55040a",
  subjectKeyIdentifier: "551d0e",
  keyUsage: "551d0f",
  basicConstraints: "551d13",
  crlNumber: "551d14",
  reasonCode: "551d15",
  authorityKeyIdentifier: "551d23",
} as const;

const algorithm = sequence(oid(oids.ecdsaWithSha256));

/** An X.509 v3 certificate in DER. */
export function issueCertificate(template: CertificateTemplate, issuer: Key): Uint8Array {
  const { ca } = template;
  const constraints = ca === undefined ? sequence() : sequence(truth(), small(ca.pathLength));
  const extensions = sequence(
    extension(oids.authorityKeyIdentifier, sequence(element(0x80, keyId(issuer.public)))),
    extension(oids.subjectKeyIdentifier, octets(keyId(template.publicKey))),
    extension(oids.keyUsage, namedBits(template.usage), truth()),
    extension(oids.basicConstraints, constraints, truth()),
    ...(template.extensions ?? []).map(([id, value]) => extension(id, value)),
  );
  const signed = sequence(
    element(tags.context0, small(2)),
    integer(template.serial),
    algorithm,
    nameOf(template.issuer),
    sequence(time(template.notBefore), time(template.notAfter)),
    nameOf(template.subject),
    publicKeyInfo(template.publicKey),
    element(tags.context3, extensions),
  );
  return seal(signed, issuer);
}

/** A v2 revocation list in DER (RFC 5280 section 5). */
export function issueCrl(template: CrlTemplate, issuer: Key): Uint8Array {
  // Section 5.3.1: key compromise.
  const reason = sequence(extension(oids.reasonCode, element(tags.enumerated, Uint8Array.of(1))));
  const entries = template.revoked.map((serial) => sequence(integer(serial), time(template.thisUpdate), reason));
  const extensions = sequence(
    extension(oids.crlNumber, small(1)),
    extension(oids.authorityKeyIdentifier, sequence(element(0x80, keyId(issuer.public)))),
  );
  const signed = sequence(
    small(1),
    algorithm,
    nameOf(template.issuer),
    time(template.thisUpdate),
    time(template.nextUpdate),
    ...(entries.length === 0 ? [] : [sequence(...entries)]),
    element(tags.context0, extensions),
  );
  return seal(signed, issuer);
}

/** r ‖ s over the SHA-256 of a message, as quotes and statements carry it. */
export const signRaw = (message: Uint8Array, key: Key): Uint8Array => p256.sign(message, key.secret);

export function keyFrom(seed: Uint8Array): Key {
  const secret = p256.utils.randomSecretKey(seed);
  return { secret, public: p256.getPublicKey(secret, false).subarray(1) };
}

function seal(signed: Uint8Array, issuer: Key): Uint8Array {
  return sequence(signed, algorithm, bits(p256.sign(signed, issuer.secret, { format: "der" })));
}

function extension(id: string, value: Uint8Array, critical?: Uint8Array): Uint8Array {
  return sequence(oid(id), ...(critical === undefined ? [] : [critical]), octets(value));
}

function nameOf(commonName: string): Uint8Array {
  const attribute = (id: string, text: string) => set(sequence(oid(id), utf8(text)));
  return sequence(attribute(oids.commonName, commonName), attribute(oids.organisation, developmentOrganisation));
}

const publicKeyInfo = (key: Uint8Array): Uint8Array =>
  sequence(sequence(oid(oids.ecPublicKey), oid(oids.prime256v1)), bits(Uint8Array.of(4, ...key)));

/** RFC 7093 section 2, method 1. */
const keyId = (key: Uint8Array): Uint8Array => sha256(Uint8Array.of(4, ...key)).subarray(0, 20);
