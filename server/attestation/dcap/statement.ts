/** Intel's signed statements, TCB info and QE identity: JSON texts signed byte for byte, each with a window. */
import { utf8ToBytes } from "#protocol/bytes.ts";
import { type AttestationErrorCode, demand } from "../errors.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { Setting } from "../x509/chain.ts";
import { Fields } from "./fields.ts";

/** What both statements begin with. */
export interface Statement {
  /** Unix seconds. */
  readonly issued: number;
  /** Unix seconds: Intel says something newer by then. */
  readonly expires: number;
  /** Which round of judgement: grows with each. */
  readonly evaluation: number;
  readonly fields: Fields;
}

/**
 * Checks signature and window, then reads.
 *
 * @throws AttestationError `forged` if the signer did not sign this very text; "collateral-malformed",
 *   "collateral-expired".
 */
export async function openStatement(
  text: string,
  signature: Uint8Array,
  signer: Certificate,
  forged: AttestationErrorCode,
  { now, primitives }: Setting,
): Promise<Statement> {
  demand(await primitives.verifyP256(signer.publicKey, signature, utf8ToBytes(text)), forged);
  const fields = Fields.parse(text);
  const issued = fields.time("issueDate");
  const expires = fields.time("nextUpdate");
  demand(issued <= now && now <= expires, "collateral-expired", fields.text("id"));
  return { issued, expires, evaluation: fields.integer("tcbEvaluationDataNumber", 0xffff_ffff), fields };
}
