/**
 * The encrypted conversation of one player and one room, after the handshake. Counters are implicit, so any frame that
 * is changed, lost, repeated, reordered or sent back fails its tag, and the first failure ends the channel.
 */
import { lengthPrefixed } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import { decodeFrame, encodeFrames, FrameAssembler } from "./frame.ts";
import type { RoomId } from "./identity.ts";
import { rekeyInterval, tagLength } from "./limits.ts";
import type { CipherState } from "./noise-state.ts";
import type { Secrets } from "./noise.ts";

const none = new Uint8Array(0);

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
   * @param floor smallest frame size; see `encodeFrames`.
   * @param lead bytes in front of each ciphertext that are left free, for its envelope.
   * @throws ProtocolError "channel-broken" on a closed channel; "too-long".
   */
  encrypt(type: number, body: Uint8Array, floor = 0, lead = 0): Uint8Array[] {
    this.#assertOpen();
    const frames = encodeFrames(type, body, floor, tagLength, lead);
    for (const frame of frames) {
      const plaintext = frame.subarray(lead, frame.length - tagLength);
      this.#secrets.send.encryptWithAd(none, plaintext, lead === 0 ? frame : frame.subarray(lead));
      rekeyIfDue(this.#secrets.send);
    }
    return frames;
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
