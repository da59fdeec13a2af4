/**
 * Evidence: a quote, and the vendor's collateral to check it with. The host relays collateral, which is safe because
 * every piece of it is signed: a host can only withhold newer pieces, and each has an end.
 *
 * ```text
 * evidence   = msgpack [1, kind, quote, collateral]
 * collateral = [root CRL, PCK CRL, TCB info, its signature, its chain,
 *               QE identity, its signature, its chain or nil if the same]
 * ```
 */
import { decodeMsgpack, encodeMsgpack } from "#protocol/msgpack.ts";
import { ProtocolError } from "#protocol/errors.ts";
import { equalBytes } from "#protocol/bytes.ts";
import { AttestationError, demand } from "./errors.ts";
import {
  certificateLengthMax,
  chainLengthMax,
  crlLengthMax,
  evidenceLengthMax,
  quoteLengthMax,
  signedTextMax,
} from "./limits.ts";

export interface Evidence {
  /** Which verifier reads it. */
  readonly kind: "tdx";
  /** Raw quote, as the platform returned it. */
  readonly quote: Uint8Array;
  readonly collateral: Collateral;
}

/** Answers of Intel's Provisioning Certification Service. Certificates and lists in DER; chains leaf first. */
export interface Collateral {
  readonly rootCrl: Uint8Array;
  readonly pckCrl: Uint8Array;
  /** The exact JSON text that was signed. */
  readonly tcbInfo: string;
  /** r ‖ s, 64 bytes. */
  readonly tcbInfoSignature: Uint8Array;
  readonly tcbInfoChain: readonly Uint8Array[];
  /** The exact JSON text that was signed. */
  readonly qeIdentity: string;
  /** r ‖ s, 64 bytes. */
  readonly qeIdentitySignature: Uint8Array;
  readonly qeIdentityChain: readonly Uint8Array[];
}

const evidenceVersion = 1;
const signatureLength = 64;

/** @throws AttestationError "evidence-malformed" if it would not be accepted by `decodeEvidence`. */
export function encodeEvidence(evidence: Evidence): Uint8Array {
  const { kind, quote, collateral: c } = evidence;
  const bytes = encodeMsgpack([
    evidenceVersion,
    kind,
    quote,
    [
      c.rootCrl,
      c.pckCrl,
      c.tcbInfo,
      c.tcbInfoSignature,
      c.tcbInfoChain,
      c.qeIdentity,
      c.qeIdentitySignature,
      sameChain(c.qeIdentityChain, c.tcbInfoChain) ? null : c.qeIdentityChain,
    ],
  ]);
  decodeEvidence(bytes);
  return bytes;
}

/** @throws AttestationError "evidence-malformed", "evidence-unsupported". */
export function decodeEvidence(bytes: Uint8Array): Evidence {
  demand(bytes.length <= evidenceLengthMax, "evidence-malformed", "longer than 32 KiB");
  const [version, kind, quote, collateral] = tuple(unpack(bytes), 4);
  demand(version === evidenceVersion, "evidence-unsupported", "evidence version");
  demand(kind === "tdx", "evidence-unsupported", "evidence kind");
  return { kind, quote: binary(quote, quoteLengthMax), collateral: readCollateral(collateral) };
}

/**
 * The root that this evidence claims to hang from, so that a person can compare its fingerprint. Nothing is checked
 * here: `verify` refuses evidence whose chains do not all end in a root that its caller named.
 */
export function rootOf(evidence: Evidence): Uint8Array {
  const root = evidence.collateral.tcbInfoChain.at(-1);
  if (root === undefined) throw new AttestationError("certificate-chain", "no root");
  return root;
}

function readCollateral(value: unknown): Collateral {
  const [rootCrl, pckCrl, tcbInfo, tcbInfoSignature, tcbChain, qeIdentity, qeIdentitySignature, qeChain] = tuple(
    value,
    8,
  );
  const tcbInfoChain = chain(tcbChain);
  return {
    rootCrl: binary(rootCrl, crlLengthMax),
    pckCrl: binary(pckCrl, crlLengthMax),
    tcbInfo: text(tcbInfo),
    tcbInfoSignature: signature(tcbInfoSignature),
    tcbInfoChain,
    qeIdentity: text(qeIdentity),
    qeIdentitySignature: signature(qeIdentitySignature),
    qeIdentityChain: qeChain === null ? tcbInfoChain : chain(qeChain),
  };
}

function unpack(bytes: Uint8Array): unknown {
  try {
    return decodeMsgpack(bytes, 4);
  } catch (error) {
    if (error instanceof ProtocolError) throw new AttestationError("evidence-malformed", error.message);
    throw error;
  }
}

function tuple(value: unknown, length: number): readonly unknown[] {
  demand(Array.isArray(value) && value.length === length, "evidence-malformed", "tuple");
  return value as readonly unknown[];
}

function binary(value: unknown, lengthMax: number): Uint8Array {
  demand(value instanceof Uint8Array && value.length > 0, "evidence-malformed", "bytes");
  demand(value.length <= lengthMax, "evidence-malformed", "too many bytes");
  // A decoder may hand out a platform's own subclass, or a view of a larger buffer.
  return new Uint8Array(value);
}

function signature(value: unknown): Uint8Array {
  const bytes = binary(value, signatureLength);
  demand(bytes.length === signatureLength, "evidence-malformed", "signature");
  return bytes;
}

/** Signed texts are ASCII, so that text and signed bytes determine each other. */
function text(value: unknown): string {
  demand(typeof value === "string" && value.length <= signedTextMax, "evidence-malformed", "text");
  demand(/^[\x20-\x7e]+$/.test(value), "evidence-malformed", "text that is not ASCII");
  return value;
}

function chain(value: unknown): readonly Uint8Array[] {
  demand(Array.isArray(value), "evidence-malformed", "chain");
  demand(value.length > 0 && value.length <= chainLengthMax, "evidence-malformed", "chain length");
  return value.map((certificate) => binary(certificate, certificateLengthMax));
}

function sameChain(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return a.length === b.length && a.every((certificate, i) => equalBytes(certificate, b[i]!));
}
