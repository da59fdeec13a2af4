/** Bodies of the link's control messages: what gateway and worker tell each other about rooms. No player data passes here. */
import { decodeMsgpack, encodeMsgpack } from "./msgpack.ts";
import { codeOfNumber, numberOfCode, ProtocolError, type ErrorCode } from "./errors.ts";
import { isRoomId, type RoomId } from "./identity.ts";
import type { Phase } from "./message.ts";
import { isRecord, type Value } from "./value.ts";
import type { RoomOptions } from "./manifest.ts";

/** `create`: the gateway asks for a room. `ref` comes back in `created` or `refused`. */
export interface CreateRequest {
  readonly ref: number;
  readonly contract: string;
  readonly options: unknown;
  /** Whether the lobby may list it and quick match may fill it. */
  readonly listed: boolean;
}

/** `attach`: a socket wants to talk to a room. Answered by `close` with a code if it cannot. */
export interface AttachRequest {
  readonly room: RoomId;
}

/** What the lobby may know of a room, and all that the gateway knows. */
export interface Listing {
  readonly room: RoomId;
  /** Contract name; its hash is in `ready`. */
  readonly contract: string;
  readonly taken: number;
  readonly free: number;
  readonly phase: Phase;
  readonly options: RoomOptions;
  readonly listed: boolean;
}

/** A contract this worker hosts. */
export interface HostedContract {
  readonly name: string;
  /** 64 hex digits. */
  readonly hash: string;
  readonly players: { readonly min: number; readonly max: number };
  readonly spectators: number;
  readonly options: { readonly [name: string]: readonly string[] };
}

/** `ready`: the first thing a worker says. */
export interface Ready {
  readonly version: number;
  readonly platform: string;
  /** 64 hex digits. */
  readonly world: string;
  readonly contracts: readonly HostedContract[];
}

export interface Created {
  readonly ref: number;
  readonly room: RoomId;
}

export interface Refused {
  readonly ref: number;
  readonly code: ErrorCode;
}

export const encodeControl = (body: object): Uint8Array => encodeMsgpack(body);

/** `refused`, and `close` (with ref 0), carry the code's number. */
export const encodeRefused = (refused: Refused): Uint8Array =>
  encodeMsgpack({ ref: refused.ref, code: numberOfCode(refused.code) });

export function decodeCreate(body: Uint8Array): CreateRequest {
  const { ref, contract, options, listed } = map(body);
  if (typeof contract !== "string" || contract.length > 64 || typeof listed !== "boolean")
    throw new ProtocolError("malformed", "create");
  return { ref: count(ref), contract, options, listed };
}

export function decodeAttach(body: Uint8Array): AttachRequest {
  const { room } = map(body);
  if (!isRoomId(room)) throw new ProtocolError("malformed", "attach");
  return { room };
}

export function decodeListing(body: Uint8Array): Listing {
  const { room, contract, taken, free, phase, options, listed } = map(body);
  if (!isRoomId(room) || typeof contract !== "string" || typeof listed !== "boolean" || !isRecord(options)) {
    throw new ProtocolError("malformed", "listing");
  }
  return {
    room,
    contract,
    taken: count(taken),
    free: count(free),
    phase: phase as Phase,
    options: options as RoomOptions,
    listed,
  };
}

export function decodeReady(body: Uint8Array): Ready {
  const { version, platform, world, contracts } = map(body);
  if (typeof platform !== "string" || typeof world !== "string" || !Array.isArray(contracts))
    throw new ProtocolError("malformed", "ready");
  return { version: count(version), platform, world, contracts: contracts as unknown as readonly HostedContract[] };
}

export function decodeCreated(body: Uint8Array): Created {
  const { ref, room } = map(body);
  if (!isRoomId(room)) throw new ProtocolError("malformed", "created");
  return { ref: count(ref), room };
}

export function decodeRefused(body: Uint8Array): Refused {
  const { ref, code } = map(body);
  return { ref: count(ref), code: codeOfNumber(count(code)) };
}

function map(body: Uint8Array): { readonly [key: string]: Value } {
  const value = decodeMsgpack(body);
  if (!isRecord(value)) throw new ProtocolError("malformed", "control message");
  return value;
}

function count(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
    throw new ProtocolError("malformed", "count");
  return value;
}
