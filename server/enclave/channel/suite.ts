/** The worker's fast primitives: libsodium's AEAD in WebAssembly, and X25519 of node:crypto. */
import { createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from "node:crypto";
import sodium from "libsodium-wrappers";
import { noiseMessageMax, tagLength } from "#protocol/limits.ts";
import type { KeyPair, Suite } from "#protocol/suite.ts";

/** SubjectPublicKeyInfo of an X25519 key up to the key itself (RFC 8410 section 4). */
const publicKeyPrefix = Buffer.from("302a300506032b656e032100", "hex");

export async function sodiumSuite(): Promise<Suite> {
  await sodium.ready;
  return { ...sodiumAead(moduleOf(sodium)), generateKeyPair, dh };
}

function generateKeyPair(): Promise<KeyPair> {
  const { publicKey, privateKey } = generateKeyPairSync("x25519");
  const encoded = publicKey.export({ format: "der", type: "spki" });
  return Promise.resolve({ publicKey: new Uint8Array(encoded.subarray(publicKeyPrefix.length)), privateKey });
}

async function dh(pair: KeyPair, publicKey: Uint8Array): Promise<Uint8Array> {
  // OpenSSL would ignore what stands behind the key.
  if (publicKey.length !== 32) throw new Error("a public key of another length");
  const key = createPublicKey({ key: Buffer.concat([publicKeyPrefix, publicKey]), format: "der", type: "spki" });
  // OpenSSL refuses keys of low order.
  return new Uint8Array(diffieHellman({ privateKey: pair.privateKey as KeyObject, publicKey: key }));
}

/** What we use of the module under the wrappers. */
interface SodiumModule {
  readonly HEAPU8: Uint8Array;
  _malloc(length: number): number;
  _crypto_aead_chacha20poly1305_ietf_encrypt(...args: SodiumArguments): number;
  _crypto_aead_chacha20poly1305_ietf_decrypt(...args: SodiumArguments): number;
}

/** out, length out, secret nonce or message, … as in libsodium's header; 64-bit lengths take two slots. */
type SodiumArguments = readonly (number | null)[];

/** The wrappers export it, their types do not. */
const moduleOf = (wrappers: object): SodiumModule => (wrappers as { readonly libsodium: SodiumModule }).libsodium;

/**
 * Calls the module on buffers of its own that are kept: the wrappers allocate five of them for every call, which takes
 * longer than the encryption of a move.
 */
function sodiumAead(module: SodiumModule): Pick<Suite, "encrypt" | "decrypt"> {
  const key = module._malloc(32);
  const nonce = module._malloc(12);
  const ad = module._malloc(adLengthMax);
  const text = module._malloc(noiseMessageMax);

  const load = (keyBytes: Uint8Array, nonceBytes: Uint8Array, adBytes: Uint8Array, textBytes: Uint8Array): void => {
    if (keyBytes.length !== 32 || nonceBytes.length !== 12) throw new Error("key or nonce length");
    if (adBytes.length > adLengthMax || textBytes.length > noiseMessageMax) throw new Error("too long");
    // Read each time: growing the module's memory replaces it.
    const heap = module.HEAPU8;
    heap.set(keyBytes, key);
    heap.set(nonceBytes, nonce);
    heap.set(adBytes, ad);
    heap.set(textBytes, text);
  };

  return {
    encrypt(keyBytes, nonceBytes, adBytes, plaintext, out) {
      const length = plaintext.length;
      if (length > noiseMessageMax - tagLength) throw new Error("too long");
      load(keyBytes, nonceBytes, adBytes, plaintext);
      module._crypto_aead_chacha20poly1305_ietf_encrypt(
        text,
        null,
        text,
        length,
        0,
        ad,
        adBytes.length,
        0,
        null,
        nonce,
        key,
      );
      if (out === undefined) return module.HEAPU8.slice(text, text + length + tagLength);
      out.set(module.HEAPU8.subarray(text, text + length + tagLength));
      return out;
    },
    decrypt(keyBytes, nonceBytes, adBytes, ciphertext) {
      if (ciphertext.length < tagLength) throw new Error("shorter than a tag");
      load(keyBytes, nonceBytes, adBytes, ciphertext);
      const length = ciphertext.length;
      const refused = module._crypto_aead_chacha20poly1305_ietf_decrypt(
        text,
        null,
        null,
        text,
        length,
        0,
        ad,
        adBytes.length,
        0,
        nonce,
        key,
      );
      if (refused !== 0) throw new Error("the tag does not fit");
      return module.HEAPU8.slice(text, text + length - tagLength);
    },
  };
}

/** Noise passes a 32 byte hash or nothing. */
const adLengthMax = 32;
