/**
 * The primitives under the channel, passed in: X25519 (RFC 7748) and ChaCha20-Poly1305 (RFC 8439).
 *
 * A worker and a browser have different fast ones (`server/enclave/channel/suite.ts`, `client/sdk/suite.ts`); the
 * state machine above them is the same, and so are its tests.
 */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";

/** An X25519 key pair. The private part belongs to the suite that made it: a `CryptoKey`, a `KeyObject` or bytes. */
export interface KeyPair {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly privateKey: unknown;
}

/** Keys are 32 bytes, nonces 12, tags 16 behind the ciphertext. Nothing passed in is kept, and nothing but `out` changed. */
export interface Aead {
  /**
   * Returns the ciphertext, in a new array or in `out`, which has exactly its length. `out` may begin where the plaintext
   * begins: a frame is encrypted in place.
   */
  encrypt(key: Uint8Array, nonce: Uint8Array, ad: Uint8Array, plaintext: Uint8Array, out?: Uint8Array): Uint8Array;
  /** @throws whatever the library throws if the tag does not fit; callers turn it into a ProtocolError. */
  decrypt(key: Uint8Array, nonce: Uint8Array, ad: Uint8Array, ciphertext: Uint8Array): Uint8Array;
}

export interface Suite extends Aead {
  generateKeyPair(): Promise<KeyPair>;
  /**
   * The 32 byte shared secret.
   *
   * @throws if `publicKey` is of low order, so that the secret would be known to everybody.
   */
  dh(pair: KeyPair, publicKey: Uint8Array): Promise<Uint8Array>;
}

/** The AEAD in plain JavaScript: works wherever JavaScript does. */
export const nobleAead: Aead = {
  encrypt: (key, nonce, ad, plaintext, out) => chacha20poly1305(key, nonce, ad).encrypt(plaintext, out),
  decrypt: (key, nonce, ad, ciphertext) => chacha20poly1305(key, nonce, ad).decrypt(ciphertext),
};
