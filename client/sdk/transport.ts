/** How bytes get to a room's worker and back. Whatever carries them is untrusted; the channel above notices what it does. */
import type { ErrorCode } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";

export interface Transport {
  /**
   * Opens one connection to the worker of a room. One envelope in is one envelope out, in order.
   *
   * @param receiver is told what arrives from the moment the connection is open.
   * @param signal gives up opening; a connection that opens all the same is closed at once.
   * @throws ClientError of source "gateway", or the signal's reason.
   */
  open(room: RoomId, receiver: Receiver, signal?: AbortSignal): Promise<Connection>;
}

export interface Connection {
  /** Hands over one envelope. The bytes are copied or sent before this returns. Does nothing once closed; never throws. */
  send(envelope: Uint8Array): void;
  /** Closes without waiting. Nothing arrives afterwards, `closed` included. */
  close(): void;
}

export interface Receiver {
  /** One envelope. It may be kept. */
  bytes(envelope: Uint8Array): void;
  /** The connection has ended, and why, as far as the gateway says. Called at most once, and last. */
  closed(code: ErrorCode): void;
}
