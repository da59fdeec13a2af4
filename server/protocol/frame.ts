/**
 * The plaintext of one channel frame: type, length, body, zeros up to a size bucket. The host sees buckets, not lengths.
 *
 * ```text
 * [type u8, bit 7 = more follows] [length u16 le] [body] [zeros]
 * ```
 */
import { ProtocolError } from "./errors.ts";
import { entityFrameBuckets, frameBuckets, frameHeaderLength, messageLengthMax } from "./limits.ts";
import { messageTypes } from "./message.ts";

export interface Frame {
  /** 1 to 127; see `message.ts`. */
  readonly type: number;
  /** The message continues in the next frame, which has the same type. */
  readonly more: boolean;
  readonly body: Uint8Array;
}

const moreBit = 0x80;
const largest = frameBuckets[frameBuckets.length - 1]!;

const bucketsOf = (type: number): readonly number[] =>
  type === messageTypes.entities ? entityFrameBuckets : frameBuckets;

/** The smallest bucket that holds `length` bytes and is not under `floor`. Both in plaintext bytes with the header. */
function bucketFor(type: number, length: number, floor: number): number {
  const wanted = Math.max(length, floor);
  for (const bucket of bucketsOf(type)) if (bucket >= wanted) return bucket;
  throw new ProtocolError("too-long", "frame");
}

/**
 * Splits a message into padded frames.
 *
 * @param floor smallest frame size; steady rooms pass their fixed size, and longer messages take several frames of it.
 * @param spare further zeros behind each frame, where its tag will go.
 * @param lead further zeros in front of each, where its envelope will begin.
 */
export function encodeFrames(type: number, body: Uint8Array, floor = 0, spare = 0, lead = 0): Uint8Array[] {
  if (body.length > messageLengthMax) throw new ProtocolError("too-long", "message");
  const room = (floor > 0 ? bucketFor(type, 0, floor) : largest) - frameHeaderLength;
  const frames: Uint8Array[] = [];
  for (let at = 0; at === 0 || at < body.length; at += room) {
    const part = body.subarray(at, at + room);
    const more = at + room < body.length;
    const frame = new Uint8Array(lead + bucketFor(type, part.length + frameHeaderLength, floor) + spare);
    frame[lead] = type | (more ? moreBit : 0);
    frame[lead + 1] = part.length & 0xff;
    frame[lead + 2] = part.length >>> 8;
    frame.set(part, lead + frameHeaderLength);
    frames.push(frame);
  }
  return frames;
}

/**
 * @throws ProtocolError "malformed" if the header lies, the size is no bucket of its type, padding is not zero, or a frame that is
 *   not full says that more follows (else a message of empty frames would never end).
 */
export function decodeFrame(bytes: Uint8Array): Frame {
  const head = bytes[0] ?? 0;
  const type = head & ~moreBit;
  if (!bucketsOf(type).includes(bytes.length)) throw new ProtocolError("malformed", "frame size");
  const length = bytes[1]! | (bytes[2]! << 8);
  const end = frameHeaderLength + length;
  if (end > bytes.length) throw new ProtocolError("malformed", "frame length");
  for (let i = end; i < bytes.length; i++) if (bytes[i] !== 0) throw new ProtocolError("malformed", "padding");
  const more = (head & moreBit) !== 0;
  if (type === 0) throw new ProtocolError("malformed", "frame type");
  if (more && end !== bytes.length) throw new ProtocolError("malformed", "a frame that is continued but not full");
  return { type, more, body: bytes.subarray(frameHeaderLength, end) };
}

/** Puts messages together again from frames in order. One per direction of a channel. */
export class FrameAssembler {
  readonly #lengthMax: number;
  #type = 0;
  #parts: Uint8Array[] = [];
  #length = 0;

  /** @param lengthMax longest message accepted. */
  constructor(lengthMax: number) {
    this.#lengthMax = lengthMax;
  }

  /**
   * Returns the message that this frame completes, or undefined while more follows.
   *
   * @throws ProtocolError "malformed" if a message is interleaved with another; "too-long" beyond the limit.
   */
  push(frame: Frame): { readonly type: number; readonly body: Uint8Array } | undefined {
    if (this.#parts.length > 0 && frame.type !== this.#type)
      throw new ProtocolError("malformed", "interleaved message");
    this.#length += frame.body.length;
    if (this.#length > this.#lengthMax) throw new ProtocolError("too-long", "message");
    if (!frame.more && this.#parts.length === 0) {
      this.#length = 0;
      return frame;
    }
    this.#type = frame.type;
    this.#parts.push(frame.body);
    if (frame.more) return undefined;
    const body = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      body.set(part, at);
      at += part.length;
    }
    this.#parts = [];
    this.#length = 0;
    return { type: frame.type, body };
  }
}
