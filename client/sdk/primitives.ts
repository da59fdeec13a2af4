/** Signature checks by WebCrypto, in a browser and in Node alike. */
import { AttestationError } from "#attestation/errors.ts";
import type { Primitives } from "#attestation/primitives.ts";

const curve = { name: "ECDSA", namedCurve: "P-256" } as const;
const signing = { name: "ECDSA", hash: "SHA-256" } as const;

/** @throws AttestationError "insecure-page" where the browser offers no WebCrypto: pages without https. */
export function webCryptoPrimitives(): Primitives {
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle as SubtleCrypto | undefined;
  if (subtle === undefined) throw new AttestationError("insecure-page");
  return {
    async verifyP256(publicKey, signature, message) {
      const point = new Uint8Array(65);
      // SEC 1 section 2.3.3: uncompressed.
      point[0] = 4;
      point.set(publicKey, 1);
      const key = await subtle.importKey("raw", point, curve, false, ["verify"]).catch(() => undefined);
      return key !== undefined && (await subtle.verify(signing, key, bytes(signature), bytes(message)));
    },
  };
}

/** WebCrypto's types refuse memory that might be shared between threads; ours never is, but the types do not know. */
const bytes = (view: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(view);
