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
const nothing = new Uint8Array(0);

const bucketsOf = (type: number): readonly number[] =>
  type === messageTypes.entities ? entityFrameBuckets : frameBuckets;

/** The smallest bucket that holds `length` bytes and is not under `floor`. Both in plaintext bytes with the header. */
function bucketFor(type: number, length: number, floor: number): number {
  const wanted = Math.max(length, floor);
  for (const bucket of bucketsOf(type)) if (bucket >= wanted) return bucket;
  throw new ProtocolError("too-long", "frame");
}

/** Cuts one message after the other into padded frames, and writes them where it is told to. */
export class FrameCutter {
  #type = 0;
  #body: Uint8Array = nothing;
  #floor = 0;
  #room = 0;
  #at = 0;
  /** Plaintext bytes of the next frame, with its header; 0 if the message has no more. */
  size = 0;

  /**
   * A message to cut.
   *
   * @param floor smallest frame size; steady rooms pass their fixed size, and longer messages take several frames of it.
   * @throws ProtocolError "too-long".
   */
  begin(type: number, body: Uint8Array, floor: number): void {
    if (body.length > messageLengthMax) throw new ProtocolError("too-long", "message");
    this.#type = type;
    this.#body = body;
    this.#floor = floor;
    this.#room = (floor > 0 ? bucketFor(type, 0, floor) : largest) - frameHeaderLength;
    this.#at = 0;
    this.#measure();
  }

  /** Writes the next frame; `size` is that of the one after it. What was there before is written over, its zeros too. */
  write(into: Uint8Array, start: number): void {
    const body = this.#body;
    const end = Math.min(body.length, this.#at + this.#room);
    const length = end - this.#at;
    const more = end < body.length;
    into[start] = this.#type | (more ? moreBit : 0);
    into[start + 1] = length & 0xff;
    into[start + 2] = length >>> 8;
    const from = start + frameHeaderLength;
    into.set(length === body.length ? body : body.subarray(this.#at, end), from);
    into.fill(0, from + length, start + this.size);
    this.#at = end;
    if (more) return this.#measure();
    this.#body = nothing;
    this.size = 0;
  }

  #measure(): void {
    const length = Math.min(this.#room, this.#body.length - this.#at);
    this.size = bucketFor(this.#type, length + frameHeaderLength, this.#floor);
  }
}

/**
 * Splits a message into padded frames, each in memory of its own.
 *
 * @param floor as in `FrameCutter`.
 * @param spare further zeros behind each frame, where its tag will go.
 */
export function encodeFrames(type: number, body: Uint8Array, floor = 0, spare = 0): Uint8Array[] {
  const cutter = new FrameCutter();
  const frames: Uint8Array[] = [];
  for (cutter.begin(type, body, floor); cutter.size > 0;) {
    const frame = new Uint8Array(cutter.size + spare);
    cutter.write(frame, 0);
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
