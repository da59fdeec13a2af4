/** Decides about a WebSocket before it is one. What is refused here costs a few hundred bytes and no object of Colyseus'. */
import { STATUS_CODES, type IncomingMessage } from "node:http";
import { matchMaker } from "@colyseus/core";
import { ProtocolError } from "#protocol/errors.ts";
import type { Admission } from "./admission.ts";
import type { Log } from "./log.ts";
import { statusOf } from "./refusal.ts";
import type { Traffic } from "./traffic.ts";

/** Exactly what the SDK asks for after reserving a seat. No token of any kind has a business in a URL. */
const target = /^\/[A-Za-z0-9_-]{1,32}\/([0-9a-f]{20})\?sessionId=([A-Za-z0-9_-]{1,32})$/;

export interface UpgradePorts {
  readonly admission: Admission;
  readonly traffic: Traffic;
  readonly log: Log;
}

/**
 * Whether Colyseus may upgrade this request; if not, it has been answered.
 *
 * Colyseus' own `beforeUpgrade` would see the client's address only as the client's headers claim it.
 */
export function admitUpgrade(request: IncomingMessage, { admission, traffic, log }: UpgradePorts): boolean {
  const { socket } = request;
  socket.on("error", () => socket.destroy());
  try {
    checkReservation(request.url ?? "");
    admission.socket(request, socket);
    return true;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    traffic.countRefusal(error.code);
    log({ event: "refused", asked: "upgrade", code: error.code });
    const status = statusOf(error.code);
    socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    // Not `end`: nobody watches this socket any more, and a client that never closes its side would keep it.
    socket.destroySoon();
    return false;
  }
}

function checkReservation(url: string): void {
  const match = target.exec(url);
  if (match === null) throw new ProtocolError("malformed", "upgrade target");
  const [, room, session] = match;
  const reserved = matchMaker.getLocalRoomById(room!)?.hasReservedSeat(session!) ?? false;
  if (!reserved) throw new ProtocolError("room-not-found", "reservation");
}
