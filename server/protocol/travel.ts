/** What goes with a player from room to room, and what is kept for them in between: limits, and the ticket as a message holds it. */
import { isRoomId, type RoomId } from "./identity.ts";
import { isRecord } from "./value.ts";

export const travelLimits = {
  /** Of what a room gives along, encoded. */
  payload: 1024,
  /** A result is what its rules make it; what is longer is not carried. */
  result: 1024,
  /** A sealed ticket. It fits into a client's first message, beside all that is in there. */
  ticket: 32 + 16 + 1280,
  /** Seconds for which one is good, by the clock of whoever made it. */
  seconds: 600,
  /** Tickets of which a room remembers that they were used. */
  remembered: 16_384,
} as const;

/** Longest record of one player, encoded. */
export const recordLengthMax = 4096;

/** Longest report, encoded: twenty messages and who said them. */
export const reportLengthMax = 32 * 1024;

/** Lets its player into a room, once. Sealed: whoever carries it learns nothing of what comes along. */
export interface TicketEntry {
  readonly room: RoomId;
  /** Name of the rules that room must have. */
  readonly contract: string;
  readonly ticket: Uint8Array;
}

/** Undefined for what is none. */
export function readTicket(entry: unknown): TicketEntry | undefined {
  if (!isRecord(entry)) return undefined;
  const { room, contract, ticket, ...rest } = entry;
  if (!isRoomId(room) || typeof contract !== "string" || Object.keys(rest).length > 0) return undefined;
  if (!(ticket instanceof Uint8Array) || ticket.length > travelLimits.ticket) return undefined;
  return { room, contract, ticket };
}
