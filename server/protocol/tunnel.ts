/**
 * How a worker, which has no network, speaks to a server that a contract asks: the gateway carries bytes to and from it.
 * What they are, only the worker and that server know: it is TLS from end to end. The number of a tunnel is the `seat` of
 * its link messages, given by the worker.
 *
 * ```text
 * tunnel    (worker → gateway)  open [1] [port u16 le] [host, ASCII] · data [2] [bytes] · end [3]
 * tunnelled (gateway → worker)  data [2] [bytes] · end [3]
 * ```
 */
import { concatBytes, utf8ToBytes } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";

/** What one message carries at most: a TLS record and its header. */
export const tunnelChunkMax = 17 * 1024;

export type TunnelMessage =
  | { readonly is: "open"; readonly host: string; readonly port: number }
  | { readonly is: "data"; readonly bytes: Uint8Array }
  | { readonly is: "end" };

export type Tunnelled = Exclude<TunnelMessage, { is: "open" }>;

const ops = { open: 1, data: 2, end: 3 } as const;

/** A name as DNS has it, in lower case: RFC 1123 section 2.1. No address: what is asked is named, and has a certificate. */
export const isHostName = (host: string): boolean =>
  host.length <= 253 && /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(host);

export function encodeTunnel(message: TunnelMessage): Uint8Array {
  switch (message.is) {
    case "open":
      return concatBytes(Uint8Array.of(ops.open, message.port & 0xff, message.port >> 8), utf8ToBytes(message.host));
    case "data":
      return concatBytes(Uint8Array.of(ops.data), message.bytes);
    case "end":
      return Uint8Array.of(ops.end);
  }
}

/** @throws ProtocolError "malformed". Bytes are a view. */
export function decodeTunnel(body: Uint8Array): TunnelMessage {
  return body[0] === ops.open ? decodeOpen(body) : decodeTunnelled(body);
}

/** @throws ProtocolError "malformed". Bytes are a view. */
export function decodeTunnelled(body: Uint8Array): Tunnelled {
  if (body[0] === ops.data && body.length > 1 && body.length <= 1 + tunnelChunkMax)
    return { is: "data", bytes: body.subarray(1) };
  if (body[0] === ops.end && body.length === 1) return { is: "end" };
  throw malformed();
}

function decodeOpen(body: Uint8Array): TunnelMessage {
  const [, low, high, ...name] = body.subarray(0, 3 + 254);
  if (low === undefined || high === undefined) throw malformed();
  const host = String.fromCharCode(...name);
  const port = low | (high << 8);
  if (port === 0 || !isHostName(host)) throw malformed();
  return { is: "open", host, port };
}

const malformed = (): ProtocolError => new ProtocolError("malformed", "tunnel");
