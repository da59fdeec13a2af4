/**
 * Colyseus, as much of it as the gateway uses: rooms, seats and the WebSocket transport. Its HTTP server is left out,
 * because its answers to other origins, to unknown paths and to signals are not ours.
 */
import type { IncomingMessage, Server } from "node:http";
import { LocalDriver, LocalPresence, matchMaker } from "@colyseus/core";
import { setLogger, type Logger } from "@colyseus/core/Logger";
import { WebSocketTransport, type TransportOptions } from "@colyseus/ws-transport";
import { framePayloadMax } from "./limits.ts";
import { errorName, type Log } from "./log.ts";
import { RelayRoom, relayRoomName } from "./relay-room.ts";
import type { RelayPorts } from "./relay-seat.ts";

export interface Colyseus {
  /** Takes over the server's WebSockets that `admit` lets through. */
  attach(server: Server, admit: (request: IncomingMessage) => boolean): void;
  /** Every relay room says goodbye. Resolves when the last one is gone, which a slow client can delay without an end. */
  close(): Promise<void>;
}

/** A client whose machine has gone is noticed after a quarter of a minute; a slow one has 5 s to read why it was closed. */
const socketTimes = { pingInterval: 5000, pingMaxRetries: 3, closeTimeout: 5000 };

export async function openColyseus(ports: RelayPorts): Promise<Colyseus> {
  setLogger(quietLogger(ports.log));
  // They look for other processes; there are none.
  matchMaker.setHealthChecksEnabled(false);
  await matchMaker.setup(new LocalPresence(), new LocalDriver());
  matchMaker.defineRoomType(relayRoomName, RelayRoom, { ports } as never);
  await matchMaker.accept();
  const options: TransportOptions = { noServer: true, maxPayload: framePayloadMax, ...socketTimes };
  const transport = new WebSocketTransport(options);
  return {
    attach(server, admit) {
      transport.attachToServer(server, { filter: admit });
    },
    async close() {
      await matchMaker.gracefullyShutdown();
      // Stops a timer that would keep the process for another second.
      matchMaker.stats.reset();
      transport.shutdown();
    },
  };
}

/** Colyseus logs texts with room and session ids in them. All that is kept is that there was one. */
function quietLogger(log: Log): Logger {
  const note = (message: unknown): void => log({ event: "colyseus", error: errorName(message) });
  const ignore = (): void => undefined;
  return { debug: ignore, trace: ignore, info: ignore, warn: note, error: note };
}
