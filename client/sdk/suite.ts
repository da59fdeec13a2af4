/**
 * The browser's primitives: X25519 of WebCrypto, whose private keys no script can read, and ChaCha20-Poly1305 in plain
 * JavaScript, because not every browser's WebCrypto has it.
 */
import { x25519 } from "@noble/curves/ed25519.js";
import { nobleAead, type KeyPair, type Suite } from "#protocol/suite.ts";

const algorithm = { name: "X25519" } as const;

/** Works in every browser and in Node. Where WebCrypto lacks X25519, or the page is not secure, keys are plain bytes. */
export function browserSuite(): Suite {
  return { ...nobleAead, generateKeyPair, dh };
}

async function generateKeyPair(): Promise<KeyPair> {
  const pair = await generateNative();
  if (pair === undefined) {
    const { secretKey, publicKey } = x25519.keygen();
    return { publicKey, privateKey: secretKey };
  }
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return { publicKey, privateKey: pair.privateKey };
}

async function generateNative(): Promise<CryptoKeyPair | undefined> {
  // On a page that is not secure (http, other than localhost) there is no `subtle`.
  const subtle = globalThis.crypto.subtle as SubtleCrypto | undefined;
  if (subtle === undefined) return undefined;
  try {
    return (await subtle.generateKey(algorithm, false, ["deriveBits"])) as CryptoKeyPair;
  } catch (error) {
    if (error instanceof Error && error.name === "NotSupportedError") return undefined;
    throw error;
  }
}

async function dh(pair: KeyPair, publicKey: Uint8Array): Promise<Uint8Array> {
  // noble refuses keys of low order itself.
  if (pair.privateKey instanceof Uint8Array) return x25519.getSharedSecret(pair.privateKey, publicKey);
  const key = await crypto.subtle.importKey("raw", new Uint8Array(publicKey), algorithm, false, []);
  const bits = await crypto.subtle.deriveBits({ name: "X25519", public: key }, pair.privateKey as CryptoKey, 256);
  const secret = new Uint8Array(bits);
  // Most browsers refuse keys of low order; the standard let them do so late.
  if (secret.every((byte) => byte === 0)) throw new Error("a public key of low order");
  return secret;
}
