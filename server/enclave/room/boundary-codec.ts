/**
 * Bytes of a boundary, as a record's body holds them: the MessagePack array `[tick, from or null, inputs]`, each input an
 * array that begins with its number; behind them the input rows, where there are some.
 */
import { isConsumeRefusal, type ConsumeRefusal } from "#protocol/consumption.ts";
import { encodeHeld, readHeld, type HeldItem } from "#protocol/held-item.ts";
import type { PlayerId } from "#protocol/identity.ts";
import { moveLengthMax, valueDepthMax } from "#protocol/limits.ts";
import { decodeMsgpack, encodeMsgpack } from "#protocol/msgpack.ts";
import { readAnswer, type OutsideAnswer } from "#protocol/request.ts";
import { isRecord, type Value } from "#protocol/value.ts";
import { packBrought, packTicket, packVersion, unpackBrought, unpackTicket, unpackVersion } from "./baggage-codec.ts";
import type { Boundary, RoomInput } from "./inputs.ts";
import { count, damaged, finite, flag, list, octets, text } from "./stored-values.ts";

/** Never renumbered: logs outlast versions. */
const numbers = {
  join: 1,
  leave: 2,
  dropped: 3,
  returned: 4,
  move: 5,
  watched: 6,
  locked: 7,
  abandon: 8,
  released: 9,
  upgrade: 10,
  answer: 11,
  kept: 12,
  items: 14,
  consumed: 15,
  shown: 16,
} as const;

/** A move inside an input inside a boundary. */
const depthMax = valueDepthMax + 4;

/** Bytes of a move, and of inputs that hold less than one: nothing that players do often has to be measured. */
const usualLengths: { readonly [name in RoomInput["input"]]?: number } = {
  move: moveLengthMax + 64,
  leave: 64,
  dropped: 64,
  watched: 64,
  kept: 128,
  consumed: 64,
  shown: 16,
};

/** Bytes that an input takes in a record, at most. */
export const inputLength = (input: RoomInput): number =>
  usualLengths[input.input] ?? encodeMsgpack(encodeInput(input)).length;

export const encodeBoundary = ({ tick, from, inputs, rows }: Boundary): Uint8Array =>
  encodeMsgpack([tick, from ?? null, inputs.map(encodeInput), ...(rows === undefined ? [] : [rows])]);

function encodeInput(input: RoomInput): Value {
  const number = numbers[input.input];
  switch (input.input) {
    case "join":
      return [number, input.player, input.seat, input.name, input.entropy, ...packed(input.baggage, packBrought)];
    case "leave":
      return [number, input.player];
    case "dropped":
      return [number, input.player, input.pauseLeftMs];
    case "returned":
      return [number, input.player, input.pauseLeftMs, ...packed(input.arrival, packTicket)];
    case "kept":
      return [number, input.player, input.version === null ? null : packVersion(input.version)];
    case "move":
      return [number, input.player, input.n, input.move];
    case "watched":
      return [number, input.watched];
    case "locked":
      return [number, input.invite];
    case "abandon":
      return [number, input.absent];
    case "released":
      return [number, input.next, input.to];
    case "upgrade":
      return [number, input.upgrade];
    case "answer":
      return [number, input.id, input.answer];
    case "items":
      return [number, input.player, input.items && input.items.map(encodeHeld)];
    case "consumed":
      return [number, input.n, input.refused];
    case "shown":
      return [number];
  }
}

const packed = <T>(value: T | undefined, pack: (value: T) => Value): Value[] =>
  value === undefined ? [] : [pack(value)];

/** @throws VaultError "damaged". The bytes were sealed by a worker: what does not fit is a version that is not ours. */
export function decodeBoundary(bytes: Uint8Array): Boundary {
  const [tick, from, inputs, rows, ...rest] = list(read(bytes));
  if (rest.length > 0) throw damaged("no boundary");
  return {
    tick: count(tick),
    ...(from === null ? {} : { from: count(from) }),
    inputs: list(inputs).map((input) => decodeInput(list(input))),
    ...(rows === undefined ? {} : { rows: octets(rows) }),
  };
}

function read(bytes: Uint8Array): unknown {
  try {
    // A thousand players' moves have more values than any one's: as many as there are bytes.
    return decodeMsgpack(bytes, depthMax, bytes.length);
  } catch {
    throw damaged("no boundary");
  }
}

function decodeInput([number, ...fields]: readonly unknown[]): RoomInput {
  const [first, second, third, fourth, fifth] = fields;
  switch (number) {
    case numbers.join:
      return {
        input: "join",
        player: player(first),
        seat: count(second),
        name: text(third),
        entropy: octets(fourth),
        ...(fifth === undefined ? {} : { baggage: unpackBrought(fifth) }),
      };
    case numbers.leave:
      return { input: "leave", player: player(first) };
    case numbers.dropped:
      // Below zero when a budget is overdrawn.
      return { input: "dropped", player: player(first), pauseLeftMs: finite(second) };
    case numbers.returned:
      return {
        input: "returned",
        player: player(first),
        pauseLeftMs: finite(second),
        ...(third === undefined ? {} : { arrival: unpackTicket(third) }),
      };
    case numbers.kept:
      return { input: "kept", player: player(first), version: second === null ? null : unpackVersion(second) };
    case numbers.move:
      return { input: "move", player: player(first), n: count(second), move: third as Value };
    case numbers.watched:
      return { input: "watched", watched: flag(first) };
    case numbers.locked:
      return { input: "locked", invite: octets(first) };
    case numbers.abandon:
      return { input: "abandon", absent: list(first).map(player) };
    case numbers.upgrade:
      return { input: "upgrade", upgrade: octets(first) };
    case numbers.items:
      return { input: "items", player: player(first), items: held(second) };
    case numbers.consumed:
      return { input: "consumed", n: count(first), refused: refusal(second) };
    case numbers.shown:
      return { input: "shown" };
    case numbers.answer:
      return { input: "answer", id: text(first), answer: answer(second) };
    case numbers.released:
      return { input: "released", next: count(first), to: second === null ? null : octets(second) };
    default:
      throw damaged("no boundary");
  }
}

const player = (value: unknown): PlayerId => text(value) as PlayerId;

function answer(value: unknown): OutsideAnswer {
  const read = isRecord(value) ? readAnswer(value) : undefined;
  if (read === undefined) throw damaged("no boundary");
  return read;
}

function held(value: unknown): readonly HeldItem[] | null {
  const read = value === null ? null : readHeld(value);
  if (read === undefined) throw damaged("no boundary");
  return read;
}

function refusal(value: unknown): ConsumeRefusal | null {
  if (value === null || isConsumeRefusal(value)) return value;
  throw damaged("no boundary");
}
