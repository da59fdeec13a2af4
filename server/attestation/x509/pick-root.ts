/** Which root evidence hangs from: one, and one that was named before. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, equalBytes } from "#protocol/bytes.ts";
import { AttestationError, demand } from "../errors.ts";
import type { VerifiedByVendor } from "../verified.ts";
import type { Certificate } from "./certificate.ts";

/**
 * The one root that all chains end in, which must be one that the caller trusts.
 *
 * @throws AttestationError "certificate-chain", "untrusted-root".
 */
export function pickRoot(chains: readonly (readonly Uint8Array[])[], trusted: readonly Uint8Array[]): Uint8Array {
  const [root, ...others] = chains.map((chain) => chain.at(-1) ?? new Uint8Array(0));
  if (root === undefined) throw new AttestationError("certificate-chain", "no chain");
  demand(
    others.every((other) => equalBytes(other, root)),
    "certificate-chain",
    "chains with different roots",
  );
  demand(
    trusted.some((anchor) => equalBytes(anchor, root)),
    "untrusted-root",
  );
  return root;
}

/** SHA-256 of a certificate's DER, 64 hex digits: what people compare, and what roots are pinned by. */
export const fingerprintOf = (der: Uint8Array): string => bytesToHex(sha256(der));

export function describeRoot({ der, subject }: Certificate): VerifiedByVendor["root"] {
  return { fingerprint: fingerprintOf(der), name: `${subject.commonName}, ${subject.organisation}` };
}
