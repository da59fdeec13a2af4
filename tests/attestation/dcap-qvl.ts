/** An independent verifier to compare with: @phala/dcap-qvl 0.3.9. It is an oracle for tests, and nothing to rely on. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import type { IntelEvidence } from "#attestation/evidence.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { encodePem } from "#enclave/platform/development/pem.ts";

interface DcapQvl {
  readonly QuoteVerifier: {
    newWithRootCa(der: Uint8Array): {
      verify(quote: Uint8Array, collateral: object, now: number): { status: string; advisory_ids: readonly string[] };
    };
  };
}

const oracles = new URL("../oracles/", import.meta.url);

/** Why it cannot be asked; undefined if it can. */
export const missing = existsSync(new URL("node_modules/@phala/dcap-qvl/package.json", oracles))
  ? undefined
  : "@phala/dcap-qvl is not installed: npm ci --prefix tests/oracles";

export type Opinion =
  | { readonly status: string; readonly advisories: readonly string[] }
  | { readonly refused: string };

let loaded: DcapQvl | undefined;

/** @param now Unix seconds. */
export function opinionOfDcapQvl({ quote, collateral: c }: IntelEvidence, root: Uint8Array, now: number): Opinion {
  loaded ??= createRequire(oracles)("@phala/dcap-qvl") as DcapQvl;
  const chain = (certificates: readonly Uint8Array[]): string => certificates.map(encodePem).join("");
  const collateral = {
    pck_crl_issuer_chain: "",
    root_ca_crl: bytesToHex(c.rootCrl),
    pck_crl: bytesToHex(c.pckCrl),
    tcb_info_issuer_chain: chain(c.tcbInfoChain),
    tcb_info: c.tcbInfo,
    tcb_info_signature: bytesToHex(c.tcbInfoSignature),
    qe_identity_issuer_chain: chain(c.qeIdentityChain),
    qe_identity: c.qeIdentity,
    qe_identity_signature: bytesToHex(c.qeIdentitySignature),
  };
  try {
    // It insists on Node's own kind of bytes.
    const verifier = loaded.QuoteVerifier.newWithRootCa(Buffer.from(root));
    const { status, advisory_ids } = verifier.verify(Buffer.from(quote), collateral, now);
    return { status, advisories: [...advisory_ids].sort() };
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}
