/**
 * Certificates as vendors issue them: X.509 v3 of one profile each (RFC 5280 section 4).
 * Intel "SGX PCK Certificate and Certificate Revocation List Profile Specification", section 1; AMD publication 57230
 * "VCEK Certificate and KDS Interface Specification", section 3; AWS "Verifying the root of trust" (Nitro Enclaves).
 */
import { bytesToHex } from "#protocol/bytes.ts";
import { demand } from "../errors.ts";
import { certificateLengthMax } from "../limits.ts";
import { DerReader, tags } from "./der.ts";
import { type Extension, readExtensions, refuseCritical } from "./extensions.ts";
import { type Name, readName } from "./name.ts";
import { p256, readAlgorithm, readSeal, type Scheme } from "./schemes.ts";
import { readTime } from "./validity.ts";

/** Which schemes a vendor uses at one place of a chain. */
export interface Profile {
  /** Of the certificate's own key. */
  readonly key: Scheme;
  /** With which its issuer signed it. */
  readonly signature: Scheme;
  /** AMD gives every VCEK the serial number 0. */
  readonly serialZero?: true;
  /** AMD ends the key usage of its intermediates with a zero, which is not DER but has one reading only. */
  readonly paddedUsage?: true;
}

/** All of Intel's certificates. */
export const intelProfile: Profile = { key: p256, signature: p256 };

export interface Certificate {
  readonly profile: Profile;
  readonly der: Uint8Array;
  /** The part that is signed. */
  readonly signed: Uint8Array;
  /** In the form that the scheme's primitive takes. */
  readonly signature: Uint8Array;
  /** Hexadecimal, without leading zeros. */
  readonly serial: string;
  readonly issuer: Name;
  readonly subject: Name;
  /** Unix seconds. */
  readonly notBefore: number;
  /** Unix seconds. */
  readonly notAfter: number;
  /** In the form that the scheme's primitive takes: x ‖ y, or a modulus. */
  readonly publicKey: Uint8Array;
  readonly ca: boolean;
  /** How many CA certificates may follow, if it says so. */
  readonly pathLength: number | undefined;
  /** Bits as in `keyUsages`. */
  readonly usage: number;
  /** By object identifier, in hexadecimal. */
  readonly extensions: ReadonlyMap<string, Extension>;
}

/** RFC 5280 section 4.2.1.3. */
export const keyUsages = { digitalSignature: 1 << 0, keyCertSign: 1 << 5, crlSign: 1 << 6 } as const;

/** 2.5.29.15 */
const keyUsageOid = "551d0f";
/** 2.5.29.19 */
const basicConstraintsOid = "551d13";

const code = "certificate-malformed";

/** @throws AttestationError "certificate-malformed". */
export function parseCertificate(der: Uint8Array, profile: Profile = intelProfile): Certificate {
  demand(der.length <= certificateLengthMax, code, "too long");
  const outer = new DerReader(der, code);
  const certificate = outer.inside(tags.sequence);
  outer.end();
  const { whole: signed, contents } = certificate.element(tags.sequence);
  const { algorithm, signature } = readSeal(certificate, profile.signature);
  return { profile, der, signed, signature, ...readSigned(outer.over(contents), algorithm, profile) };
}

/** TBSCertificate, section 4.1.2. */
function readSigned(
  reader: DerReader,
  algorithm: string,
  profile: Profile,
): Omit<Certificate, "profile" | "der" | "signed" | "signature"> {
  const version = reader.inside(tags.context0);
  if (version.small() !== 2) version.fail("not an X.509 v3 certificate");
  version.end();
  const serial = readSerial(reader, profile.serialZero);
  if (readAlgorithm(reader, profile.signature) !== algorithm) reader.fail("two signature algorithms");
  const issuer = readName(reader);
  const validity = reader.inside(tags.sequence);
  const notBefore = readTime(validity);
  const notAfter = readTime(validity);
  validity.end();
  const subject = readName(reader);
  const publicKey = profile.key.readPublicKey(reader);
  const explicit = reader.inside(tags.context3);
  const extensions = readExtensions(explicit);
  explicit.end();
  reader.end();
  refuseCritical(extensions, [keyUsageOid, basicConstraintsOid], reader);
  return {
    serial,
    issuer,
    subject,
    notBefore,
    notAfter,
    publicKey,
    ...readConstraints(extensions.get(basicConstraintsOid)),
    usage: readUsage(extensions.get(keyUsageOid), profile.paddedUsage),
    extensions,
  };
}

/** Section 4.1.2.2: positive, at most 20 bytes. */
export function readSerial(reader: DerReader, zero = false): string {
  const bytes = reader.unsigned();
  if ((bytes.length === 0 && !zero) || bytes.length > 20) reader.fail("serial number");
  return bytesToHex(bytes);
}

/** Section 4.2.1.9. Without the extension it is no CA. */
function readConstraints(extension: Extension | undefined): Pick<Certificate, "ca" | "pathLength"> {
  if (extension === undefined) return { ca: false, pathLength: undefined };
  const outer = new DerReader(extension.value, code);
  const constraints = outer.inside(tags.sequence);
  outer.end();
  const ca = constraints.optionalTrue();
  const pathLength = constraints.done ? undefined : constraints.small();
  constraints.end();
  if (!ca && pathLength !== undefined) constraints.fail("a path length without a CA");
  return { ca, pathLength };
}

/** Section 4.2.1.3. Without the extension it may be used for nothing here. */
function readUsage(extension: Extension | undefined, padded?: boolean): number {
  if (extension === undefined) return 0;
  const reader = new DerReader(extension.value, code);
  const usage = reader.namedBits(padded);
  reader.end();
  return usage;
}
