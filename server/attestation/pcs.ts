/** Collateral in the JSON form in which Intel's service, its caches and dstack hand it around. */
import { hexToBytes } from "#protocol/bytes.ts";
import { demand } from "./errors.ts";
import type { Collateral } from "./evidence.ts";
import { parsePem } from "./x509/pem.ts";

/**
 * Reads `{ root_ca_crl, pck_crl, tcb_info, tcb_info_signature, tcb_info_issuer_chain, qe_identity, … }`: lists and
 * signatures in hexadecimal, chains in PEM, statements as the exact text that was signed. Other members are ignored.
 *
 * @throws AttestationError "collateral-malformed", "certificate-malformed". Lengths are for `encodeEvidence` to check.
 */
export function collateralFromPcs(json: unknown): Collateral {
  demand(typeof json === "object" && json !== null, "collateral-malformed", "not an object");
  const members = json as Readonly<Record<string, unknown>>;
  const text = (name: string): string => {
    const value = members[name];
    demand(typeof value === "string", "collateral-malformed", name);
    return value;
  };
  const binary = (name: string): Uint8Array => {
    const value = text(name);
    demand(value.length % 2 === 0 && /^[0-9a-fA-F]+$/.test(value), "collateral-malformed", name);
    return hexToBytes(value);
  };
  return {
    rootCrl: binary("root_ca_crl"),
    pckCrl: binary("pck_crl"),
    tcbInfo: text("tcb_info"),
    tcbInfoSignature: binary("tcb_info_signature"),
    tcbInfoChain: parsePem(text("tcb_info_issuer_chain"), 2),
    qeIdentity: text("qe_identity"),
    qeIdentitySignature: binary("qe_identity_signature"),
    qeIdentityChain: parsePem(text("qe_identity_issuer_chain"), 2),
  };
}
