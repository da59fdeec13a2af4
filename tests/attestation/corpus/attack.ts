/**
 * The form of an attack on what judges evidence, and how most of them are made: evidence of the software platform that
 * is bad in one place. The corpus runs in Node and in a browser, so nothing here is of Node alone.
 */
import type { AttestationErrorCode } from "#attestation/errors.ts";
import type { IntelEvidence } from "#attestation/evidence.ts";
import { verify } from "#attestation/verify.ts";
import { forge, type Forgery, now, pki, primitives } from "../forge.ts";

export interface Attack {
  /** What is wrong, in words; no two attacks have the same. */
  readonly name: string;
  /** With which it must be refused. */
  readonly code: AttestationErrorCode;
  /** Rejects, with an error that has this code. */
  readonly run: () => Promise<unknown>;
  /** What is presented, where the attack is evidence and nothing else: others may be asked about it too. */
  readonly presents?: () => Presented;
}

export interface Presented {
  readonly evidence: IntelEvidence;
  readonly root: Uint8Array;
  /** Unix seconds. */
  readonly now: number;
}

/** An attack that presents this. */
export const presenting = (code: AttestationErrorCode, name: string, presents: () => Presented): Attack => ({
  code,
  name,
  presents,
  run: async () => {
    const { evidence, root, now: at } = presents();
    return verify(evidence, { roots: [root], now: at, primitives });
  },
});

/** What is forged, under the root that the forgery has. */
export const attack = (code: AttestationErrorCode, name: string, forgery: Forgery): Attack =>
  presenting(code, forgery.shape === undefined ? name : `${forgery.shape}: ${name}`, () => ({
    evidence: forge(forgery),
    root: (forgery.pki ?? pki).root.certificate,
    now,
  }));

/** The code with which an attack is refused, or what it came to instead. */
export async function verdictOf({ run }: Attack): Promise<string> {
  try {
    await run();
    return "accepted";
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}
