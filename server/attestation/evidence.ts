/**
 * Evidence: a quote, the vendor's collateral to check it with, and what a guest says about itself beside it. The host
 * relays collateral, which is safe because every piece of it is signed: a host can only withhold newer pieces, and each
 * has an end. What a guest says counts for as much as the quote's measurements confirm of it.
 *
 * ```text
 * evidence   = msgpack [2, kind, quote, collateral, guest]
 * collateral = for "tdx" and "sgx" [root CRL, PCK CRL, TCB info, its signature, its chain,
 *                                   QE identity, its signature, its chain or nil if the same],
 *              for "sev-snp" [VCEK, ASK, ARK, CRL],
 *              for "nitro" nil: the quote, an attestation document, holds its own certificates
 * guest      = nil, or for "tdx" dstack's [event log, app-compose.json, vm config or nil]
 * ```
 * There is one encoding of each piece of evidence: whatever does not encode to the same bytes again is refused.
 */
import { encodeMsgpack } from "#protocol/msgpack.ts";
import { equalBytes } from "#protocol/bytes.ts";
import { sameChain } from "./dcap/chains.ts";
import { AttestationError, demand } from "./errors.ts";
import { binary, chain, signature, text, tuple, unpack } from "./evidence-parts.ts";
import {
  appComposeLengthMax,
  certificateLengthMax,
  crlLengthMax,
  eventLogLengthMax,
  evidenceLengthMax,
  nitroDocumentLengthMax,
  quoteLengthMax,
  vmConfigLengthMax,
} from "./limits.ts";
import { parseNitroDocument } from "./nitro/document.ts";
import { snpReportLength } from "./sev-snp/report.ts";

/** Which verifier reads it is said by `kind`. */
export type Evidence = IntelEvidence | SevSnpEvidence | NitroEvidence;

export type IntelEvidence = TdxEvidence | SgxEvidence;

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

/** A guest of AMD SEV-SNP: a whole virtual machine. */
export interface SevSnpEvidence {
  readonly kind: "sev-snp";
  /** Raw attestation report, 1,184 bytes. */
  readonly quote: Uint8Array;
  readonly collateral: AmdCollateral;
}

/** An enclave of AWS Nitro: a virtual machine that only its parent instance talks to. AWS itself vouches for it. */
export interface NitroEvidence {
  readonly kind: "nitro";
  /** The attestation document, COSE_Sign1 in CBOR. It holds its own certificates. */
  readonly quote: Uint8Array;
}

/** Answers of AMD's Key Distribution Service, in DER. */
export interface AmdCollateral {
  /** The processor's certificate. */
  readonly vcek: Uint8Array;
  readonly ask: Uint8Array;
  readonly ark: Uint8Array;
  /** The ARK's list of what it has withdrawn. */
  readonly crl: Uint8Array;
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
  const { kind, quote } = evidence;
  const guest = kind === "tdx" && evidence.dstack !== undefined ? writeDstack(evidence.dstack) : null;
  return encodeMsgpack([evidenceVersion, kind, quote, writeCollateral(evidence), guest]);
}

function writeCollateral(evidence: Evidence): readonly unknown[] | null {
  if (evidence.kind === "nitro") return null;
  if (evidence.kind === "sev-snp") {
    const { vcek, ask, ark, crl } = evidence.collateral;
    return [vcek, ask, ark, crl];
  }
  const c = evidence.collateral;
  return [
    c.rootCrl,
    c.pckCrl,
    c.tcbInfo,
    c.tcbInfoSignature,
    c.tcbInfoChain,
    c.qeIdentity,
    c.qeIdentitySignature,
    sameChain(c.qeIdentityChain, c.tcbInfoChain) ? null : c.qeIdentityChain,
  ];
}

function read(value: unknown): Evidence {
  demand(Array.isArray(value) && value[0] === evidenceVersion, "evidence-unsupported", "evidence version");
  const [, kind, quote, collateral, guest] = tuple(value, 5);
  demand(isKind(kind), "evidence-unsupported", "evidence kind");
  demand(guest === null || kind === "tdx", "evidence-malformed", "a guest's own words beside another kind");
  if (kind === "nitro") {
    demand(collateral === null, "evidence-malformed", "statements beside a document that holds its own");
    return { kind, quote: binary(quote, nitroDocumentLengthMax) };
  }
  if (kind === "sev-snp") {
    return { kind, quote: binary(quote, snpReportLength), collateral: readAmdCollateral(collateral) };
  }
  const common = { quote: binary(quote, quoteLengthMax), collateral: readCollateral(collateral) };
  return guest === null ? { kind, ...common } : { kind: "tdx", ...common, dstack: readDstack(guest) };
}

const isKind = (value: unknown): value is Evidence["kind"] =>
  value === "tdx" || value === "sgx" || value === "sev-snp" || value === "nitro";

function readAmdCollateral(value: unknown): AmdCollateral {
  const [vcek, ask, ark, crl] = tuple(value, 4);
  return {
    vcek: binary(vcek, certificateLengthMax),
    ask: binary(ask, certificateLengthMax),
    ark: binary(ark, certificateLengthMax),
    crl: binary(crl, crlLengthMax),
  };
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
  if (evidence.kind === "sev-snp") return evidence.collateral.ark;
  const root =
    evidence.kind === "nitro"
      ? parseNitroDocument(evidence.quote).document.bundle[0]
      : evidence.collateral.tcbInfoChain.at(-1);
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
