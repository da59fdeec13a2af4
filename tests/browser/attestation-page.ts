/** What the verifier's tests do inside a page: each function returns what the test then looks at. */
import { decodeEvidence } from "#attestation/evidence.ts";
import { verify } from "#attestation/verify.ts";
import { webCryptoPrimitives } from "#client/primitives.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import { verdictOf } from "../attestation/corpus/attack.ts";
import { corpus } from "../attestation/corpus/index.ts";

/** The verdict of this page on every attack, by the attack's name. */
export async function verdicts(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const attack of Object.values(corpus).flat()) found[attack.name] = await verdictOf(attack);
  return found;
}

/** What evidence says, as JSON, or the code with which it is refused. */
export async function judge(evidence: string, root: string, now: number): Promise<string> {
  try {
    const options = { roots: [hexToBytes(root)], now, primitives: webCryptoPrimitives() };
    const verified = await verify(decodeEvidence(hexToBytes(evidence)), options);
    return JSON.stringify({ ...verified, reportData: bytesToHex(verified.reportData) });
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}
