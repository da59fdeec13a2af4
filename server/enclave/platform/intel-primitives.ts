/** The signatures that workers check: those of machines like their own. */
import { p256 } from "@noble/curves/nist.js";
import type { Primitives } from "#attestation/primitives.ts";
import { concatBytes } from "#protocol/bytes.ts";

const never = (): Promise<boolean> => Promise.resolve(false);

/** Intel signs with P-256 and nothing else, and platforms here are Intel's or made to look like them. */
export const intelPrimitives: Primitives = {
  verifyP384: never,
  verifyRsaPss: never,
  verifyP256(publicKey, signature, message) {
    try {
      const point = concatBytes(Uint8Array.of(4), publicKey);
      return Promise.resolve(p256.verify(signature, message, point, { lowS: false }));
    } catch {
      // No point of the curve.
      return Promise.resolve(false);
    }
  },
};
