/** One verdict of an appraisal, as a person reads it and as a program does. */
import type { AttestationErrorCode } from "./errors.ts";

export interface Check {
  /** What was looked at: "Hardware maker". */
  readonly name: string;
  /** What was found, for a person who compares. */
  readonly value: string;
  /** A warning is accepted, and worth knowing. */
  readonly verdict: "pass" | "warn" | "fail";
  readonly sentence: string;
  /** Of what failed. */
  readonly code?: AttestationErrorCode;
}

/** @param sentences what is said if it is accepted, and if it is not. */
export function verdict(
  name: string,
  value: string,
  accepted: boolean,
  code: AttestationErrorCode,
  [yes, no]: readonly [string, string],
): Check {
  return accepted
    ? { name, value, verdict: "pass", sentence: yes }
    : { name, value, verdict: "fail", sentence: no, code };
}

export const warning = (name: string, value: string, sentence: string): Check => ({
  name,
  value,
  verdict: "warn",
  sentence,
});
