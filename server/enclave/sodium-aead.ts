/** libsodium's ChaCha20-Poly1305 (RFC 8439) in WebAssembly: for short texts ten times as fast as that of node:crypto. */
import sodium from "libsodium-wrappers";
import { tagLength } from "#protocol/limits.ts";
import type { Suite } from "#protocol/suite.ts";

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

export interface AeadLimits {
  /** Bytes of associated data. */
  readonly adMax: number;
  /** Bytes of text, tag included. */
  readonly textMax: number;
}

/**
 * Calls the module on buffers of its own that are kept: the wrappers allocate five of them for every call, which takes
 * longer than the encryption of a move.
 */
export async function sodiumAead({ adMax, textMax }: AeadLimits): Promise<Pick<Suite, "encrypt" | "decrypt">> {
  await sodium.ready;
  const module = moduleOf(sodium);
  const key = module._malloc(32);
  const nonce = module._malloc(12);
  const ad = module._malloc(adMax);
  const text = module._malloc(textMax);

  const load = (keyBytes: Uint8Array, nonceBytes: Uint8Array, adBytes: Uint8Array, textBytes: Uint8Array): void => {
    if (keyBytes.length !== 32 || nonceBytes.length !== 12) throw new Error("key or nonce length");
    if (adBytes.length > adMax || textBytes.length > textMax) throw new Error("too long");
    // Read each time: growing the module's memory replaces it.
    const heap = module.HEAPU8;
    heap.set(keyBytes, key);
    heap.set(nonceBytes, nonce);
    if (adBytes.length > 0) heap.set(adBytes, ad);
    heap.set(textBytes, text);
  };

  return {
    encrypt(keyBytes, nonceBytes, adBytes, plaintext, out) {
      const length = plaintext.length;
      if (length > textMax - tagLength) throw new Error("too long");
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
