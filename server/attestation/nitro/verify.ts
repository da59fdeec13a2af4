/** Verifies an attestation document of AWS Nitro Enclaves, and reads what it says. */
import { bytesToHex } from "#protocol/bytes.ts";
import { demand } from "../errors.ts";
import type { NitroEvidence } from "../evidence.ts";
import { isZero } from "../reader.ts";
import type { VerifiedNitro } from "../verified.ts";
import type { VerifyOptions } from "../verify.ts";
import { describeRoot } from "../x509/pick-root.ts";
import { openNitroChain } from "./chain.ts";
import { type NitroDocument, parseNitroDocument } from "./document.ts";

/** Our 64 bytes, as every platform has them. */
const reportDataLength = 64;

/** How far the clock of a player's device may be behind that of AWS, in seconds. */
const clockSkewMax = 300;

/** PCR0 is the whole image, PCR1 kernel and boot, PCR2 the application: they are there in every enclave. */
const measured = [0, 1, 2] as const;

/** @throws AttestationError with the code of the first thing that is wrong. */
export async function verifyNitro({ quote }: NitroEvidence, options: VerifyOptions): Promise<VerifiedNitro> {
  const { document, signed, signature } = parseNitroDocument(quote);
  const chain = await openNitroChain(document, options.roots, options);
  const genuine = await options.primitives.verifyP384(chain.leaf.publicKey, signature, signed);
  demand(genuine, "quote-signature");
  const issued = checkTime(document, chain.leaf, options.now);
  checkMeasured(document);
  const { userData, publicKey, nonce } = document;
  demand(userData?.length === reportDataLength, "report-data", "user data is not 64 bytes");
  return {
    kind: "nitro",
    reportData: new Uint8Array(userData),
    root: describeRoot(chain.root),
    moduleId: document.moduleId,
    timestamp: document.timestamp,
    pcrs: Object.fromEntries([...document.pcrs].map(([number, value]) => [number, bytesToHex(value)])),
    ...(publicKey === undefined ? {} : { publicKey: bytesToHex(publicKey) }),
    ...(nonce === undefined ? {} : { nonce: bytesToHex(nonce) }),
    issued,
    expires: chain.expires,
  };
}

/** Made while the key's certificate was in force, and not in the future. Returns when, in Unix seconds. */
function checkTime(
  { timestamp }: NitroDocument,
  { notBefore, notAfter }: { readonly notBefore: number; readonly notAfter: number },
  now: number,
): number {
  const made = Math.floor(timestamp / 1000);
  demand(notBefore <= made && made <= notAfter, "document-time", "outside of the certificate's validity");
  demand(made <= now + clockSkewMax, "document-time", "in the future");
  return Math.min(made, now);
}

/** An enclave that was started for debugging measures nothing. */
function checkMeasured({ pcrs }: NitroDocument): void {
  for (const number of measured) {
    const value = pcrs.get(number);
    demand(value !== undefined, "quote-malformed", `no PCR${number}`);
    demand(!isZero(value), "debug-enclave", `PCR${number} is zero`);
  }
}
