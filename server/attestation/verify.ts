/** Did hardware say it? Checks every signature from the quote to a pinned root, following Intel's DCAP specification. */
import { AttestationError } from "./errors.ts";
import type { Evidence } from "./evidence.ts";
import type { Primitives } from "./primitives.ts";
import type { Verified } from "./verified.ts";

export interface VerifyOptions {
  /** Trust anchors in DER. The evidence must hang from one of them, byte for byte. */
  readonly roots: readonly Uint8Array[];
  /** Unix seconds. */
  readonly now: number;
  readonly primitives: Primitives;
}

/**
 * @throws AttestationError with the code of the first thing that is wrong.
 */
export async function verify(evidence: Evidence, options: VerifyOptions): Promise<Verified> {
  await Promise.resolve(options);
  throw new AttestationError("evidence-unsupported", evidence.kind);
}
