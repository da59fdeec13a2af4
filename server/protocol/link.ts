/**
 * Gateway ↔ worker: batches over a stream socket. Every byte is bounded before it is believed, on both ends: the
 * gateway is untrusted, and a gateway serves many workers.
 *
 * ```text
 * batch   = [length u32 le] messages
 * message = [kind u8] [seat u32 le] [length u32 le] [body]
 * ```
 * `seat` is the gateway's number for one socket; 0 where none is meant. Control bodies are msgpack, `frame` bodies raw,
 * and those of the store and the chain are described in `store-link.ts` and `chain-link.ts`.
 */
import { ProtocolError } from "./errors.ts";
import { linkBatchMax, linkMessageMax } from "./limits.ts";

export const linkKinds = {
  /** gateway → worker */
  create: 1,
  attach: 2,
  detach: 3,
  buffered: 4,
  ping: 5,
  collateral: 6,
  /** There is a store here; and fragments of what it answers. */
  storeOffer: 7,
  storeAnswer: 8,
  /** Something about where rooms are; see `moving.ts`. */
  ask: 9,
  /** What came through a tunnel; see `tunnel.ts`. */
  tunnelled: 10,
  /** There is a chain here; and fragments of what it answers. */
  chainOffer: 11,
  chainAnswer: 12,
  /** both ways: one envelope */
  frame: 16,
  /** worker → gateway */
  ready: 32,
  created: 33,
  refused: 34,
  close: 35,
  listing: 36,
  gone: 37,
  pong: 38,
  wanted: 39,
  /** Fragments of what the worker asks the store. */
  storeQuestion: 40,
  told: 41,
  holding: 42,
  tunnel: 43,
  /** Fragments of what the worker asks the chain. */
  chainQuestion: 44,
} as const;

export type LinkKind = (typeof linkKinds)[keyof typeof linkKinds];

export interface LinkMessage {
  readonly kind: number;
  readonly seat: number;
  readonly body: Uint8Array;
}

const batchHeader = 4;
const messageHeader = 9;

/** Of a writer's memory: a page or two of what little is said between two boundaries. It grows, and is used again. */
const lengthAtFirst = 8 * 1024;

/** Of the memory that is used again: what a thousand viewers are told at a boundary, twice. */
const keptMax = 4 * 1024 * 1024;

/** Collects messages and hands them out as one batch. */
export class LinkWriter {
  #buffer = new Uint8Array(lengthAtFirst);
  #view = new DataView(this.#buffer.buffer);
  #length = batchHeader;
  /** A buffer that was given back, for the batch after this one. */
  #spare: Uint8Array<ArrayBuffer> | undefined;

  get empty(): boolean {
    return this.#length === batchHeader;
  }

  /** Bytes waiting. */
  get length(): number {
    return this.#length;
  }

  /** The body is copied. @throws ProtocolError "too-long" if the message or the batch would exceed its limit. */
  put(kind: LinkKind, seat: number, body: Uint8Array): void {
    if (body.length > linkMessageMax) throw new ProtocolError("too-long", "link message");
    const end = this.#length + messageHeader + body.length;
    if (end > linkBatchMax) throw new ProtocolError("too-long", "link batch");
    if (end > this.#buffer.length) this.#grow(end);
    const view = this.#view;
    view.setUint8(this.#length, kind);
    view.setUint32(this.#length + 1, seat, true);
    view.setUint32(this.#length + 5, body.length, true);
    this.#buffer.set(body, this.#length + messageHeader);
    this.#length = end;
  }

  /** The batch so far; undefined if there is none. It is the caller's, who may give it back once it has been sent. */
  take(): Uint8Array | undefined {
    if (this.empty) return undefined;
    this.#view.setUint32(0, this.#length - batchHeader, true);
    const batch = this.#buffer.subarray(0, this.#length);
    this.#use(this.#spare ?? new Uint8Array(lengthAtFirst));
    this.#spare = undefined;
    this.#length = batchHeader;
    return batch;
  }

  /** A batch that nobody needs any more: its memory is written over. */
  giveBack({ buffer }: Uint8Array): void {
    if (buffer.byteLength <= keptMax) this.#spare ??= new Uint8Array(buffer as ArrayBuffer);
  }

  #grow(wanted: number): void {
    let size = this.#buffer.length;
    while (size < wanted) size *= 2;
    const larger = new Uint8Array(size);
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#use(larger);
  }

  #use(buffer: Uint8Array<ArrayBuffer>): void {
    this.#buffer = buffer;
    this.#view = new DataView(buffer.buffer);
  }
}

/**
 * Cuts a stream of any chunking back into messages, each as soon as it is whole: whoever relays does not wait for the rest
 * of a large batch. Work grows with the bytes, however they are cut, and no more is kept than one message that is not whole.
 */
export class LinkReader {
  /** What is not whole yet; only the first `#length` bytes are used. Never written again once messages view it. */
  #pending = nothing;
  #length = 0;
  /** Bytes that must be there before what is not whole can be read on. */
  #wanted = 0;
  /** Bytes of the batch that are still to come; 0 between batches. */
  #left = 0;

  /**
   * Takes the next chunk and returns the messages it completes, in order. Bodies are views of a larger buffer.
   *
   * @throws ProtocolError "too-long" or "malformed"; the connection must be closed then.
   */
  push(chunk: Uint8Array): LinkMessage[] {
    const messages: LinkMessage[] = [];
    let at = 0;
    while (this.#length > 0) {
      const end = Math.min(chunk.length, at + this.#wanted - this.#length);
      this.#append(chunk, at, end);
      at = end;
      if (this.#length < this.#wanted) return messages;
      const bytes = this.#pending.subarray(0, this.#length);
      this.#pending = nothing;
      this.#length = 0;
      this.#read(bytes, 0, messages);
    }
    this.#read(chunk, at, messages);
    return messages;
  }

  #read(bytes: Uint8Array, start: number, into: LinkMessage[]): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = start;
    for (;;) {
      const wanted = this.#lengthAt(view, at);
      if (wanted > bytes.length - at) {
        this.#wanted = wanted;
        return this.#append(bytes, at, bytes.length);
      }
      if (this.#left === 0) {
        this.#left = view.getUint32(at, true);
      } else {
        const body = bytes.subarray(at + messageHeader, at + wanted);
        into.push({ kind: view.getUint8(at), seat: view.getUint32(at + 1, true), body });
        this.#left -= wanted;
      }
      at += wanted;
    }
  }

  /** Of what begins here, as far as it can be seen: the head of a batch, that of a message, or a message. */
  #lengthAt(view: DataView, at: number): number {
    const there = view.byteLength - at;
    if (this.#left === 0) {
      if (there >= batchHeader && view.getUint32(at, true) > linkBatchMax)
        throw new ProtocolError("too-long", "link batch");
      return batchHeader;
    }
    if (this.#left < messageHeader) throw new ProtocolError("malformed", "link message header");
    if (there < messageHeader) return messageHeader;
    const length = view.getUint32(at + 5, true);
    if (length > linkMessageMax) throw new ProtocolError("too-long", "link message");
    if (messageHeader + length > this.#left) throw new ProtocolError("malformed", "link message length");
    return messageHeader + length;
  }

  #append(from: Uint8Array, start: number, end: number): void {
    if (start === end) return;
    if (this.#pending.length < this.#wanted) {
      const larger = new Uint8Array(this.#wanted);
      larger.set(this.#pending.subarray(0, this.#length));
      this.#pending = larger;
    }
    this.#pending.set(from.subarray(start, end), this.#length);
    this.#length += end - start;
  }
}

const nothing = new Uint8Array(0);
