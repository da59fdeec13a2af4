/** Golden evidence of the other makers, as `tests/vectors/make-other-evidence.ts` wrote it. */
import { readFileSync } from "node:fs";
import { decodeEvidence, type Evidence, rootOf } from "#attestation/evidence.ts";
import { base64ToBytes } from "./base64.ts";

interface Golden {
  readonly now: number;
  readonly evidence: readonly { readonly name: string; readonly evidence: string; readonly verified: object }[];
}

const golden = JSON.parse(readFileSync(new URL("../vectors/other-evidence.json", import.meta.url), "utf8")) as Golden;

export interface GoldenEvidence {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly evidence: Evidence;
  readonly root: Uint8Array;
  /** Unix seconds. */
  readonly now: number;
  /** What was read out of it, with its report data in hexadecimal. */
  readonly verified: object;
}

export const goldenOthers: readonly GoldenEvidence[] = golden.evidence.map(({ name, evidence: text, verified }) => {
  const bytes = base64ToBytes(text);
  const evidence = decodeEvidence(bytes);
  return { name, bytes, evidence, root: rootOf(evidence), now: golden.now, verified };
});
