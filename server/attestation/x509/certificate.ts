/**
 * Certificates as Intel issues them: X.509 v3, P-256, ECDSA with SHA-256.
 * RFC 5280 section 4; Intel "SGX PCK Certificate and Certificate Revocation List Profile Specification", section 1.
 */
import { bytesToHex } from "#protocol/bytes.ts";
import { demand } from "../errors.ts";
import { certificateLengthMax } from "../limits.ts";
import { DerReader, tags } from "./der.ts";
import { readAlgorithm, readPublicKey, readSignature } from "./ecdsa.ts";
import { type Extension, readExtensions, refuseCritical } from "./extensions.ts";
import { type Name, readName } from "./name.ts";
import { readTime } from "./validity.ts";

export interface Certificate {
  readonly der: Uint8Array;
  /** The part that is signed. */
  readonly signed: Uint8Array;
  /** r ‖ s */
  readonly signature: Uint8Array;
  /** Hexadecimal, without leading zeros. */
  readonly serial: string;
  readonly issuer: Name;
  readonly subject: Name;
  /** Unix seconds. */
  readonly notBefore: number;
  /** Unix seconds. */
  readonly notAfter: number;
  /** x ‖ y */
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
export function parseCertificate(der: Uint8Array): Certificate {
  demand(der.length <= certificateLengthMax, code, "too long");
  const outer = new DerReader(der, code);
  const certificate = outer.inside(tags.sequence);
  outer.end();
  const { whole: signed, contents } = certificate.element(tags.sequence);
  readAlgorithm(certificate);
  const signature = readSignature(certificate);
  certificate.end();
  return { der, signed, signature, ...readSigned(outer.over(contents)) };
}

/** TBSCertificate, section 4.1.2. */
function readSigned(reader: DerReader): Omit<Certificate, "der" | "signed" | "signature"> {
  const version = reader.inside(tags.context0);
  if (version.small() !== 2) version.fail("not an X.509 v3 certificate");
  version.end();
  const serial = readSerial(reader);
  readAlgorithm(reader);
  const issuer = readName(reader);
  const validity = reader.inside(tags.sequence);
  const notBefore = readTime(validity);
  const notAfter = readTime(validity);
  validity.end();
  const subject = readName(reader);
  const publicKey = readPublicKey(reader);
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
    usage: readUsage(extensions.get(keyUsageOid)),
    extensions,
  };
}

/** Section 4.1.2.2: positive, at most 20 bytes. */
export function readSerial(reader: DerReader): string {
  const bytes = reader.unsigned();
  if (bytes.length === 0 || bytes.length > 20) reader.fail("serial number");
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
function readUsage(extension: Extension | undefined): number {
  if (extension === undefined) return 0;
  const reader = new DerReader(extension.value, code);
  const usage = reader.namedBits();
  reader.end();
  return usage;
}
