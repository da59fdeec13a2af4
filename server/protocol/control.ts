/** Bodies of the link's control messages: what gateway and worker tell each other about rooms. No player data passes here. */
import { decodeMsgpack, encodeMsgpack } from "./msgpack.ts";
import { codeOfNumber, numberOfCode, ProtocolError, type ErrorCode } from "./errors.ts";
import { isRoomId, type RoomId } from "./identity.ts";
import { workerThreadsMax } from "./link-address.ts";
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

/** `holding`: a worker has opened a room. Of two workers that say so, the one with the later term has it. */
export interface Holding {
  readonly room: RoomId;
  /** Openings of the room, this one included. */
  readonly term: number;
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
  /**
   * How many threads of this worker have rooms, each with a link of its own; see `threadAddress`. The first one says so;
   * whoever says nothing is alone.
   */
  readonly threads?: number;
}

/** `pong`: what a worker adds to it. */
export interface Pulse {
  /** Of the time, for how much this thread of the worker had something to do lately: 0 to 1. */
  readonly busy: number;
}

export interface Created {
  readonly ref: number;
  readonly room: RoomId;
}

export interface Refused {
  readonly ref: number;
  readonly code: ErrorCode;
}

/** `buffered`: how many bytes wait for a seat's client, in coarse steps; 0 once it has caught up. An untrusted hint. */
export interface Buffered {
  readonly bytes: number;
}

export const encodeControl = (body: object): Uint8Array => encodeMsgpack(body);

/** `refused`, and `close` (with ref 0), carry the code's number. */
export const encodeRefused = (refused: Refused): Uint8Array =>
  encodeMsgpack({ ref: refused.ref, code: numberOfCode(refused.code) });

/** @throws ProtocolError "malformed", as every decoder here. */
export function decodeCreate(body: Uint8Array): CreateRequest {
  const { ref, contract, options, listed } = map(decodeMsgpack(body));
  return { ref: count(ref), contract: text(contract), options, listed: flag(listed) };
}

export function decodeAttach(body: Uint8Array): AttachRequest {
  return { room: roomId(map(decodeMsgpack(body))["room"]) };
}

export function decodeHolding(body: Uint8Array): Holding {
  const { room, term } = map(decodeMsgpack(body));
  return { room: roomId(room), term: count(term) };
}

export function decodeListing(body: Uint8Array): Listing {
  const { room, contract, taken, free, phase, options, listed } = map(decodeMsgpack(body));
  const chosen: Record<string, string> = {};
  for (const [name, value] of Object.entries(map(options))) chosen[name] = text(value);
  return {
    room: roomId(room),
    contract: text(contract),
    taken: count(taken),
    free: count(free),
    phase: phases.find((known) => known === phase) ?? fail("phase"),
    options: chosen,
    listed: flag(listed),
  };
}

/** @param pulse in steps of a thousandth: the host sees how busy its processors are anyway. */
export const encodePulse = ({ busy }: Pulse): Uint8Array => encodeMsgpack({ busy: Math.round(busy * 1000) });

/** Workers that say nothing have nothing to do. */
export function decodePulse(body: Uint8Array): Pulse {
  if (body.length === 0) return { busy: 0 };
  const thousandths = count(map(decodeMsgpack(body))["busy"]);
  return thousandths <= 1000 ? { busy: thousandths / 1000 } : fail("a share");
}

export function decodeReady(body: Uint8Array): Ready {
  const { version, platform, world, contracts, threads } = map(decodeMsgpack(body));
  return {
    version: count(version),
    platform: text(platform),
    world: hash(world),
    contracts: list(contracts).map(decodeHosted),
    ...(threads === undefined ? {} : { threads: threadCount(threads) }),
  };
}

function decodeHosted(value: unknown): HostedContract {
  const { name, hash: contractHash, players, spectators, options } = map(value);
  const { min, max } = map(players);
  const choices: Record<string, readonly string[]> = {};
  for (const [option, values] of Object.entries(map(options))) choices[option] = list(values).map(text);
  return {
    name: text(name),
    hash: hash(contractHash),
    players: { min: count(min), max: count(max) },
    spectators: count(spectators),
    options: choices,
  };
}

export function decodeCreated(body: Uint8Array): Created {
  const { ref, room } = map(decodeMsgpack(body));
  return { ref: count(ref), room: roomId(room) };
}

export function decodeRefused(body: Uint8Array): Refused {
  const { ref, code } = map(decodeMsgpack(body));
  return { ref: count(ref), code: codeOfNumber(count(code)) };
}

export function decodeBuffered(body: Uint8Array): Buffered {
  return { bytes: count(map(decodeMsgpack(body))["bytes"]) };
}

const phases: readonly Phase[] = ["open", "playing", "paused", "frozen", "ended"];

/** Names of contracts, platforms and options are short. */
const textLengthMax = 64;

const fail = (what: string): never => {
  throw new ProtocolError("malformed", `control message: ${what}`);
};

const map = (value: unknown): { readonly [key: string]: Value } => (isRecord(value) ? value : fail("a map"));
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : fail("a list"));
const flag = (value: unknown): boolean => (typeof value === "boolean" ? value : fail("a boolean"));
const roomId = (value: unknown): RoomId => (isRoomId(value) ? value : fail("a room id"));

const text = (value: unknown): string =>
  typeof value === "string" && value.length <= textLengthMax ? value : fail("a short text");

const hash = (value: unknown): string =>
  typeof value === "string" && /^[0-9a-f]{64}$/.test(value) ? value : fail("64 hex digits");

const threadCount = (value: unknown): number => {
  const threads = count(value);
  return threads >= 1 && threads <= workerThreadsMax ? threads : fail("a number of threads");
};

const count = (value: unknown): number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : fail("a count");
