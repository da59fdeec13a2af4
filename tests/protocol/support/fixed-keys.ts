/** Private keys that a test vector names, as each suite wants them. */
import { x25519 } from "@noble/curves/ed25519.js";
import { concatBytes, hexToBytes } from "#protocol/bytes.ts";
import type { KeyPair } from "#protocol/suite.ts";

/** Turns 32 bytes into a key pair of one suite. */
export type ImportKeyPair = (privateKey: Uint8Array) => Promise<KeyPair>;

/** PKCS #8 of an X25519 key up to the key itself (RFC 8410 section 7). */
const privateKeyPrefix = hexToBytes("302e020100300506032b656e04220420");

export const encodePrivateKey = (privateKey: Uint8Array): Uint8Array<ArrayBuffer> =>
  new Uint8Array(concatBytes(privateKeyPrefix, privateKey));

/** For `browserSuite`, where WebCrypto has X25519. */
export const importForWebCrypto: ImportKeyPair = async (privateKey) => ({
  publicKey: x25519.getPublicKey(privateKey),
  privateKey: await crypto.subtle.importKey("pkcs8", encodePrivateKey(privateKey), { name: "X25519" }, false, [
    "deriveBits",
  ]),
});

/** For `browserSuite`, where it has not. */
export const importAsBytes: ImportKeyPair = (privateKey) =>
  Promise.resolve({ publicKey: x25519.getPublicKey(privateKey), privateKey });
