/**
 * Did hardware say it? Checks every signature from the quote to a pinned root, and every statement on the way.
 *
 * ```text
 * Intel: root ─┬─ PCK CA ── PCK leaf ── quoting enclave's report ── attestation key ── quote
 *              └─ TCB signing ─┬─ TCB info
 *                              └─ QE identity
 * AMD:   ARK ── ASK ── VCEK ── report
 * AWS:   root ── region ── zone ── instance ── enclave ── attestation document
 * ```
 */
import type { Evidence, IntelEvidence, NitroEvidence, SevSnpEvidence, SgxEvidence, TdxEvidence } from "./evidence.ts";
import { verifyNitro } from "./nitro/verify.ts";
import type { Primitives } from "./primitives.ts";
import { verifySevSnp } from "./sev-snp/verify.ts";
import { verifySgx } from "./sgx/verify.ts";
import { verifyTdx } from "./tdx/verify.ts";
import type { Verified, VerifiedNitro, VerifiedSevSnp, VerifiedSgx, VerifiedTdx } from "./verified.ts";

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
export function verify(evidence: TdxEvidence, options: VerifyOptions): Promise<VerifiedTdx>;
export function verify(evidence: SgxEvidence, options: VerifyOptions): Promise<VerifiedSgx>;
export function verify(evidence: IntelEvidence, options: VerifyOptions): Promise<VerifiedTdx | VerifiedSgx>;
export function verify(evidence: SevSnpEvidence, options: VerifyOptions): Promise<VerifiedSevSnp>;
export function verify(evidence: NitroEvidence, options: VerifyOptions): Promise<VerifiedNitro>;
export function verify(evidence: Evidence, options: VerifyOptions): Promise<Verified>;
export async function verify(evidence: Evidence, options: VerifyOptions): Promise<Verified> {
  switch (evidence.kind) {
    case "tdx":
      return verifyTdx(evidence, options);
    case "sgx":
      return verifySgx(evidence, options);
    case "sev-snp":
      return verifySevSnp(evidence, options);
    case "nitro":
      return verifyNitro(evidence, options);
  }
}
