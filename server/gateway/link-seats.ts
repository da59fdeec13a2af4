/** Seats of clients at one worker: numbers that both ends know, and who is told what is said to each. */
import { encodeControl } from "#protocol/control.ts";
import type { ErrorCode } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { linkKinds } from "#protocol/link.ts";
import type { LinkSocket } from "./link-socket.ts";

/** What one seat is told. */
export interface SeatReceiver {
  /** One envelope. It is a view: copy what is kept. */
  frame(envelope: Uint8Array): void;
  /** The worker is too slow: read no more from this client, or go on reading. */
  hold(held: boolean): void;
  /** The worker ended this seat, or is gone. Nothing follows. */
  close(code: ErrorCode): void;
}

/** One client's place in the link. */
export interface Seat {
  send(envelope: Uint8Array): void;
  /** How many bytes wait for this client: a hint, so that the worker may say less. */
  report(bytes: number): void;
  /** The client is gone. */
  detach(): void;
}

export class LinkSeats {
  readonly #receivers = new Map<number, SeatReceiver>();
  #last = 0;

  get size(): number {
    return this.#receivers.size;
  }

  /** Takes a seat at this room. Whether the room exists, the worker says by closing the seat. */
  attach(socket: Pick<LinkSocket, "put">, room: RoomId, receiver: SeatReceiver): Seat {
    const seat = this.#next();
    this.#receivers.set(seat, receiver);
    socket.put(linkKinds.attach, seat, encodeControl({ room }));
    // Once the seat is closed from the other side, its number may be somebody else's.
    const mine = (): boolean => this.#receivers.get(seat) === receiver;
    return {
      send: (envelope) => {
        if (mine()) socket.put(linkKinds.frame, seat, envelope);
      },
      report: (bytes) => {
        if (mine()) socket.put(linkKinds.buffered, seat, encodeControl({ bytes }));
      },
      detach: () => {
        if (!mine()) return;
        this.#receivers.delete(seat);
        socket.put(linkKinds.detach, seat, new Uint8Array(0));
      },
    };
  }

  frame(seat: number, envelope: Uint8Array): void {
    this.#receivers.get(seat)?.frame(envelope);
  }

  hold(held: boolean): void {
    for (const receiver of this.#receivers.values()) receiver.hold(held);
  }

  close(seat: number, code: ErrorCode): void {
    const receiver = this.#receivers.get(seat);
    this.#receivers.delete(seat);
    receiver?.close(code);
  }

  closeAll(code: ErrorCode): void {
    for (const seat of this.#receivers.keys()) this.close(seat, code);
  }

  #next(): number {
    do this.#last = (this.#last % 0xffff_ffff) + 1;
    while (this.#receivers.has(this.#last));
    return this.#last;
  }
}
