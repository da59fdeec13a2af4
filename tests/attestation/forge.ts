/** Evidence under a seeded development root, good or bad in one place of the test's choice. Seeded roots exist only here. */
import { sha256 } from "@noble/hashes/sha2.js";
import type { Collateral, IntelEvidence } from "#attestation/evidence.ts";
import type { SgxReport } from "#attestation/sgx/report.ts";
import type { TdReport } from "#attestation/tdx/report.ts";
import { verify } from "#attestation/verify.ts";
import type { VerifiedSgx, VerifiedTdx } from "#attestation/verified.ts";
import { webCryptoPrimitives } from "#client/primitives.ts";
import {
  type CertificateTemplate,
  issueCertificate,
  type Key,
  keyFrom,
  signRaw,
} from "#enclave/platform/development/certificates.ts";
import {
  createCollateral,
  crlOf,
  qeIdentityOf,
  sgxTcbInfoOf,
  signText,
  tdxTcbInfoOf,
  type Window,
} from "#enclave/platform/development/collateral.ts";
import { createPki, type DevelopmentPki, type Holder } from "#enclave/platform/development/pki.ts";
import { encodePem } from "#enclave/platform/development/pem.ts";
import { createQuotingEnclave, type QuotingEnclave, type Tee } from "#enclave/platform/development/quoting-enclave.ts";
import { createSgxQuote, developmentEnclave } from "#enclave/platform/development/sgx-quote.ts";
import { createTdxQuote, createTdxQuoteV5, developmentTd } from "#enclave/platform/development/tdx-quote.ts";
import { utf8ToBytes } from "#protocol/bytes.ts";

export const primitives = webCryptoPrimitives();

/** 2026-03-01T12:00:00Z */
export const now = 1_772_366_400;
export const day = 86_400;
export const window: Window = { issued: now - day, expires: now + 29 * day };

export const seed = sha256(utf8ToBytes("a seeded root, for tests only"));
export const pki = createPki(seed);
export const enclave = createQuotingEnclave(pki, seed);
const enclaves = { tdx: enclave, sgx: createQuotingEnclave(pki, seed, "sgx") };
export const reportData = new Uint8Array(64).map((_, i) => i);

/** A key that nobody certified. */
export const strangersKey: Key = keyFrom(new Uint8Array(48).fill(0x5a));

export type Part = "root" | "pckCa" | "pck" | "tcbSigner";

/** Issues one certificate anew with other contents, and everything below it. */
export function reissue(part: Part, change: Partial<CertificateTemplate>, signer?: Key): DevelopmentPki {
  const next: Record<Part, Holder> & { machine: DevelopmentPki["machine"] } = { ...pki };
  const issuers: Record<Part, Part> = { root: "root", pckCa: "root", pck: "pckCa", tcbSigner: "root" };
  for (const name of ["root", "pckCa", "pck", "tcbSigner"] as const) {
    const template = name === part ? { ...pki[name].template, ...change } : pki[name].template;
    const key = name === part && signer !== undefined ? signer : pki[issuers[name]].key;
    next[name] = { key: pki[name].key, template, certificate: issueCertificate(template, key) };
  }
  return next;
}

/** What is forged: a TDX quote of version 4, of version 5 with a report of TDX 1.0 or of 1.5, or an SGX quote. */
export type Shape = "tdx4" | "tdx5" | "tdx5-later" | "sgx3";
export const shapes: readonly Shape[] = ["tdx4", "tdx5", "tdx5-later", "sgx3"];

type TcbInfo = ReturnType<typeof tdxTcbInfoOf>;
type QeIdentity = ReturnType<typeof qeIdentityOf>;

export interface Forgery {
  readonly shape?: Shape;
  readonly pki?: DevelopmentPki;
  readonly td?: Partial<TdReport>;
  readonly report?: Partial<SgxReport>;
  /** Instead of the one of the PKI. */
  readonly enclave?: Partial<QuotingEnclave>;
  readonly window?: Window;
  /** Revoked certificates. */
  readonly revoked?: readonly Part[];
  /** Changes to the statements, which are signed afterwards. About SGX there is nothing of TDX in them. */
  readonly tcbInfo?: (info: TcbInfo) => object;
  readonly qeIdentity?: (identity: QeIdentity) => object;
  /** Changes to the collateral after everything was signed. */
  readonly collateral?: (collateral: Collateral, pki: DevelopmentPki) => Partial<Collateral>;
  /** Changes to the quote's bytes. */
  readonly quote?: (quote: Uint8Array) => Uint8Array;
}

