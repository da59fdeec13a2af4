/**
 * Did hardware say it? Checks every signature from the quote to a pinned root, and every statement on the way.
 *
 * ```text
 * root ─┬─ PCK CA ── PCK leaf ── quoting enclave's report ── attestation key ── quote
 *       └─ TCB signing ─┬─ TCB info
 *                       └─ QE identity
 * ```
 * Intel "TDX DCAP Quoting Library API" appendix A, "SGX PCK Certificate and CRL Profile", PCS API version 4.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, equalBytes } from "#protocol/bytes.ts";
import type { AuthData } from "./dcap/auth-data.ts";
import { openPck, openTcbSigner, type Pck, pickRoot } from "./dcap/chains.ts";
import { judgeQe, readQeIdentity } from "./dcap/qe-identity.ts";
import { openStatement } from "./dcap/statement.ts";
import { type Judgement, readTcbInfo } from "./dcap/tcb-info.ts";
import { combineStatuses, matchLevel } from "./dcap/tcb.ts";
import { demand } from "./errors.ts";
import type { Collateral, Evidence } from "./evidence.ts";
import type { Primitives } from "./primitives.ts";
import { checkTdAttributes } from "./tdx/attributes.ts";
import { judgeModule } from "./tdx/module.ts";
import { parseTdxQuote } from "./tdx/quote.ts";
import type { TdReport } from "./tdx/report.ts";
import type { Verified } from "./verified.ts";
import { type Authority, openRoot, type Setting } from "./x509/chain.ts";

export interface VerifyOptions {
  /** Trust anchors in DER. The evidence must hang from one of them, byte for byte. */
  readonly roots: readonly Uint8Array[];
  /** Unix seconds. */
  readonly now: number;
  readonly primitives: Primitives;
}

/**
 * Verifies evidence and returns what it says. Whether that is good enough is for `appraise`; only what no policy could
 * accept (forgery, expiry, revocation, debug mode) is refused here.
 *
 * @throws AttestationError with the code of the first thing that is wrong.
 */
export async function verify(evidence: Evidence, options: VerifyOptions): Promise<Verified> {
  const { quote: bytes, collateral } = evidence;
  const quote = parseTdxQuote(bytes);
  const { certification } = quote.authData;
  const chains = [certification.pckChain, collateral.tcbInfoChain, collateral.qeIdentityChain];
  const root = await openRoot(pickRoot(chains, options.roots), collateral.rootCrl, options);
  const statements = await openStatements(collateral, root, options);
  const pck = await openPck(certification.pckChain, collateral.pckCrl, root, options);
  await checkQuote(quote.signed, quote.authData, pck, options.primitives);

  const info = readTcbInfo(statements.tcbInfo, "TDX");
  demand(equalBytes(info.fmspc, pck.extension.fmspc), "collateral-mismatch", "FMSPC");
  demand(equalBytes(info.pceId, pck.extension.pceId), "collateral-mismatch", "PCEID");
  const tcb = combine([
    judgeQe(certification.report, readQeIdentity(statements.qeIdentity, "TD_QE")),
    judgeModule(quote.report, info),
    matchLevel(info.levels, pck.extension, quote.report.teeTcbSvn),
  ]);
  checkTdAttributes(quote.report);

  const { tcbInfo, qeIdentity } = statements;
  return {
    kind: "tdx",
    quoteVersion: quote.version,
    reportData: new Uint8Array(quote.report.reportData),
    measurements: readMeasurements(quote.report),
    root: describeRoot(root),
    tcb: { ...tcb, evaluation: Math.min(tcbInfo.evaluation, qeIdentity.evaluation) },
    fmspc: bytesToHex(pck.extension.fmspc),
    ppid: bytesToHex(pck.extension.ppid),
    issued: Math.min(tcbInfo.issued, qeIdentity.issued),
    expires: Math.min(tcbInfo.expires, qeIdentity.expires, root.list.nextUpdate, pck.authority.list.nextUpdate),
  };
}

/** TCB info and QE identity, each signed by a TCB signing certificate of the root. */
async function openStatements(collateral: Collateral, root: Authority, setting: Setting) {
  const tcbSigner = await openTcbSigner(collateral.tcbInfoChain, root, setting);
  const qeSigner = await openTcbSigner(collateral.qeIdentityChain, root, setting);
  const { tcbInfo, tcbInfoSignature, qeIdentity, qeIdentitySignature } = collateral;
  return {
    tcbInfo: await openStatement(tcbInfo, tcbInfoSignature, tcbSigner, "tcb-info-signature", setting),
    qeIdentity: await openStatement(qeIdentity, qeIdentitySignature, qeSigner, "qe-identity-signature", setting),
  };
}

/** The PCK signed the quoting enclave's report, the report names the attestation key, and that key signed the quote. */
async function checkQuote(signed: Uint8Array, authData: AuthData, pck: Pck, primitives: Primitives): Promise<void> {
  const { signature, attestationKey, certification } = authData;
  const certified = await primitives.verifyP256(pck.publicKey, certification.signature, certification.signed);
  demand(certified, "qe-report-signature");
  const named = concatBytes(sha256(concatBytes(attestationKey, certification.authenticationData)), new Uint8Array(32));
  demand(equalBytes(certification.report.reportData, named), "qe-report-data");
  demand(await primitives.verifyP256(attestationKey, signature, signed), "quote-signature");
}

function combine(judgements: readonly (Judgement | undefined)[]): Pick<Verified["tcb"], "status" | "advisories"> {
  const present = judgements.filter((judgement) => judgement !== undefined);
  const status = combineStatuses(present.map((judgement) => judgement.status));
  demand(status !== "Revoked", "tcb-revoked");
  return { status, advisories: [...new Set(present.flatMap((judgement) => judgement.advisories))].sort() };
}

function readMeasurements({ mrTd, rtmr }: TdReport): Verified["measurements"] {
  const [rtmr0, rtmr1, rtmr2, rtmr3] = rtmr;
  return {
    mrtd: bytesToHex(mrTd),
    rtmr0: bytesToHex(rtmr0),
    rtmr1: bytesToHex(rtmr1),
    rtmr2: bytesToHex(rtmr2),
    rtmr3: bytesToHex(rtmr3),
  };
}

function describeRoot({ certificate }: Authority): Verified["root"] {
  const { commonName, organisation } = certificate.subject;
  return { fingerprint: bytesToHex(sha256(certificate.der)), name: `${commonName}, ${organisation}` };
}
