/**
 * The Noise Protocol Framework, revision 34 (https://noiseprotocol.org/noise.html), for 25519, ChaChaPoly and SHA256.
 *
 * Section numbers in this file are the specification's, and so are the letters: `k` a cipher key, `n` its nonce
 * counter, `ck` the chaining key, `h` the handshake hash, `s` and `e` our own static and ephemeral key pairs, `rs` and
 * `re` the other side's public ones, `psk` a pre-shared key.
 */
import { concatBytes } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import { noiseMessageMax, tagLength } from "./limits.ts";
import { type CipherState, SymmetricState } from "./noise-state.ts";
import type { KeyPair, Suite } from "./suite.ts";

/** Section 12.1, DHLEN. */
const keyLength = 32;
const none = new Uint8Array(0);

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
