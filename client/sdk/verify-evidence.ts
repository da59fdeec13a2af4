/** Did hardware say it? Evidence as it came from the worker, checked under the roots that a policy allows. */
import { decodeEvidence } from "#attestation/evidence.ts";
import { type Policy, rootsFor } from "#attestation/policy.ts";
import type { Verified } from "#attestation/verified.ts";
import { verify } from "#attestation/verify.ts";
import { webCryptoPrimitives } from "./primitives.ts";

/** @throws AttestationError. @param now Unix ms. */
export type VerifyEvidence = (bytes: Uint8Array, policy: Policy, now: number) => Promise<Verified>;

export const verifyEvidence: VerifyEvidence = async (bytes, policy, now) => {
  const evidence = decodeEvidence(bytes);
  const roots = rootsFor(policy, evidence);
  return verify(evidence, { roots, now: Math.floor(now / 1000), primitives: webCryptoPrimitives() });
};
