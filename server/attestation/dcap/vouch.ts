/**
 * Who vouches for a quote of Intel's, whatever it is about: the machine's certificate, the quoting enclave's report, and
 * Intel's statements about both, each down to the root that is pinned.
 *
 * The order of checks is our own; what is checked is what Intel's Quote Verification Library checks (its functions
 * `sgxAttestationVerifyPCKCertificate`, `…VerifyTCBInfo`, `…VerifyEnclaveIdentity`, `…VerifyQuote`), and the validity of
 * revocation lists besides. Formats: Intel "SGX PCK Certificate and CRL Profile", PCS API version 4.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, equalBytes } from "#protocol/bytes.ts";
import { demand } from "../errors.ts";
import type { Collateral } from "../evidence.ts";
import type { Primitives } from "../primitives.ts";
import type { VerifiedByIntel } from "../verified.ts";
import type { VerifyOptions } from "../verify.ts";
import type { Certificate } from "../x509/certificate.ts";
import { type Authority, openRoot, type Setting } from "../x509/chain.ts";
import { describeRoot, pickRoot } from "../x509/pick-root.ts";
import type { AuthData } from "./auth-data.ts";
import { openPck, openTcbSigner, type Pck, sameChain } from "./chains.ts";
import type { PckExtension } from "./pck.ts";
import { judgeQe, readQeIdentity } from "./qe-identity.ts";
import { openStatement } from "./statement.ts";
import { type Judgement, readTcbInfo, type TcbInfo } from "./tcb-info.ts";
import { combineStatuses } from "./tcb.ts";

/** A quote as far as all kinds of it are the same. */
interface Quote {
  /** Header and report, as the attestation key signed them. */
  readonly signed: Uint8Array;
  readonly authData: AuthData;
}

export interface Vouched {
  /** What Intel says about this model of machine. */
  readonly info: TcbInfo;
  /** What Intel certified about this machine. */
  readonly machine: PckExtension;
  readonly quotingEnclave: Judgement;
  /** What all verified evidence says. */
  readonly said: Omit<VerifiedByIntel, "reportData" | "tcb">;
  /** The lower of the two rounds of judgement. */
  readonly evaluation: number;
}

/** @throws AttestationError with the code of the first thing that is wrong. */
export async function vouch(
  { signed, authData }: Quote,
  collateral: Collateral,
  tee: "TDX" | "SGX",
  options: VerifyOptions,
): Promise<Vouched> {
  const { certification } = authData;
  const chains = [certification.pckChain, collateral.tcbInfoChain, collateral.qeIdentityChain];
  const root = await openRoot(pickRoot(chains, options.roots), collateral.rootCrl, options);
  const { tcbInfo, qeIdentity, signers } = await openStatements(collateral, root, options);
  const pck = await openPck(certification.pckChain, collateral.pckCrl, root, options);
  await checkQuote(signed, authData, pck, options.primitives);

  const info = readTcbInfo(tcbInfo, tee);
  demand(equalBytes(info.fmspc, pck.extension.fmspc), "collateral-mismatch", "FMSPC");
  demand(equalBytes(info.pceId, pck.extension.pceId), "collateral-mismatch", "PCEID");
  const certificates = [root.certificate, pck.authority.certificate, pck.leaf, ...signers];
  const ends = [tcbInfo.expires, qeIdentity.expires, root.list.nextUpdate, pck.authority.list.nextUpdate];
  return {
    info,
    machine: pck.extension,
    quotingEnclave: judgeQe(certification.report, readQeIdentity(qeIdentity, tee === "TDX" ? "TD_QE" : "QE")),
    said: {
      root: describeRoot(root.certificate),
      fmspc: bytesToHex(pck.extension.fmspc),
      ppid: bytesToHex(pck.extension.ppid),
      issued: Math.min(tcbInfo.issued, qeIdentity.issued),
      expires: Math.min(...ends, ...certificates.map(({ notAfter }) => notAfter)),
    },
    evaluation: Math.min(tcbInfo.evaluation, qeIdentity.evaluation),
  };
}

/**
 * What all judgements come to.
 *
 * @throws AttestationError "tcb-revoked".
 */
export function conclude(
  { quotingEnclave, evaluation, said }: Vouched,
  judgements: readonly Judgement[],
): Omit<VerifiedByIntel, "reportData"> {
  const all = [quotingEnclave, ...judgements];
  const status = combineStatuses(all.map((judgement) => judgement.status));
  demand(status !== "Revoked", "tcb-revoked");
  const advisories = [...new Set(all.flatMap((judgement) => judgement.advisories))].sort();
  return { ...said, tcb: { status, advisories, evaluation } };
}

/** TCB info and QE identity, each signed by a TCB signing certificate of the root. */
async function openStatements(collateral: Collateral, root: Authority, setting: Setting) {
  const { tcbInfo, tcbInfoSignature, tcbInfoChain, qeIdentity, qeIdentitySignature, qeIdentityChain } = collateral;
  const signer = await openTcbSigner(tcbInfoChain, root, setting);
  const qeSigner: Certificate = sameChain(tcbInfoChain, qeIdentityChain)
    ? signer
    : await openTcbSigner(qeIdentityChain, root, setting);
  return {
    tcbInfo: await openStatement(tcbInfo, tcbInfoSignature, signer, "tcb-info-signature", setting),
    qeIdentity: await openStatement(qeIdentity, qeIdentitySignature, qeSigner, "qe-identity-signature", setting),
    signers: [signer, qeSigner],
  };
}

/** The PCK signed the quoting enclave's report, the report names the attestation key, and that key signed the quote. */
async function checkQuote(signed: Uint8Array, authData: AuthData, pck: Pck, primitives: Primitives): Promise<void> {
  const { signature, attestationKey, certification } = authData;
  const certified = await primitives.verifyP256(pck.leaf.publicKey, certification.signature, certification.signed);
  demand(certified, "qe-report-signature");
  const named = concatBytes(sha256(concatBytes(attestationKey, certification.authenticationData)), new Uint8Array(32));
  demand(equalBytes(certification.report.reportData, named), "qe-report-data");
  demand(await primitives.verifyP256(attestationKey, signature, signed), "quote-signature");
}
