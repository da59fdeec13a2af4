/**
 * What evidence consists of, each part in one spelling. Two parts are semantically identical if every signed byte, every
 * signature and every key in them is equal, and every certificate, list and statement stands in the same place.
 *
 * Spelling, and nothing else, are: zero bytes after a quote; one zero byte at the end of a PCK chain; and which of the
 * two values s and n − s of an ECDSA signature is written down, since both verify and vendors write either.
 */
import { p256 } from "@noble/curves/nist.js";
import type { AuthData } from "#attestation/dcap/auth-data.ts";
import type { IntelEvidence } from "#attestation/evidence.ts";
import { parseSgxQuote } from "#attestation/sgx/quote.ts";
import { parseTdxQuote } from "#attestation/tdx/quote.ts";
import { parseCertificate } from "#attestation/x509/certificate.ts";
import { parseCrl } from "#attestation/x509/crl.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { negatedBy } from "./evidence-mutations.ts";

/**
 * One text for each part that somebody signed as a whole.
 *
 * @throws AttestationError for what cannot be read: such evidence is never accepted.
 */
export function essenceOf({ kind, quote, collateral }: IntelEvidence): readonly string[] {
  const { signed, authData } = kind === "tdx" ? parseTdxQuote(quote) : parseSgxQuote(quote);
  const chainOf = (chain: readonly Uint8Array[]) => chain.map((der) => signedOf(parseCertificate(der)));
  const { tcbInfo, tcbInfoSignature, tcbInfoChain, qeIdentity, qeIdentitySignature, qeIdentityChain } = collateral;
  return [
    ["quote", kind, bytesToHex(signed), ...authenticationOf(authData)],
    ["root CRL", signedOf(parseCrl(collateral.rootCrl))],
    ["PCK CRL", signedOf(parseCrl(collateral.pckCrl))],
    ["TCB info", tcbInfo, lowest(tcbInfoSignature), chainOf(tcbInfoChain)],
    ["QE identity", qeIdentity, lowest(qeIdentitySignature), chainOf(qeIdentityChain)],
  ].map((part) => JSON.stringify(part));
}

const authenticationOf = ({ signature, attestationKey, certification }: AuthData): readonly unknown[] => [
  lowest(signature),
  bytesToHex(attestationKey),
  bytesToHex(certification.signed),
  lowest(certification.signature),
  bytesToHex(certification.authenticationData),
  certification.pckChain.map((der) => signedOf(parseCertificate(der))),
];

const signedOf = ({ signed, signature }: { signed: Uint8Array; signature: Uint8Array }): readonly string[] => [
  bytesToHex(signed),
  lowest(signature),
];

const lowest = (signature: Uint8Array): string => lowestBy(p256, signature);

/** The spelling of a signature on this curve whose second half is the lower one. */
export function lowestBy(curve: Pick<typeof p256, "Point">, signature: Uint8Array): string {
  const [one, other] = [bytesToHex(signature), bytesToHex(negatedBy(curve, signature))];
  const half = (curve.Point.CURVE().n >> 1n).toString(16).padStart(signature.length, "0");
  return one.slice(signature.length) <= half ? one : other;
}
