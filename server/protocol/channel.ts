/**
 * The encrypted conversation of one player and one room, after the handshake. Counters are implicit, so any frame that
 * is changed, lost, repeated, reordered or sent back fails its tag, and the first failure ends the channel.
 */
import { lengthPrefixed } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import { decodeFrame, encodeFrames, FrameAssembler, FrameCutter } from "./frame.ts";
import type { RoomId } from "./identity.ts";
import { noiseMessageMax, rekeyInterval, tagLength } from "./limits.ts";
import type { CipherState } from "./noise-state.ts";
import type { Secrets } from "./noise.ts";

const none = new Uint8Array(0);

/** Where ciphertexts go one after the other. */
export interface SealedTaker {
  /** @param sealed `lead` bytes and a ciphertext: copy it at once. */
  take(sealed: Uint8Array): void;
}

const leadMax = 16;

/** One at a time: nothing else is encrypted between two frames of a message. */
const cutter = new FrameCutter();
const scratch = new Uint8Array(leadMax + noiseMessageMax);

/** What both sides must have in mind before they talk; a handshake for another world or room fails. */
export const prologueOf = (world: Uint8Array, room: RoomId): Uint8Array => lengthPrefixed("phatroom/1", world, room);

export class Channel {
  readonly #secrets: Secrets;
  readonly #assembler: FrameAssembler;
  #closed = false;

  /** @param options messageMax: longest message accepted from the other side, in bytes. */
  constructor(secrets: Secrets, options: { readonly messageMax: number }) {
    this.#secrets = secrets;
    this.#assembler = new FrameAssembler(options.messageMax);
  }

  /** The handshake hash, 32 bytes: the same on both sides and on no other channel. */
  get hash(): Uint8Array {
    return this.#secrets.hash;
  }

  /** For one later resumption; see `Secrets`. */
  get resumption(): Secrets["resumption"] {
    return this.#secrets.resumption;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Encrypts one message: a ciphertext for each frame, to be sent in this order and all of them.
   *
   * @param type 1 to 127; see `message.ts`.
   * @param floor smallest frame size; see `FrameCutter`.
   * @throws ProtocolError "channel-broken" on a closed channel; "too-long".
   */
  encrypt(type: number, body: Uint8Array, floor = 0): Uint8Array[] {
    this.#assertOpen();
    const frames = encodeFrames(type, body, floor, tagLength);
    for (const frame of frames) this.#seal(frame.subarray(0, frame.length - tagLength), frame);
    return frames;
  }

  /**
   * The same for whoever sends thousands: each ciphertext is handed over where its envelope may begin, in memory that the
   * next one of any channel is written over.
   *
   * @param lead bytes in front of each ciphertext that are left for its envelope, up to `leadMax`.
   */
  encryptTo(taker: SealedTaker, type: number, body: Uint8Array, floor: number, lead: number): void {
    this.#assertOpen();
    // Whoever takes one may find that its way is closed, and this channel with it.
    for (cutter.begin(type, body, floor); cutter.size > 0 && !this.#closed;) {
      const end = lead + cutter.size;
      cutter.write(scratch, lead);
      this.#seal(scratch.subarray(lead, end), scratch.subarray(lead, end + tagLength));
      taker.take(scratch.subarray(0, end + tagLength));
    }
  }

  /**
   * Decrypts the next frame, and returns the message that it completes; undefined while more frames follow.
   *
   * @throws ProtocolError "channel-broken" if the tag does not fit; "malformed" or "too-long" if the other side, whose
   *   key did fit, breaks the framing. The channel is closed then.
   */
  decrypt(ciphertext: Uint8Array): { readonly type: number; readonly body: Uint8Array } | undefined {
    this.#assertOpen();
    try {
      return this.#assembler.push(decodeFrame(this.#open(ciphertext)));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Overwrites the keys. The resumption secret stays: it is for the next channel. */
  close(): void {
    this.#closed = true;
    this.#secrets.send.destroy();
    this.#secrets.receive.destroy();
  }

  /** Where the plaintext is. */
  #seal(plaintext: Uint8Array, ciphertext: Uint8Array): void {
    this.#secrets.send.encryptWithAd(none, plaintext, ciphertext);
    rekeyIfDue(this.#secrets.send);
  }

  #open(ciphertext: Uint8Array): Uint8Array {
    let frame: Uint8Array;
    try {
      frame = this.#secrets.receive.decryptWithAd(none, ciphertext);
    } catch {
      throw new ProtocolError("channel-broken");
    }
    rekeyIfDue(this.#secrets.receive);
    return frame;
  }

  #assertOpen(): void {
    if (this.#closed) throw new ProtocolError("channel-broken", "closed");
  }
}

/** Both sides count alike, so both rekey between the same two frames (Noise section 11.3). */
function rekeyIfDue(state: CipherState): void {
  if (state.n % rekeyInterval === 0) state.rekey();
}
