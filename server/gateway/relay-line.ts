/**
 * Envelopes to one client, each as one WebSocket frame in one piece of memory.
 *
 * The `ws` library would write a frame's header and its payload apart, and Colyseus' message around the envelope would be
 * one more copy. A room of a thousand sends twenty thousand frames a second, and most of their cost was this.
 */
import type { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import type { Client } from "@colyseus/core";

/** ROOM_DATA_BYTES, then its type "~" as a msgpack string. */
export const envelopePrefix = Uint8Array.of(17, 0xa1, 0x7e);

/** What the ws library's socket has and Colyseus' `Client.ref` does not declare. */
export interface RawSocket extends EventEmitter {
  readonly readyState: number;
  readonly bufferedAmount: number;
  /** Of the connection itself. The library writes whole frames to it, and does not compress here: ours fit in between. */
  readonly _socket?: Socket | null;
  pause(): void;
  resume(): void;
}

/** RFC 6455 section 5.2: final frame, binary. */
const finalBinary = 0x82;
const length16 = 126;
const open = 1;

export class RelayLine {
  readonly socket: RawSocket;
  readonly #client: Client;

  /** @param drained is called when everything that waited for this client has left. */
  constructor(client: Client, drained: () => void) {
    this.#client = client;
    this.socket = client.ref as RawSocket;
    this.socket._socket?.on("drain", drained);
  }

  /** Does nothing once it is closed. The envelope is copied. */
  send(envelope: Uint8Array): void {
    const length = envelopePrefix.length + envelope.length;
    const socket = this.socket._socket;
    if (this.socket.readyState !== open) return;
    if (socket === undefined || socket === null || length > 0xffff) {
      this.#client.raw(Buffer.concat([envelopePrefix, envelope]));
      return;
    }
    const header = length < length16 ? 2 : 4;
    const frame = memoryOf(header + length);
    frame[0] = finalBinary;
    if (header === 2) frame[1] = length;
    else {
      frame[1] = length16;
      frame[2] = length >>> 8;
      frame[3] = length & 0xff;
    }
    frame.set(envelopePrefix, header);
    frame.set(envelope, header + envelopePrefix.length);
    socket.write(frame);
    // Nearly always the system has taken all of it at once, and the next frame may be written over it.
    if (socket.writableLength > 0) used += frame.length;
  }
}

/** Memory of frames, one after the other as far as sockets still hold them. */
const pieceLength = 256 * 1024;
let piece = Buffer.allocUnsafeSlow(pieceLength);
let used = 0;

function memoryOf(length: number): Buffer {
  if (used + length > pieceLength) {
    piece = Buffer.allocUnsafeSlow(pieceLength);
    used = 0;
  }
  return piece.subarray(used, used + length);
}
