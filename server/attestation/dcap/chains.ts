/**
 * The two chains of Intel's attestation PKI, in exactly the shapes in which Intel issues them.
 * Intel "SGX PCK Certificate and CRL Profile", section 1.2; PCS API, "TCB info issuer chain".
 */
import { equalBytes } from "#protocol/bytes.ts";
import { demand } from "../errors.ts";
import { type Authority, openIntermediate, openLeaf, type Setting } from "../x509/chain.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { PckChain } from "./auth-data.ts";
import { type PckExtension, readPckExtension, sgxExtensionOid } from "./pck.ts";

/** A machine's key, certified by Intel. */
export interface Pck {
  readonly leaf: Certificate;
  readonly extension: PckExtension;
  /** The CA that issued it. */
  readonly authority: Authority;
}

export const sameChain = (a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean =>
  a.length === b.length && a.every((certificate, i) => equalBytes(certificate, b[i]!));

/**
 * TCB signing certificate, root.
 *
 * @throws AttestationError.
 */
export async function openTcbSigner(
  chain: readonly Uint8Array[],
  root: Authority,
  setting: Setting,
): Promise<Certificate> {
  demand(chain.length === 2, "certificate-chain", "TCB signing chain");
  const signer = await openLeaf(chain[0]!, root, setting);
  // A PCK certificate is a leaf too: without this, one stolen machine key could vouch for every version.
  demand(!signer.extensions.has(sgxExtensionOid), "certificate-role", "a PCK certificate");
  demand(signer.subject.commonName.endsWith("SGX TCB Signing"), "certificate-role", "not a TCB signing certificate");
  return signer;
}

/**
 * PCK leaf, PCK CA, root.
 *
 * @throws AttestationError.
 */
export async function openPck(
  [leafDer, caDer]: PckChain,
  crl: Uint8Array,
  root: Authority,
  setting: Setting,
): Promise<Pck> {
  const authority = await openIntermediate(caDer, crl, root, setting);
  const named = /SGX PCK (?:Platform|Processor) CA$/.test(authority.certificate.subject.commonName);
  demand(named, "certificate-role", "not a PCK CA");
  const leaf = await openLeaf(leafDer, authority, setting);
  demand(leaf.subject.commonName.endsWith("SGX PCK Certificate"), "certificate-role", "not a PCK certificate");
  return { leaf, extension: readPckExtension(leaf), authority };
}
