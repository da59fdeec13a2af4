/**
 * The Noise Protocol Framework, revision 34 (https://noiseprotocol.org/noise.html), for 25519, ChaChaPoly and SHA256.
 *
 * Section numbers in this file are the specification's, and so are the letters: `k` a cipher key, `n` its nonce
 * counter, `ck` the chaining key, `h` the handshake hash, `s` and `e` our own static and ephemeral key pairs, `rs` and
 * `re` the other side's public ones, `psk` a pre-shared key.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, lengthPrefixed, utf8ToBytes } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import { noiseMessageMax, tagLength } from "./limits.ts";
import type { Aead, KeyPair, Suite } from "./suite.ts";

/** Section 12.1, DHLEN. */
const keyLength = 32;
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
class SymmetricState {
  readonly #aead: Aead;
  #cipher: CipherState;
  #ck: Uint8Array;
  #h: Uint8Array;

  /** InitializeSymmetric(protocol_name). */
  constructor(aead: Aead, protocolName: string) {
    const name = utf8ToBytes(protocolName);
    this.#aead = aead;
    this.#cipher = new CipherState(aead);
    this.#h = name.length <= 32 ? concatBytes(name, new Uint8Array(32 - name.length)) : sha256(name);
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

/** What a message does, in order (sections 7.1 and 9.2). In `es` the initiator's key comes first. */
export type Token = "e" | "s" | "ee" | "es" | "se" | "ss" | "psk";

export interface Pattern {
  readonly name: string;
  /** Static keys known before the first message: whose they are (section 7.1). */
  readonly known: readonly Role[];
  /** The initiator writes the first message; then they take turns. */
  readonly messages: readonly (readonly Token[])[];
}

export type Role = "initiator" | "responder";

/** The two patterns that players and rooms use (sections 7.5 and 9.4). */
export const patterns = {
  /** A full handshake: nobody knows anybody, the responder shows its static key. */
  NX: { name: "NX", known: [], messages: [["e"], ["e", "ee", "s", "es"]] },
  /** A resumption: both have a secret from an earlier handshake. */
  NNpsk0: {
    name: "NNpsk0",
    known: [],
    messages: [
      ["psk", "e"],
      ["e", "ee"],
    ],
  },
} as const satisfies Record<string, Pattern>;

export interface HandshakeOptions {
  readonly pattern: keyof typeof patterns | Pattern;
  readonly role: Role;
  /** What both sides must agree on without sending it (section 6). */
  readonly prologue: Uint8Array;
  readonly suite: Suite;
  /** Our `s`, where the pattern has one. */
  readonly staticKey?: KeyPair;
  /** The other side's `rs`, where the pattern says it is known. */
  readonly remoteStatic?: Uint8Array;
  /** 32 bytes, where the pattern has one. */
  readonly psk?: Uint8Array;
  /** Our `e` for test vectors; drawn afresh otherwise, as it must be. */
  readonly ephemeral?: KeyPair;
}

/** What a finished handshake leaves behind. */
export interface Secrets {
  readonly send: CipherState;
  readonly receive: CipherState;
  /** 32 bytes, the same on both sides and on no other channel (section 11.2). */
  readonly hash: Uint8Array;
  /** For one later NNpsk0: a name for the secret, 16 bytes, and the secret, 32 bytes. */
  readonly resumption: { readonly id: Uint8Array; readonly psk: Uint8Array };
}

/** One side of one handshake: HandshakeState (section 5.3). The first failure is its last act. */
export class Handshake {
  readonly #symmetric: SymmetricState;
  readonly #suite: Suite;
  readonly #pattern: Pattern;
  readonly #role: Role;
  readonly #s: KeyPair | undefined;
  #e: KeyPair | undefined;
  #rs: Uint8Array | undefined;
  #re: Uint8Array | undefined;
  readonly #psk: Uint8Array | undefined;
  /** Number of the next message. */
  #next = 0;
  #phase: "ready" | "busy" | "failed" | "finished" = "ready";

  /** Initialize(…). @throws Error if a key that the pattern needs is missing. */
  constructor(options: HandshakeOptions) {
    const { pattern, role, prologue, suite, staticKey, remoteStatic, psk, ephemeral } = options;
    this.#pattern = typeof pattern === "string" ? patterns[pattern] : pattern;
    this.#role = role;
    this.#suite = suite;
    this.#s = staticKey;
    this.#rs = remoteStatic;
    this.#psk = psk;
    this.#e = ephemeral;
    this.#symmetric = new SymmetricState(suite, `Noise_${this.#pattern.name}_25519_ChaChaPoly_SHA256`);
    this.#symmetric.mixHash(prologue);
    for (const owner of this.#pattern.known) {
      this.#symmetric.mixHash(owner === role ? present(this.#s).publicKey : present(this.#rs));
    }
    if (this.#usesPsk && psk?.length !== 32) throw new Error("the pattern needs a 32 byte psk");
    if (this.#sendsStatic && staticKey === undefined) throw new Error("the pattern needs a static key");
  }

  /** The other side's static key, once it has been read. */
  get remoteStatic(): Uint8Array | undefined {
    return this.#rs;
  }

  /** The other side's ephemeral key, once it has been read. */
  get remoteEphemeral(): Uint8Array | undefined {
    return this.#re;
  }

  /** Our own ephemeral public key, once it has been written. */
  get localEphemeral(): Uint8Array | undefined {
    return this.#e?.publicKey;
  }

  /**
   * WriteMessage(payload).
   *
   * @throws ProtocolError "handshake-failed" out of turn, or if the other side's key is of low order; "too-long".
   */
  async write(payload: Uint8Array): Promise<Uint8Array> {
    return this.#turn(this.#role, async (tokens) => {
      const parts: Uint8Array[] = [];
      for (const token of tokens) parts.push(await this.#writeToken(token));
      parts.push(this.#symmetric.encryptAndHash(payload));
      const message = concatBytes(...parts);
      if (message.length > noiseMessageMax) throw new ProtocolError("too-long", "handshake message");
      return message;
    });
  }

  /**
   * ReadMessage(message): the payload.
   *
   * @throws ProtocolError "handshake-failed" if anything about it is not as agreed.
   */
  async read(message: Uint8Array): Promise<Uint8Array> {
    const sender = this.#role === "initiator" ? "responder" : "initiator";
    return this.#turn(sender, async (tokens) => {
      if (message.length > noiseMessageMax) throw new ProtocolError("handshake-failed", "message length");
      let rest = message;
      for (const token of tokens) rest = rest.subarray(await this.#readToken(token, rest));
      return this.#symmetric.decryptAndHash(rest);
    });
  }

  /** Split(), once every message has passed. @throws ProtocolError "handshake-failed" before, or the second time. */
  finish(): Secrets {
    if (this.#phase !== "ready" || this.#next !== this.#pattern.messages.length) {
      throw new ProtocolError("handshake-failed", "not complete");
    }
    this.#phase = "finished";
    const [fromInitiator, fromResponder] = this.#symmetric.split();
    const [send, receive] =
      this.#role === "initiator" ? [fromInitiator, fromResponder] : [fromResponder, fromInitiator];
    const [id, psk] = this.#symmetric.derive("phatroom/1/resumption");
    return { send, receive, hash: this.#symmetric.h, resumption: { id: id.slice(0, 16), psk } };
  }

  async #turn<T>(sender: Role, work: (tokens: readonly Token[]) => Promise<T>): Promise<T> {
    const tokens = this.#pattern.messages[this.#next];
    const due: Role = this.#next % 2 === 0 ? "initiator" : "responder";
    if (this.#phase !== "ready" || tokens === undefined || sender !== due) {
      throw new ProtocolError("handshake-failed", "out of turn");
    }
    this.#phase = "busy";
    try {
      const result = await work(tokens);
      this.#next += 1;
      this.#phase = "ready";
      return result;
    } catch (error) {
      this.#phase = "failed";
      // A library's own words about a failed tag or a bad point are no use to anybody, and differ between suites.
      throw error instanceof ProtocolError ? error : new ProtocolError("handshake-failed");
    }
  }

  /** Returns the bytes this token adds to the message. */
  async #writeToken(token: Token): Promise<Uint8Array> {
    switch (token) {
      case "e": {
        this.#e ??= await this.#suite.generateKeyPair();
        this.#mixEphemeral(this.#e.publicKey);
        return this.#e.publicKey;
      }
      case "s":
        return this.#symmetric.encryptAndHash(present(this.#s).publicKey);
      default:
        await this.#mixToken(token);
        return none;
    }
  }

  /** Returns how many bytes of the message this token took. */
  async #readToken(token: Token, rest: Uint8Array): Promise<number> {
    switch (token) {
      case "e":
        // Copies, because the message may be a view of a buffer that is used again.
        this.#re = take(rest, keyLength).slice();
        this.#mixEphemeral(this.#re);
        return keyLength;
      case "s": {
        const length = this.#symmetric.hasKey ? keyLength + tagLength : keyLength;
        this.#rs = this.#symmetric.decryptAndHash(take(rest, length)).slice();
        return length;
      }
      default:
        await this.#mixToken(token);
        return 0;
    }
  }

  async #mixToken(token: Exclude<Token, "e" | "s">): Promise<void> {
    if (token === "psk") {
      this.#symmetric.mixKeyAndHash(present(this.#psk));
      return;
    }
    // The initiator's letter comes first in ee, es, se and ss.
    const initiator = this.#role === "initiator";
    const own = token[initiator ? 0 : 1] === "e" ? this.#e : this.#s;
    const theirs = token[initiator ? 1 : 0] === "e" ? this.#re : this.#rs;
    const secret = await this.#suite.dh(present(own), present(theirs));
    this.#symmetric.mixKey(secret);
    secret.fill(0);
  }

  /** With a psk in the pattern, ephemerals are mixed into the key too (section 9.2). */
  #mixEphemeral(key: Uint8Array): void {
    this.#symmetric.mixHash(key);
    if (this.#usesPsk) this.#symmetric.mixKey(key);
  }

  get #usesPsk(): boolean {
    return this.#pattern.messages.some((tokens) => tokens.includes("psk"));
  }

  get #sendsStatic(): boolean {
    const ownTurn = this.#role === "initiator" ? 0 : 1;
    return this.#pattern.messages.some((tokens, i) => i % 2 === ownTurn && tokens.includes("s"));
  }
}

function take(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length < length) throw new ProtocolError("handshake-failed", "message length");
  return bytes.subarray(0, length);
}

function present<T>(key: T | undefined): T {
  if (key === undefined) throw new Error("the pattern needs a key that was not given");
  return key;
}
