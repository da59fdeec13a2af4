/** What a vendor would say about a development machine: TCB info, QE identity and revocation lists, signed. */
import { bytesToHex, utf8ToBytes } from "#protocol/bytes.ts";
import type { Collateral } from "#attestation/evidence.ts";
import type { DevelopmentPki, Holder } from "./pki.ts";
import { issueCrl, signRaw } from "./certificates.ts";
import { quotingEnclaves, type Tee } from "./quoting-enclave.ts";

/** Unix seconds. */
export interface Window {
  readonly issued: number;
  readonly expires: number;
}

export function createCollateral(pki: DevelopmentPki, window: Window, tee: Tee = "tdx"): Collateral {
  const tcbInfo = JSON.stringify(tee === "tdx" ? tdxTcbInfoOf(pki, window) : sgxTcbInfoOf(pki, window));
  const qeIdentity = JSON.stringify(qeIdentityOf(window, tee));
  const chain = [pki.tcbSigner.certificate, pki.root.certificate];
  return {
    rootCrl: crlOf(pki.root, window),
    pckCrl: crlOf(pki.pckCa, window),
    tcbInfo,
    tcbInfoSignature: signText(tcbInfo, pki.tcbSigner),
    tcbInfoChain: chain,
    qeIdentity,
    qeIdentitySignature: signText(qeIdentity, pki.tcbSigner),
    qeIdentityChain: chain,
  };
}

export const signText = (text: string, signer: Holder): Uint8Array => signRaw(utf8ToBytes(text), signer.key);

/** The issuer's list of what it has withdrawn. */
export const crlOf = (issuer: Holder, window: Window, revoked: readonly Holder[] = []): Uint8Array =>
  issueCrl(
    {
      issuer: issuer.template.subject,
      thisUpdate: window.issued,
      nextUpdate: window.expires,
      revoked: revoked.map((holder) => holder.template.serial),
    },
    issuer.key,
  );

/** Intel PCS API version 4, "Get TDX TCB Info", version 3 of the document. */
export function tdxTcbInfoOf(pki: DevelopmentPki, window: Window) {
  const moduleIdentity = { mrsigner: "00".repeat(48), attributes: "00".repeat(8), attributesMask: "ff".repeat(8) };
  return {
    id: "TDX",
    ...modelOf(pki, window),
    tdxModule: moduleIdentity,
    tdxModuleIdentities: [{ id: "TDX_01", ...moduleIdentity, tcbLevels: [svnLevel(5, window)] }],
    tcbLevels: levelsOf(pki, window, { tdxtcbcomponents: components([5, 0, 2]) }),
  };
}

/** Intel PCS API version 4, "Get SGX TCB Info", version 3 of the document. */
export const sgxTcbInfoOf = (pki: DevelopmentPki, window: Window) => ({
  id: "SGX",
  ...modelOf(pki, window),
  tcbLevels: levelsOf(pki, window, {}),
});

const modelOf = (pki: DevelopmentPki, window: Window) => ({
  version: 3,
  issueDate: isoTime(window.issued),
  nextUpdate: isoTime(window.expires),
  fmspc: bytesToHex(pki.machine.fmspc),
  pceId: bytesToHex(pki.machine.pceId),
  tcbType: 0,
  tcbEvaluationDataNumber: 1,
});

/** The development machine's versions are the newest; those of last year were out of date. */
function levelsOf<Tdx extends object>(pki: DevelopmentPki, window: Window, tdx: Tdx) {
  const level = (svn: number, tcbStatus: string) => ({
    tcb: { sgxtcbcomponents: Array.from({ length: 16 }, () => ({ svn })), pcesvn: pki.machine.pceSvn, ...tdx },
    tcbDate: isoTime(window.issued),
    tcbStatus,
  });
  return [level(2, "UpToDate"), { ...level(1, "OutOfDate"), advisoryIDs: ["INTEL-SA-00000"] }];
}

/** Intel PCS API version 4, "Get TD QE Identity" and "Get QE Identity", version 2 of the document. */
export const qeIdentityOf = (window: Window, tee: Tee = "tdx") => ({
  id: tee === "tdx" ? "TD_QE" : "QE",
  version: 2,
  issueDate: isoTime(window.issued),
  nextUpdate: isoTime(window.expires),
  tcbEvaluationDataNumber: 1,
  miscselect: "00000000",
  miscselectMask: "ffffffff",
  attributes: "11000000000000000000000000000000",
  attributesMask: "fbffffffffffffff0000000000000000",
  mrsigner: bytesToHex(quotingEnclaves[tee].mrSigner),
  isvprodid: quotingEnclaves[tee].isvProdId,
  tcbLevels: [svnLevel(quotingEnclaves[tee].isvSvn, window)],
});

const svnLevel = (isvsvn: number, window: Window) => ({
  tcb: { isvsvn },
  tcbDate: isoTime(window.issued),
  tcbStatus: "UpToDate",
});

const components = (svns: readonly number[]) => Array.from({ length: 16 }, (_, i) => ({ svn: svns[i] ?? 0 }));

const isoTime = (unixSeconds: number): string => `${new Date(unixSeconds * 1000).toISOString().slice(0, 19)}Z`;
