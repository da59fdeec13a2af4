/**
 * One client's socket and its seat at the worker. It counts envelopes and measures them; it never looks inside one, but
 * for the byte that says which step of the conversation it is.
 *
 * When the room changes workers the socket of everybody who was told so on a channel stays: its client greets whoever has
 * the room by then, and what it still says to the one before goes nowhere. Whoever was still shaking hands comes anew.
 *
 * It reads every message before Colyseus does. Envelopes it takes itself; of all else it lets pass only three messages of
 * one byte, so that no other decoder in this process ever sees a byte that a stranger chose.
 */
import { ClientState, type Client } from "@colyseus/core";
import { numberOfCode, ProtocolError, type ErrorCode } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { beginsConversation, isSealed } from "#protocol/envelope.ts";
import { clientEnvelopeMax } from "#protocol/limits.ts";
import type { EnclaveLink } from "./enclave-link.ts";
import { behindBytes, farBehindBytes, type GatewayLimits } from "./limits.ts";
import type { Seat, SeatReceiver } from "./link-seats.ts";
import type { Log } from "./log.ts";
import { envelopePrefix, RelayLine } from "./relay-line.ts";
import { TokenBucket } from "./token-buckets.ts";
import type { Traffic } from "./traffic.ts";

/** WebSocket close codes of ours: 4000 to 4999 are free to use, and Colyseus' own end at 4010. */
export const closeCodeOf = (code: ErrorCode): number => 4200 + numberOfCode(code);

/** What a seat needs of its surroundings. */
export interface RelayPorts {
  /** The link to the worker that has this room, or should. Throws ProtocolError "worker-lost" if there is none. */
  readonly linkFor: (room: RoomId) => EnclaveLink;
  /** Settles when the room has changed workers; undefined while it does not. */
  readonly moving: (room: RoomId) => Promise<unknown> | undefined;
  readonly limits: GatewayLimits;
  readonly traffic: Traffic;
  readonly log: Log;
  /** Monotonic, in ms. */
  readonly now: () => number;
}

/** Reasons of a worker for which its room is elsewhere, or another one in its place: whoever was in it may stay. */
const goesOn: ReadonlySet<ErrorCode> = new Set(["room-moved", "rules-changed"]);

type MessageListener = (data: Uint8Array, binary: boolean) => void;

/** First bytes of Colyseus messages: https://docs.colyseus.io, and `Protocol` in @colyseus/shared-types. */
const joined = 10;
const leave = 12;
const ping = 18;

export class RelaySeat implements SeatReceiver {
  readonly #client: Client;
  readonly #line: RelayLine;
  readonly #room: RoomId;
  readonly #ports: RelayPorts;
  readonly #bucket: TokenBucket;
  #patience: NodeJS.Timeout;
  #seat: Seat | undefined;
  /** What is sent once the room has a worker, and the worker reads. */
  #first: Uint8Array | undefined;
  #reported = 0;
  /** What reads messages for Colyseus; undefined before the first, which it reads by itself. */
  #colyseus: readonly MessageListener[] | undefined;
  #open = true;
  /** The worker has spoken on a channel. */
  #heard = false;
  /** The room went on elsewhere: only a greeting makes sense there. */
  #left = false;

  constructor(client: Client, room: RoomId, ports: RelayPorts) {
    this.#client = client;
    this.#line = new RelayLine(client, () => this.#measure());
    this.#room = room;
    this.#ports = ports;
    const { messagesPerSecond } = ports.limits;
    this.#bucket = new TokenBucket({ perSecond: messagesPerSecond, burst: 2 * messagesPerSecond }, ports.now());
    this.#patience = this.#awaitGreeting();
    this.#line.socket.prependListener("message", this.#inspect);
  }

  /** One envelope from the client. */
  #forward(envelope: Uint8Array): void {
    const { traffic } = this.#ports;
    traffic.envelopesIn += 1;
    traffic.bytesIn += envelope.length;
    if (this.#seat === undefined) this.#greet(envelope);
    else this.#seat.send(envelope);
  }

