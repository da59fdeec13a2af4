/**
 * The form of an attack on what judges evidence, and how most of them are made: evidence of the software platform that
 * is bad in one place. The corpus runs in Node and in a browser, so nothing here is of Node alone.
 */
import type { AttestationErrorCode } from "#attestation/errors.ts";
import { type Forgery, now, verifyForged } from "../forge.ts";

export interface Attack {
  /** What is wrong, in words; no two attacks have the same. */
  readonly name: string;
  /** With which it must be refused. */
  readonly code: AttestationErrorCode;
  /** Rejects, with an error that has this code. */
  readonly run: () => Promise<unknown>;
}

/** Verifies what is forged, under the root that the forgery has, at a time in Unix seconds. */
export const attack = (code: AttestationErrorCode, name: string, forgery: Forgery, at: number = now): Attack => ({
  name: forgery.shape === undefined ? name : `${forgery.shape}: ${name}`,
  code,
  run: () => verifyForged(forgery, at),
});

/** The code with which an attack is refused, or what it came to instead. */
export async function verdictOf({ run }: Attack): Promise<string> {
  try {
    await run();
    return "accepted";
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}