export const teeOf = (shape: Shape = "tdx4"): Tee => (shape === "sgx3" ? "sgx" : "tdx");

export function forge(forgery: Forgery = {}): IntelEvidence {
  const under = forgery.pki ?? pki;
  const over = forgery.window ?? window;
  const kind = teeOf(forgery.shape);
  const collateral = collateralOf(forgery, under, over);
  const quoting = under === pki ? enclaves[kind] : createQuotingEnclave(under, seed, kind);
  const quote = quoteOf(forgery, { ...quoting, ...forgery.enclave });
  return {
    kind,
    quote: forgery.quote?.(quote) ?? quote,
    collateral: { ...collateral, ...forgery.collateral?.(collateral, under) },
  };
}

const honest = { tdx: createCollateral(pki, window), sgx: createCollateral(pki, window, "sgx") };

function collateralOf(forgery: Forgery, under: DevelopmentPki, over: Window): Collateral {
  const kind = teeOf(forgery.shape);
  const signed = under === pki && over === window ? honest[kind] : createCollateral(under, over, kind);
  const revoked = forgery.revoked?.map((part) => under[part]);
  const info = kind === "tdx" ? tdxTcbInfoOf(under, over) : (sgxTcbInfoOf(under, over) as TcbInfo);
  const tcbInfo = forgery.tcbInfo && JSON.stringify(forgery.tcbInfo(info));
  const qeIdentity = forgery.qeIdentity && JSON.stringify(forgery.qeIdentity(qeIdentityOf(over, kind)));
  return {
    ...signed,
    ...(tcbInfo && { tcbInfo, tcbInfoSignature: signText(tcbInfo, under.tcbSigner) }),
    ...(qeIdentity && { qeIdentity, qeIdentitySignature: signText(qeIdentity, under.tcbSigner) }),
    ...(revoked && { rootCrl: crlOf(under.root, over, revoked), pckCrl: crlOf(under.pckCa, over, revoked) }),
  };
}

/** Versions after an update of the TDX module under the running TD, and no service TD. */
export const later = { teeTcbSvn: Uint8Array.of(6, 1, 2, ...new Uint8Array(13)), mrServiceTd: new Uint8Array(48) };

function quoteOf({ shape = "tdx4", td, report }: Forgery, enclave: QuotingEnclave): Uint8Array {
  const tdReport: TdReport = { ...developmentTd(reportData), ...(shape === "tdx5-later" ? { later } : {}), ...td };
  if (shape === "sgx3") return createSgxQuote({ ...developmentEnclave(reportData), ...report }, enclave);
  return shape === "tdx4" ? createTdxQuote(tdReport, enclave) : createTdxQuoteV5(tdReport, enclave);
}

/** Verifies under the root that the forgery's PKI has. */
export const verifyForged = (forgery: Forgery = {}, at: number = now): Promise<VerifiedTdx | VerifiedSgx> =>
  verify(forge(forgery), { roots: [(forgery.pki ?? pki).root.certificate], now: at, primitives });

/** A quoting enclave whose report was changed, and signed again by the machine. */
export function enclaveWith(change: (report: Uint8Array) => void, shape?: Shape): Partial<QuotingEnclave> {
  const report = new Uint8Array(enclaves[teeOf(shape)].report);
  change(report);
  return { report, reportSignature: signRaw(report, pki.pck.key) };
}

export const pemOf = (...certificates: readonly Uint8Array[]): string => certificates.map(encodePem).join("");

/** A copy with one byte changed. */
export function flip(bytes: Uint8Array, at: number, mask = 1): Uint8Array {
  const copy = new Uint8Array(bytes);
  copy[at < 0 ? copy.length + at : at]! ^= mask;
  return copy;
}
