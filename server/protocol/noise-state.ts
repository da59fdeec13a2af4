/**
 * The inner objects of Noise (revision 34, https://noiseprotocol.org/noise.html): a cipher's key with its counter, and
 * what both sides of a handshake have agreed on so far. See `noise.ts` for the letters; sections are the specification's.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, lengthPrefixed, utf8ToBytes } from "./bytes.ts";
import type { Aead } from "./suite.ts";

/** Section 12.3: keys of ChaChaPoly; section 12.5: hashes of SHA256. */
const keyLength = 32;
const hashLength = 32;
const none = new Uint8Array(0);

/** A cipher key and how often it was used (section 5.1). */
export class CipherState {
  readonly #aead: Aead;
  #k: Uint8Array | undefined;
  #n = 0;
  /** ChaChaPoly's nonce: four zero bytes, then `n` in little endian (section 12.3). */
  readonly #nonce = new Uint8Array(12);
  readonly #counter = new DataView(this.#nonce.buffer, 4);

  /** InitializeKey(k). */
  constructor(aead: Aead, k?: Uint8Array) {
    this.#aead = aead;
    this.#k = k;
  }

  /** HasKey(). */
  get hasKey(): boolean {
    return this.#k !== undefined;
  }

  /** How many messages this key's line has carried; a rekey does not set it back. */
  get n(): number {
    return this.#n;
  }

  /** EncryptWithAd(ad, plaintext). @param out see `Aead`. */
  encryptWithAd(ad: Uint8Array, plaintext: Uint8Array, out?: Uint8Array): Uint8Array {
    if (this.#k === undefined) return plaintext;
    const ciphertext = this.#aead.encrypt(this.#k, this.#nonceNow(), ad, plaintext, out);
    this.#n += 1;
    return ciphertext;
  }

  /** DecryptWithAd(ad, ciphertext). On failure `n` stays. @throws whatever the AEAD throws. */
  decryptWithAd(ad: Uint8Array, ciphertext: Uint8Array): Uint8Array {
    if (this.#k === undefined) return ciphertext;
    const plaintext = this.#aead.decrypt(this.#k, this.#nonceNow(), ad, ciphertext);
    this.#n += 1;
    return plaintext;
  }

  /** Rekey(): k = REKEY(k), the first 32 bytes of ENCRYPT(k, 2⁶⁴-1, none, zeros) (section 4.2). */
  rekey(): void {
    if (this.#k === undefined) return;
    const old = this.#k;
    this.#k = this.#aead.encrypt(old, rekeyNonce, none, zeros).slice(0, keyLength);
    old.fill(0);
  }

  /** Overwrites the key, as far as JavaScript lets us. The state encrypts and decrypts no more. */
  destroy(): void {
    this.#k?.fill(0);
    this.#n = Number.MAX_SAFE_INTEGER;
  }

  #nonceNow(): Uint8Array {
    // The specification stops at 2⁶⁴-1; numbers stay exact to 2⁵³, which nobody reaches either.
    if (this.#n >= Number.MAX_SAFE_INTEGER) throw new Error("nonces are used up");
    this.#counter.setUint32(0, this.#n >>> 0, true);
    this.#counter.setUint32(4, Math.floor(this.#n / 2 ** 32), true);
    return this.#nonce;
  }
}

const rekeyNonce = new Uint8Array(12).fill(0xff, 4);
const zeros = new Uint8Array(keyLength);

/** HKDF(chaining_key, input_key_material, num_outputs) of section 4.3; always three outputs, callers take what they need. */
function hkdf(ck: Uint8Array, input: Uint8Array): readonly [Uint8Array, Uint8Array, Uint8Array] {
  const temporary = hmac(sha256, ck, input);
  const first = hmac(sha256, temporary, Uint8Array.of(1));
  const second = hmac(sha256, temporary, concatBytes(first, Uint8Array.of(2)));
  const third = hmac(sha256, temporary, concatBytes(second, Uint8Array.of(3)));
  temporary.fill(0);
  return [first, second, third];
}

/** Everything both sides have agreed on so far (section 5.2). */
export class SymmetricState {
  readonly #aead: Aead;
  #cipher: CipherState;
  #ck: Uint8Array;
  #h: Uint8Array;

  /** InitializeSymmetric(protocol_name). */
  constructor(aead: Aead, protocolName: string) {
    const name = utf8ToBytes(protocolName);
    this.#aead = aead;
    this.#cipher = new CipherState(aead);
    this.#h = name.length <= hashLength ? concatBytes(name, new Uint8Array(hashLength - name.length)) : sha256(name);
    this.#ck = this.#h;
  }

  /** GetHandshakeHash(). */
  get h(): Uint8Array {
    return this.#h;
  }

  get hasKey(): boolean {
    return this.#cipher.hasKey;
  }

  mixKey(input: Uint8Array): void {
    const [ck, k] = hkdf(this.#ck, input);
    this.#ck = ck;
    this.#cipher = new CipherState(this.#aead, k);
  }

  mixHash(data: Uint8Array): void {
    this.#h = sha256(concatBytes(this.#h, data));
  }

  /** For pre-shared keys (section 9.1). */
  mixKeyAndHash(input: Uint8Array): void {
    const [ck, h, k] = hkdf(this.#ck, input);
    this.#ck = ck;
    this.mixHash(h);
    this.#cipher = new CipherState(this.#aead, k);
  }

  encryptAndHash(plaintext: Uint8Array): Uint8Array {
    const ciphertext = this.#cipher.encryptWithAd(this.#h, plaintext);
    this.mixHash(ciphertext);
    return ciphertext;
  }

  decryptAndHash(ciphertext: Uint8Array): Uint8Array {
    const plaintext = this.#cipher.decryptWithAd(this.#h, ciphertext);
    this.mixHash(ciphertext);
    return plaintext;
  }

  /** Split(): the first state is for what the initiator sends. */
  split(): readonly [CipherState, CipherState] {
    const [first, second] = hkdf(this.#ck, none);
    return [new CipherState(this.#aead, first), new CipherState(this.#aead, second)];
  }

  /**
   * Secrets for something else than this channel. Not in the specification: like Split, but with an input that is never
   * empty, so that nothing is shared with the transport keys; `h` in it binds them to this handshake.
   */
  derive(label: string): readonly [Uint8Array, Uint8Array] {
    const [first, second] = hkdf(this.#ck, lengthPrefixed(label, this.#h));
    return [first, second];
  }
}
