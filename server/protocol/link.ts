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

/** Collects messages and hands them out as one batch. The buffer is reused: send or copy what `take` returns at once. */
export class LinkWriter {
  #buffer = new Uint8Array(64 * 1024);
  #view = new DataView(this.#buffer.buffer);
  #length = batchHeader;

  get empty(): boolean {
    return this.#length === batchHeader;
  }

  /** Bytes waiting. */
  get length(): number {
    return this.#length;
  }

  /** @throws ProtocolError "too-long" if the message or the batch would exceed its limit. */
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

  /** The batch so far, as a copy; undefined if there is none. */
  take(): Uint8Array | undefined {
    if (this.empty) return undefined;
    this.#view.setUint32(0, this.#length - batchHeader, true);
    const batch = this.#buffer.slice(0, this.#length);
    this.#length = batchHeader;
    return batch;
  }

  #grow(wanted: number): void {
    let size = this.#buffer.length;
    while (size < wanted) size *= 2;
    const larger = new Uint8Array(size);
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
  }
}

/** Cuts a stream of any chunking back into messages. Work and memory grow with the bytes, however they are cut. */
export class LinkReader {
  /** The unfinished batch; only the first `#length` bytes are used. Never written again once messages view it. */
  #pending = new Uint8Array(0);
  #length = 0;
  /** Nothing can be read before so many bytes are there. */
  #wanted = batchHeader;

  /**
   * Takes the next chunk and returns the messages it completes, in order. Bodies are views of a larger buffer.
   *
   * @throws ProtocolError "too-long" or "malformed"; the connection must be closed then.
   */
  push(chunk: Uint8Array): LinkMessage[] {
    if (this.#length === 0) return this.#read(chunk);
    this.#append(chunk);
    if (this.#length < this.#wanted) return [];
    const bytes = this.#pending.subarray(0, this.#length);
    this.#pending = new Uint8Array(0);
    this.#length = 0;
    return this.#read(bytes);
  }

  #read(bytes: Uint8Array): LinkMessage[] {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const messages: LinkMessage[] = [];
    let at = 0;
    this.#wanted = batchHeader;
    while (bytes.length - at >= batchHeader) {
      const length = view.getUint32(at, true);
      if (length > linkBatchMax) throw new ProtocolError("too-long", "link batch");
      const end = at + batchHeader + length;
      if (end > bytes.length) {
        this.#wanted = batchHeader + length;
        break;
      }
      readBatch(bytes, view, at + batchHeader, end, messages);
      at = end;
    }
    if (at < bytes.length) this.#append(bytes.subarray(at));
    return messages;
  }

  #append(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > this.#pending.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#pending.length));
      larger.set(this.#pending.subarray(0, this.#length));
      this.#pending = larger;
    }
    this.#pending.set(chunk, this.#length);
    this.#length = length;
  }
}

function readBatch(bytes: Uint8Array, view: DataView, start: number, end: number, into: LinkMessage[]): void {
  let at = start;
  while (at < end) {
    if (end - at < messageHeader) throw new ProtocolError("malformed", "link message header");
    const length = view.getUint32(at + 5, true);
    if (length > linkMessageMax) throw new ProtocolError("too-long", "link message");
    const bodyEnd = at + messageHeader + length;
    if (bodyEnd > end) throw new ProtocolError("malformed", "link message length");
    into.push({
      kind: view.getUint8(at),
      seat: view.getUint32(at + 1, true),
      body: bytes.subarray(at + messageHeader, bodyEnd),
    });
    at = bodyEnd;
  }
}
