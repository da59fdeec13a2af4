/** The one signature algorithm of Intel's attestation PKI: ECDSA with SHA-256 on P-256 (RFC 5758, RFC 5480). */
import { type DerReader, tags } from "./der.ts";

/** 1.2.840.10045.4.3.2 */
const ecdsaWithSha256 = "2a8648ce3d040302";
/** 1.2.840.10045.2.1 */
const ecPublicKey = "2a8648ce3d0201";
/** 1.2.840.10045.3.1.7, also called secp256r1 */
const prime256v1 = "2a8648ce3d030107";

/** AlgorithmIdentifier without parameters (RFC 5758 section 3.2). */
export function readAlgorithm(reader: DerReader): void {
  const algorithm = reader.inside(tags.sequence);
  if (algorithm.oid() !== ecdsaWithSha256) algorithm.fail("signature algorithm is not ECDSA with SHA-256");
  algorithm.end();
}

/** SubjectPublicKeyInfo with an uncompressed point (RFC 5480 section 2). Returns x ‖ y. */
export function readPublicKey(reader: DerReader): Uint8Array {
  const info = reader.inside(tags.sequence);
  const algorithm = info.inside(tags.sequence);
  if (algorithm.oid() !== ecPublicKey || algorithm.oid() !== prime256v1) algorithm.fail("key is not on P-256");
  algorithm.end();
  const point = info.bits();
  if (point.length !== 65 || point[0] !== 4) info.fail("key is not an uncompressed point");
  info.end();
  return point.subarray(1);
}

/** The signature of a certificate or list, a BIT STRING of Ecdsa-Sig-Value (RFC 5758 section 3.2). Returns r ‖ s. */
export function readSignature(reader: DerReader): Uint8Array {
  const outer = reader.over(reader.bits());
  const pair = outer.inside(tags.sequence);
  const out = new Uint8Array(64);
  for (const end of [32, 64]) {
    const integer = pair.unsigned();
    if (integer.length > 32) pair.fail("signature out of range");
    out.set(integer, end - integer.length);
  }
  pair.end();
  outer.end();
  return out;
}
