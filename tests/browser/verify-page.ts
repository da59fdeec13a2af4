/** The verifier alone inside a page, as any site would have it. */
import { decodeEvidence } from "#attestation/evidence.ts";
import { verify } from "#attestation/verify.ts";
import { webCryptoPrimitives } from "#client/primitives.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";

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
