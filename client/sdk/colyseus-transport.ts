/** Envelopes over the gateway's relay rooms, by `@colyseus/sdk`. See `server/gateway/README.md` for its half. */
import { Client, type Room as RelayRoom } from "@colyseus/sdk";
import { codeOfNumber, type ErrorCode, errorCodes } from "#protocol/errors.ts";
import { ClientError } from "./errors.ts";
import type { Connection, Receiver, Transport } from "./transport.ts";

/** WebSocket close codes of our own are this plus the number of an error code. */
const closeCodeBase = 4200;
const closeCodeEnd = closeCodeBase + 1000;

/** One message is one envelope. */
const envelopeType = "~";

/** @param url of the gateway: `https:`, `http:`, `wss:` or `ws:`. */
export function colyseusTransport(url: string): Transport {
  const client = openClient(url);
  return {
    async open(room, receiver, signal) {
      signal?.throwIfAborted();
      let relay: RelayRoom;
      try {
        relay = await client.joinOrCreate("relay", { room });
      } catch (cause) {
        signal?.throwIfAborted();
        throw new ClientError(codeOfJoinError(cause), { source: "gateway", cause });
      }
      const connection = connect(relay, receiver);
      if (signal?.aborted === true) {
        connection.close();
        signal.throwIfAborted();
      }
      return connection;
    },
  };
}

/** The SDK, without what would tell the gateway who comes back: cookies, and a token that it finds in the browser's storage. */
function openClient(url: string): Client {
  const client = new Client(url, { fetchFn: (input, init) => fetch(input, { ...init, credentials: "omit" }) });
  Object.defineProperty(client.http, "authToken", { get: () => undefined, set() {} });
  return client;
}

function connect(relay: RelayRoom, receiver: Receiver): Connection {
  // Its own reconnection would continue a socket; ours continues a channel, and must know of every gap.
  relay.reconnection.enabled = false;
  let open = true;
  relay.onMessage(envelopeType, (envelope: unknown) => {
    if (!open) return;
    if (envelope instanceof Uint8Array) receiver.bytes(envelope);
    else receiver.bytes(new Uint8Array(0));
  });
  // Whatever else a gateway sends is not for us; without this the SDK writes to the console.
  relay.onMessage("*", () => undefined);
  relay.onLeave((code) => {
    if (!open) return;
    open = false;
    receiver.closed(codeOfClose(code));
  });
  return {
    send(envelope) {
      // While offline the SDK queues a view of a buffer that it uses again: what it would send later is not this.
      if (open && relay.connection.isOpen) relay.sendBytes(envelopeType, envelope);
    },
    close() {
      if (!open) return;
      open = false;
      relay.connection.close();
    },
  };
}

function codeOfClose(code: number | undefined): ErrorCode {
  if (code === undefined || code < closeCodeBase || code >= closeCodeEnd) return "unreachable";
  return codeOfNumber(code - closeCodeBase);
}

/** The gateway's code stands in the message of a refused request, or in the code of a socket that it closed. */
function codeOfJoinError(error: unknown): ErrorCode {
  if (!(error instanceof Error)) return "unreachable";
  if (Object.hasOwn(errorCodes, error.message)) return error.message as ErrorCode;
  return "code" in error && typeof error.code === "number" ? codeOfClose(error.code) : "unreachable";
}
