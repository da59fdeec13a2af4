/**
 * Bytes of what players bring into a room. Values of contracts are MessagePack in MessagePack, so that each keeps to the limits
 * that it kept to outside.
 *
 * ```text
 * ticket   = [id, room, contract, payload, back]      back = null or [seat, result]
 * brought  = [record, ticket, moderator]              record = null or [value, number, head]
 * ```
 */
import { decodeMsgpack, encodeMsgpack } from "#protocol/msgpack.ts";
import { isRoomId } from "#protocol/identity.ts";
import type { Value } from "#protocol/value.ts";
import type { UsedTicket } from "./arrivals.ts";
import type { Brought } from "./inputs.ts";
import type { Version } from "./kept.ts";
import { count, damaged, list, octets } from "./stored-values.ts";

export const packTicket = ({ id, room, contract, payload, back }: UsedTicket): Value => [
  id,
  room,
  contract,
  encodeMsgpack(payload),
  back === null ? null : [back.seat, encodeMsgpack(back.result)],
];

export const packVersion = ({ number, head }: Version): Value => [number, head];

export const packBrought = ({ record, arrival, moderator }: Brought): Value => [
  record === undefined ? null : [encodeMsgpack(record.value), record.version.number, record.version.head],
  arrival === undefined ? null : packTicket(arrival),
  moderator === true,
];

/** @throws VaultError "damaged", as all that follow. These bytes were sealed by a worker. */
export function unpackTicket(packed: unknown): UsedTicket {
  const [id, room, contract, payload, back] = list(packed);
  if (typeof id !== "string" || !/^[0-9a-f]{32}$/.test(id) || !isRoomId(room) || typeof contract !== "string") {
    throw damaged("no ticket");
  }
  if (back === null) return { id, room, contract, payload: unpackValue(payload), back };
  const [seat, result] = list(back);
  return {
    id,
    room,
    contract,
    payload: unpackValue(payload),
    back: { seat: count(seat), result: unpackValue(result) },
  };
}

export function unpackVersion(packed: unknown): Version {
  const [number, head] = list(packed);
  if (!(head instanceof Uint8Array) || head.length !== 32) throw damaged("no version");
  return { number: count(number), head };
}

export function unpackBrought(packed: unknown): Brought {
  const [record, ticket, moderator] = list(packed);
  return {
    ...(record === null ? {} : { record: unpackRecord(list(record)) }),
    ...(ticket === null ? {} : { arrival: unpackTicket(ticket) }),
    ...(moderator === true ? { moderator: true } : {}),
  };
}

const unpackRecord = ([value, ...version]: readonly unknown[]): NonNullable<Brought["record"]> => ({
  value: unpackValue(value),
  version: unpackVersion(version),
});

export function unpackValue(packed: unknown): Value {
  const bytes = octets(packed);
  try {
    return decodeMsgpack(bytes) as Value;
  } catch {
    throw damaged("no value");
  }
}
