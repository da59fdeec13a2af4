/**
 * Sockets of `@colyseus/sdk`, taken over once its join is complete: a thousand clients on one core only count what arrives.
 * The SDK joins by the `ws` library here; Node's own WebSocket takes several times as long for each message.
 */
import type { Client, Room } from "@colyseus/sdk";
import type { WebSocket } from "ws";
import { headerBytes, type Received } from "./walker.ts";

Object.defineProperty(globalThis, "WebSocket", { value: undefined, configurable: true });

/** `@colyseus/sdk` reads the line above when it is loaded. */
export async function sdkClient(url: string): Promise<Client> {
  const { Client: Loaded } = await import("@colyseus/sdk");
  return new Loaded(url);
}

export const socketOf = ({ connection }: Room): WebSocket =>
  (connection.transport as unknown as { readonly ws: WebSocket }).ws;

/**
 * Counts from now on, and hands over what `take` wants.
 *
 * @param take undefined: the SDK gets no message any more, and nobody does.
 */
export function count(socket: WebSocket, received: Received, take?: (message: Uint8Array) => void): void {
  socket.binaryType = "nodebuffer";
  socket.removeAllListeners("message");
  socket.on("message", (message: Buffer) => {
    received.frames += 1;
    received.bytes += message.length + headerBytes(message.length);
    take?.(message);
  });
}

/** Counts what the SDK goes on reading. */
export function countBeside(socket: WebSocket, received: Received): void {
  socket.on("message", (message: ArrayBuffer) => {
    received.frames += 1;
    received.bytes += message.byteLength + headerBytes(message.byteLength);
  });
}
