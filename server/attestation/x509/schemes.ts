/**
 * The signature schemes of the vendors' PKIs, each with its key and its spelling in a certificate: ECDSA with SHA-256 on
 * P-256 (Intel), ECDSA with SHA-384 on P-384 (AWS, and AMD's leaves), RSASSA-PSS with SHA-384 (AMD's authorities).
 * RFC 5758 section 3.2, RFC 5480 section 2, RFC 4055 sections 1.2 and 3.1.
 */
import { bytesToHex } from "#protocol/bytes.ts";
import type { Primitives } from "../primitives.ts";
import { type DerReader, tags } from "./der.ts";

export interface Scheme {
  /** The primitive that checks its signatures. */
  readonly verify: keyof Primitives;
  /** AlgorithmIdentifiers in DER, in hexadecimal: the spellings that the vendor uses. */
  readonly algorithms: readonly string[];
  /** Reads a SubjectPublicKeyInfo, into the form that the primitive takes. */
  readonly readPublicKey: (reader: DerReader) => Uint8Array;
  /** Reads what is inside of a certificate's or a list's signature, into the form that the primitive takes. */
  readonly readSignature: (bits: Uint8Array, reader: DerReader) => Uint8Array;
}

/** 1.2.840.10045.2.1 */
const ecPublicKey = "2a8648ce3d0201";
/** 1.2.840.113549.1.1.1 */
const rsaEncryption = "2a864886f70d010101";

export const p256: Scheme = {
  verify: "verifyP256",
  // 1.2.840.10045.4.3.2, without parameters
  algorithms: ["300a06082a8648ce3d040302"],
  // 1.2.840.10045.3.1.7, also called secp256r1
  readPublicKey: pointOn("2a8648ce3d030107", 32),
  readSignature: pairOf(32),
};

export const p384: Scheme = {
  verify: "verifyP384",
  // 1.2.840.10045.4.3.3, without parameters
  algorithms: ["300a06082a8648ce3d040303"],
  // 1.3.132.0.34, also called secp384r1
  readPublicKey: pointOn("2b81040022", 48),
  readSignature: pairOf(48),
};

/** SHA-384, MGF1 with SHA-384, a salt of 48 bytes: [0], [1] and [2] of RSASSA-PSS-params. */
const pssParameters =
  "a00f300d06096086480165030402020500a11c301a06092a864886f70d010108300d06096086480165030402020500a203020130";
/** 1.2.840.113549.1.1.10 */
const rsassaPss = "06092a864886f70d01010a";
const rsaLength = 512;

export const rsaPss: Scheme = {
  verify: "verifyRsaPss",
  // AMD writes the trailer field, which is the default, into some certificates and leaves it out of others.
  algorithms: [`3041${rsassaPss}3034${pssParameters}`, `3046${rsassaPss}3039${pssParameters}a303020101`],
  readPublicKey(reader) {
    const info = reader.inside(tags.sequence);
    const algorithm = info.inside(tags.sequence);
    if (algorithm.oid() !== rsaEncryption) algorithm.fail("key is not RSA");
    algorithm.contents(tags.null);
    algorithm.end();
    const outer = info.over(info.bits());
    const key = outer.inside(tags.sequence);
    const modulus = key.unsigned();
    if (modulus.length !== rsaLength || modulus[0]! < 0x80) key.fail("key does not have 4096 bits");
    if (key.small() !== 65_537) key.fail("exponent is not 65537");
    key.end();
    outer.end();
    info.end();
    return modulus;
  },
  readSignature(bits, reader) {
    if (bits.length !== rsaLength) reader.fail("signature does not have 4096 bits");
    return bits;
  },
};

/** An AlgorithmIdentifier, which must be of this scheme; returns its spelling. */
export function readAlgorithm(reader: DerReader, scheme: Scheme): string {
  const spelling = bytesToHex(reader.element(tags.sequence).whole);
  if (!scheme.algorithms.includes(spelling)) reader.fail("another signature algorithm");
  return spelling;
}

/**
 * The end of a certificate or list: which algorithm it is signed with, as said within what is signed (RFC 5280 section
 * 4.1.1.2), and the signature.
 */
export function readSeal(
  reader: DerReader,
  scheme: Scheme,
): { readonly algorithm: string; readonly signature: Uint8Array } {
  const algorithm = readAlgorithm(reader, scheme);
  const signature = scheme.readSignature(reader.bits(), reader);
  reader.end();
  return { algorithm, signature };
}

/** SubjectPublicKeyInfo with an uncompressed point; x ‖ y. */
function pointOn(curve: string, length: number): Scheme["readPublicKey"] {
  return (reader) => {
    const info = reader.inside(tags.sequence);
    const algorithm = info.inside(tags.sequence);
    if (algorithm.oid() !== ecPublicKey || algorithm.oid() !== curve) algorithm.fail("key is not on the curve");
    algorithm.end();
    const point = info.bits();
    if (point.length !== 1 + 2 * length || point[0] !== 4) info.fail("key is not an uncompressed point");
    info.end();
    return point.subarray(1);
  };
}

/** Ecdsa-Sig-Value; r ‖ s. */
function pairOf(length: number): Scheme["readSignature"] {
  return (bits, reader) => {
    const outer = reader.over(bits);
    const pair = outer.inside(tags.sequence);
    const out = new Uint8Array(2 * length);
    for (const end of [length, 2 * length]) {
      const integer = pair.unsigned();
      if (integer.length > length) pair.fail("signature out of range");
      out.set(integer, end - integer.length);
    }
    pair.end();
    outer.end();
    return out;
  };
}
