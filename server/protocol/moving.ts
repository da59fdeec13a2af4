/**
 * How a gateway moves rooms between its workers: it asks, a worker does or refuses. Both ends distrust each other; no
 * player data passes here, and what the workers say about themselves is evidence that the gateway cannot read.
 *
 * ```text
 * ask  = { ref, ask, … }     gateway → worker
 * told = { ref, answer }     worker → gateway; or `refused`
 * ```
 */
import { sha512 } from "@noble/hashes/sha2.js";
import { lengthPrefixed } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import { isRoomId, type RoomId } from "./identity.ts";
import { upgradeLengthMax } from "./limits.ts";
import { decodeMsgpack, encodeMsgpack } from "./msgpack.ts";
import { isRecord, type Value } from "./value.ts";

/** A worker's word about itself, made for one other worker. */
export interface Introduction {
  /** 32 bytes, drawn when the worker started. */
  readonly instance: Uint8Array;
  /** Over `introductionData`, in the platform's own encoding. */
  readonly evidence: Uint8Array;
}

export type MovingRequest =
  /** Who are you? Answered with 32 bytes: the worker's instance. */
  | { readonly ask: "instance" }
  /** Prove yourself to the worker of this instance. Answered with an introduction. */
  | { readonly ask: "introduce"; readonly to: Uint8Array }
  /** Let go of this room, for the worker that introduces itself; for whoever comes, if null. */
  | { readonly ask: "release"; readonly room: RoomId; readonly to: Introduction | null }
  /** Bring this room back from the store, if it is not here already. */
  | { readonly ask: "open"; readonly room: RoomId }
  /** Go on by other rules; see `upgrade.ts`. */
  | { readonly ask: "upgrade"; readonly room: RoomId; readonly upgrade: Uint8Array };

export type Asked = MovingRequest & { readonly ref: number };

/** What is answered: an instance, an introduction, or that it is done. */
export type MovingAnswer = Uint8Array | Introduction | null;

export interface Told {
  readonly ref: number;
  readonly answer: MovingAnswer;
}

/** 64 bytes for the quote of an introduction: who says it, and to whom, so that it is good for no other conversation. */
export const introductionData = (to: Uint8Array, instance: Uint8Array): Uint8Array =>
  sha512(lengthPrefixed("phatroom/1/introduction", to, instance));

export const encodeAsked = (asked: Asked): Uint8Array => encodeMsgpack(asked);
export const encodeTold = (told: Told): Uint8Array => encodeMsgpack(told);

/** @throws ProtocolError "malformed", as both decoders here. Byte strings are copies. */
export function decodeAsked(body: Uint8Array): Asked {
  const { ref, ask, to, room, upgrade } = map(decodeMsgpack(body));
  const number = count(ref);
  switch (ask) {
    case "instance":
      return { ref: number, ask };
    case "introduce":
      return { ref: number, ask, to: bytes32(to) };
    case "release":
      return { ref: number, ask, room: roomId(room), to: to === null ? null : introduction(to) };
    case "open":
      return { ref: number, ask, room: roomId(room) };
    case "upgrade":
      if (!(upgrade instanceof Uint8Array) || upgrade.length > upgradeLengthMax) return fail("an upgrade");
      return { ref: number, ask, room: roomId(room), upgrade };
    default:
      return fail("what is asked");
  }
}

export function decodeTold(body: Uint8Array): Told {
  const { ref, answer } = map(decodeMsgpack(body));
  if (answer === null) return { ref: count(ref), answer };
  return { ref: count(ref), answer: answer instanceof Uint8Array ? bytes32(answer) : introduction(answer) };
}

const introduction = (value: unknown): Introduction => {
  const { instance, evidence } = map(value);
  return evidence instanceof Uint8Array ? { instance: bytes32(instance), evidence } : fail("evidence");
};

const fail = (what: string): never => {
  throw new ProtocolError("malformed", `moving: ${what}`);
};

const map = (value: unknown): { readonly [key: string]: Value } => (isRecord(value) ? value : fail("a map"));
const roomId = (value: unknown): RoomId => (isRoomId(value) ? value : fail("a room id"));

const bytes32 = (value: unknown): Uint8Array =>
  value instanceof Uint8Array && value.length === 32 ? value : fail("32 bytes");

const count = (value: unknown): number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : fail("a count");
