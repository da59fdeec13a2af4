/**
 * Evidence: a quote, the vendor's collateral to check it with, and what a guest says about itself beside it. The host
 * relays collateral, which is safe because every piece of it is signed: a host can only withhold newer pieces, and each
 * has an end. What a guest says counts for as much as the quote's measurements confirm of it.
 *
 * ```text
 * evidence   = msgpack [2, kind, quote, collateral, guest]
 * collateral = [root CRL, PCK CRL, TCB info, its signature, its chain,
 *               QE identity, its signature, its chain or nil if the same]
 * guest      = nil, or for "tdx" dstack's [event log, app-compose.json, vm config or nil]
 * ```
 * There is one encoding of each piece of evidence: whatever does not encode to the same bytes again is refused.
 */
import { decodeMsgpack, encodeMsgpack } from "#protocol/msgpack.ts";
import { ProtocolError } from "#protocol/errors.ts";
import { equalBytes } from "#protocol/bytes.ts";
import { sameChain } from "./dcap/chains.ts";
import { AttestationError, demand } from "./errors.ts";
import {
  appComposeLengthMax,
  certificateLengthMax,
  chainLengthMax,
  crlLengthMax,
  eventLogLengthMax,
  evidenceLengthMax,
  quoteLengthMax,
  signedTextMax,
  vmConfigLengthMax,
} from "./limits.ts";

/** Which verifier reads it is said by `kind`. */
export type Evidence = TdxEvidence | SgxEvidence;

/** A trust domain of Intel TDX: a whole virtual machine. */
export interface TdxEvidence {
  readonly kind: "tdx";
  /** Raw quote, as the platform returned it. */
  readonly quote: Uint8Array;
  readonly collateral: Collateral;
  /** From an image of dstack: what its runtime measurements are made of. */
  readonly dstack?: DstackEvidence;
}

/** An enclave of Intel SGX: a part of a process. */
export interface SgxEvidence {
  readonly kind: "sgx";
  /** Raw quote, as the platform returned it. */
  readonly quote: Uint8Array;
  readonly collateral: Collateral;
}

/** What dstack's guest agent returns beside a quote, byte for byte. */
export interface DstackEvidence {
  /** JSON text. */
  readonly eventLog: Uint8Array;
  /** `app-compose.json`, whose hash is measured. */
  readonly appCompose: Uint8Array;
  /** JSON text. */
  readonly vmConfig?: Uint8Array;
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

const evidenceVersion = 2;
const signatureLength = 64;

/** @throws AttestationError "evidence-malformed" if it would not be accepted by `decodeEvidence`. */
export function encodeEvidence(evidence: Evidence): Uint8Array {
  const bytes = encode(evidence);
  decodeEvidence(bytes);
  return bytes;
}

/** @throws AttestationError "evidence-malformed", "evidence-unsupported". */
export function decodeEvidence(bytes: Uint8Array): Evidence {
  demand(bytes.length <= evidenceLengthMax, "evidence-malformed", "longer than 48 KiB");
  const evidence = read(unpack(bytes));
  demand(equalBytes(encode(evidence), bytes), "evidence-malformed", "another encoding than ours");
  return evidence;
}

function encode(evidence: Evidence): Uint8Array {
  const { kind, quote, collateral: c } = evidence;
  return encodeMsgpack([
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
    kind === "tdx" && evidence.dstack !== undefined ? writeDstack(evidence.dstack) : null,
  ]);
}

function read(value: unknown): Evidence {
  demand(Array.isArray(value) && value[0] === evidenceVersion, "evidence-unsupported", "evidence version");
  const [, kind, quote, collateral, guest] = tuple(value, 5);
  demand(kind === "tdx" || kind === "sgx", "evidence-unsupported", "evidence kind");
  const common = { quote: binary(quote, quoteLengthMax), collateral: readCollateral(collateral) };
  if (guest === null) return { kind, ...common };
  demand(kind === "tdx", "evidence-malformed", "an enclave of SGX has no guest");
  return { kind, ...common, dstack: readDstack(guest) };
}

const writeDstack = ({ eventLog, appCompose, vmConfig }: DstackEvidence): readonly unknown[] => [
  eventLog,
  appCompose,
  vmConfig ?? null,
];

function readDstack(value: unknown): DstackEvidence {
  const [eventLog, appCompose, vmConfig] = tuple(value, 3);
  return {
    eventLog: binary(eventLog, eventLogLengthMax),
    appCompose: binary(appCompose, appComposeLengthMax),
    ...(vmConfig === null ? {} : { vmConfig: binary(vmConfig, vmConfigLengthMax) }),
  };
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
