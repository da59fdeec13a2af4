/** Seats in relay rooms: one relay room for each room, made when the first client comes. */
import { matchMaker } from "@colyseus/core";
import { ProtocolError } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { errorName } from "./log.ts";
import { relayRoomName } from "./relay-room.ts";

/** What the Colyseus SDK needs to open its socket. */
export type SeatReservation = matchMaker.ISeatReservation;

/** A relay room may close between finding it and sitting down; twice in a row is bad luck, three times is not. */
const attemptsMax = 3;

/** Rooms being made, so that two clients who come together do not make two. */
const making = new Map<RoomId, Promise<unknown>>();

/**
 * Reserves a seat for one client. (Colyseus' `joinOrCreate` would do, but makes whoever comes second wait by the clock.)
 *
 * @throws ProtocolError "busy" if Colyseus has no seat.
 */
export async function reserveSeat(room: RoomId): Promise<SeatReservation> {
  const options = { room };
  for (let attempt = 1; ; attempt++) {
    try {
      if (matchMaker.getLocalRoomById(room) === undefined) await make(room);
      return await matchMaker.joinById(room, options);
    } catch (error) {
      if (attempt === attemptsMax) throw new ProtocolError("busy", errorName(error));
    }
  }
}

async function make(room: RoomId): Promise<void> {
  let pending = making.get(room);
  if (pending === undefined) {
    pending = matchMaker.createRoom(relayRoomName, { room }).finally(() => making.delete(room));
    making.set(room, pending);
  }
  await pending;
}
