/** Signature checks by WebCrypto, in a browser and in Node alike. */
import { AttestationError } from "#attestation/errors.ts";
import type { Primitives } from "#attestation/primitives.ts";
import { encodeBase64url } from "./base64url.ts";

/** @throws AttestationError "insecure-page" where the browser offers no WebCrypto: pages without https. */
export function webCryptoPrimitives(): Primitives {
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle as SubtleCrypto | undefined;
  if (subtle === undefined) throw new AttestationError("insecure-page");
  const ecdsa = (namedCurve: "P-256" | "P-384", hash: "SHA-256" | "SHA-384"): Primitives["verifyP256"] => {
    const curve = { name: "ECDSA", namedCurve };
    return async (publicKey, signature, message) => {
      // SEC 1 section 2.3.3: uncompressed.
      const point = Uint8Array.of(4, ...publicKey);
      const key = await subtle.importKey("raw", point, curve, false, ["verify"]).catch(() => undefined);
      return key !== undefined && subtle.verify({ name: "ECDSA", hash }, key, bytes(signature), bytes(message));
    };
  };
  return {
    verifyP256: ecdsa("P-256", "SHA-256"),
    verifyP384: ecdsa("P-384", "SHA-384"),
    async verifyRsaPss(modulus, signature, message) {
      const jwk = { kty: "RSA", n: encodeBase64url(modulus), e: "AQAB" };
      const algorithm = { name: "RSA-PSS", hash: "SHA-384" };
      const key = await subtle.importKey("jwk", jwk, algorithm, false, ["verify"]).catch(() => undefined);
      const scheme = { name: "RSA-PSS", saltLength: 48 };
      return key !== undefined && subtle.verify(scheme, key, bytes(signature), bytes(message));
    },
  };
}

/** WebCrypto's types refuse memory that might be shared between threads; ours never is, but the types do not know. */
const bytes = (view: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(view);