  /** Ends it with a code. */
  end(code: ErrorCode): void {
    if (!this.#open) return;
    this.gone();
    this.#ports.traffic.countClose(code);
    this.#ports.log({ event: "closed", code });
    // Colyseus reads nothing more from a client in this state; the rest of what it sent is thrown away.
    this.#client.state = ClientState.LEAVING;
    this.#client.leave(closeCodeOf(code), code);
  }

  /** The client is gone. */
  gone(): void {
    this.#open = false;
    clearTimeout(this.#patience);
    this.#seat?.detach();
  }

  // From the worker

  frame(envelope: Uint8Array): void {
    if (!this.#open) return;
    this.#heard ||= isSealed(envelope);
    const { traffic, limits } = this.#ports;
    traffic.envelopesOut += 1;
    traffic.bytesOut += envelope.length;
    this.#line.send(envelope);
    if (this.#line.socket.bufferedAmount > limits.bufferedMax) this.end("slow-reader");
    else this.#measure();
  }

  hold(held: boolean): void {
    if (!this.#open) return;
    if (held) this.#line.socket.pause();
    else this.#line.socket.resume();
  }

  close(code: ErrorCode): void {
    if (!this.#heard || !goesOn.has(code)) return this.end(code);
    this.hold(false);
    this.#seat = undefined;
    this.#heard = false;
    this.#left = true;
    this.#reported = 0;
    this.#patience = this.#awaitGreeting();
  }

  /** Tells the worker when this client falls behind, far behind, or has caught up. */
  #measure(): void {
    if (!this.#open) return;
    const bytes = this.#line.socket.bufferedAmount;
    let level = this.#reported;
    if (bytes > farBehindBytes) level = farBehindBytes;
    else if (bytes > behindBytes) level = Math.max(level, behindBytes);
    else if (bytes === 0) level = 0;
    if (level === this.#reported) return;
    this.#reported = level;
    this.#seat?.report(level);
  }

  #awaitGreeting(): NodeJS.Timeout {
    return setTimeout(() => this.end("handshake-timeout"), this.#ports.limits.firstEnvelopeMs);
  }

  /** The seat at the worker is taken when the client first speaks: sockets that say nothing cost the worker nothing. */
  #greet(envelope: Uint8Array): void {
    if (this.#first !== undefined || (this.#left && !beginsConversation(envelope))) return;
    clearTimeout(this.#patience);
    const moving = this.#ports.moving(this.#room);
    if (moving === undefined) this.#attach(envelope);
    else this.#attachAfter(moving, envelope);
  }

  #attach(first: Uint8Array): void {
    try {
      const link = this.#ports.linkFor(this.#room);
      if (link.caughtUp !== undefined) return this.#attachAfter(link.caughtUp, first);
      this.#seat = link.attach(this.#room, this);
      this.#seat.send(first);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.end(error.code);
    }
  }

  #attachAfter(settled: Promise<unknown>, first: Uint8Array): void {
    this.#first = first.slice();
    void settled.then(() => {
      const kept = this.#first!;
      this.#first = undefined;
      if (this.#open) this.#attach(kept);
    });
  }

  readonly #inspect: MessageListener = (data, binary) => {
    const others = this.#colyseus;
    if (others === undefined) this.#takeOver();
    if (!this.#open) return;
    if (!this.#bucket.take(this.#ports.now())) return this.end("rate-limited");
    if (!binary) return this.end("malformed");
    const kind = data[0];
    if (data.length === 1 && (kind === joined || kind === leave || kind === ping)) {
      for (const listener of others ?? []) listener(data, binary);
      return;
    }
    if (kind !== envelopePrefix[0] || data[1] !== envelopePrefix[1] || data[2] !== envelopePrefix[2])
      return this.end("malformed");
    if (data.length > envelopePrefix.length + clientEnvelopeMax) return this.end("too-long");
    // What is sent before the client has acknowledged joining would be answered into a queue without an end.
    if (this.#client.state !== ClientState.JOINED) return this.end("malformed");
    this.#forward(data.subarray(envelopePrefix.length));
  };

  /** From now on Colyseus reads what it is handed. It began to listen after we did. */
  #takeOver(): void {
    const { socket } = this.#line;
    const all = socket.listeners("message") as MessageListener[];
    this.#colyseus = all.filter((listener) => listener !== this.#inspect);
    socket.removeAllListeners("message");
    socket.on("message", this.#inspect);
  }
}
