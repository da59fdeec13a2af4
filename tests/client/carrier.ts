/** A gateway and the network before it, for one player: a carrier that can be told to misbehave. */
import type { Connection, Receiver, Transport } from "#client/transport.ts";
import { ClientError } from "#client/errors.ts";
import { decodeRefused } from "#protocol/control.ts";
import type { ErrorCode } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { linkKinds } from "#protocol/link.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** What a carrier does with one envelope: passes on these instead. */
type Tamper = (envelope: Uint8Array) => readonly Uint8Array[];

interface Socket {
  readonly seat: number;
  readonly receiver: Receiver;
  /** Arrival of the newest envelope in each direction, because a line keeps order. */
  up: number;
  down: number;
  open: boolean;
}

/** A gateway and the network before it, for one player. */
export class Carrier implements Transport {
  /** Every envelope that the player's side handed over, in order. */
  readonly sent: Uint8Array[] = [];
  opened = 0;
  /** Changes, drops, repeats envelopes on their way. */
  toWorker: Tamper = (envelope) => [envelope];
  toClient: Tamper = (envelope) => [envelope];
  /** Answers the next attempts to connect with this code. */
  refuses: ErrorCode | undefined;
  /** Never answers attempts to connect. */
  hangs = false;
  /** Passes nothing on in either direction, and says nothing. */
  withholds = false;
  readonly #time: VirtualTime;
  readonly #latency: () => number;
  readonly #attach: (seat: number, room: RoomId) => void;
  readonly #frame: (seat: number, bytes: Uint8Array) => void;
  readonly #detach: (seat: number) => void;
  readonly #sockets = new Map<number, Socket>();

  constructor(
    time: VirtualTime,
    latency: () => number,
    attach: (seat: number, room: RoomId) => void,
    frame: (seat: number, bytes: Uint8Array) => void,
    detach: (seat: number) => void,
  ) {
    this.#time = time;
    this.#latency = latency;
    this.#attach = attach;
    this.#frame = frame;
    this.#detach = detach;
  }

  get sockets(): number {
    return this.#sockets.size;
  }

  async open(room: RoomId, receiver: Receiver, signal?: AbortSignal): Promise<Connection> {
    if (this.hangs) await new Promise<never>(() => undefined);
    if (this.refuses !== undefined) throw new ClientError(this.refuses, { source: "gateway" });
    signal?.throwIfAborted();
    this.opened += 1;
    const socket: Socket = { seat: this.opened, receiver, up: 0, down: 0, open: true };
    this.#sockets.set(socket.seat, socket);
    this.#attach(socket.seat, room);
    return { send: (envelope) => this.#send(socket, envelope.slice()), close: () => this.#close(socket) };
  }

  /** The network fails, or the gateway says why. What was on its way is lost. */
  cut(code: ErrorCode = "unreachable"): void {
    for (const socket of Array.from(this.#sockets.values())) {
      this.#close(socket);
      socket.receiver.closed(code);
    }
  }

  /** An envelope of the carrier's own making. */
  inject(envelope: Uint8Array): void {
    for (const socket of this.#sockets.values()) socket.receiver.bytes(envelope);
  }

  /** From the gate. */
  put(kind: number, seat: number, body: Uint8Array): void {
    const socket = this.#sockets.get(seat);
    if (socket === undefined) return;
    if (kind === linkKinds.close) {
      this.#deliver(socket, "down", () => {
        this.#sockets.delete(seat);
        socket.open = false;
        socket.receiver.closed(decodeRefused(body).code);
      });
    } else if (kind === linkKinds.frame && !this.withholds) {
      for (const envelope of this.toClient(body)) {
        this.#deliver(socket, "down", () => socket.receiver.bytes(envelope));
      }
    }
  }

  #send(socket: Socket, bytes: Uint8Array): void {
    if (!socket.open) return;
    this.sent.push(bytes);
    if (this.withholds) return;
    for (const envelope of this.toWorker(bytes)) {
      this.#deliver(socket, "up", () => this.#frame(socket.seat, envelope));
    }
  }

  #deliver(socket: Socket, direction: "up" | "down", work: () => void): void {
    socket[direction] = Math.max(socket[direction], this.#time.now() + this.#latency());
    this.#time.after(socket[direction] - this.#time.now(), () => {
      if (socket.open) work();
    });
  }

  #close(socket: Socket): void {
    if (!socket.open) return;
    socket.open = false;
    this.#sockets.delete(socket.seat);
    this.#detach(socket.seat);
  }
}
