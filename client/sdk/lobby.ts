/**
 * Asks the gateway to make or find a room. What it answers is a hint: nothing here is believed until `join` has
 * verified the room itself.
 */
import { type ErrorCode, errorCodes } from "#protocol/errors.ts";
import type { HostedContract, Listing, Ready } from "#protocol/control.ts";
import { isRoomId, type RoomId } from "#protocol/identity.ts";
import type { RoomOptions } from "#protocol/manifest.ts";
import type { Phase } from "#protocol/message.ts";
import { ClientError } from "./errors.ts";

export interface RoomWish {
  /** The contract's name at this place. */
  readonly contract: string;
  /** Choices among the options that the contract declares; the gateway sees them. */
  readonly options?: RoomOptions;
}

export interface Asking {
  readonly signal?: AbortSignal;
  /** Default 10,000. */
  readonly timeoutMs?: number;
}

export interface PlaceInfo {
  /** Version of the protocol that the gateway speaks. */
  readonly protocol: number;
  /** What the worker says it hosts; null while there is none. Not verified. */
  readonly ready: Ready | null;
}

/** A list of a thousand rooms, times two. */
const responseLengthMax = 512 * 1024;

/**
 * Makes a new room and returns its id.
 *
 * @param wish listed: whether the lobby shows it and quick match fills it; default false.
 * @throws ClientError of source "gateway" with the gateway's code; "unreachable", "malformed".
 */
export async function createRoom(
  url: string,
  wish: RoomWish & { readonly listed?: boolean },
  asking?: Asking,
): Promise<RoomId> {
  const { contract, options, listed = false } = wish;
  return roomOf(await askPlace(url, "rooms", asking, { contract, options, listed }));
}

/** The id of a listed room with a free seat, made if there is none. First come, first served. @throws as `createRoom`. */
export async function quickMatch(url: string, wish: RoomWish, asking?: Asking): Promise<RoomId> {
  const { contract, options } = wish;
  return roomOf(await askPlace(url, "match", asking, { contract, options }));
}

/** Listed rooms of one contract. @throws as `createRoom`. */
export async function listRooms(url: string, contract: string, asking?: Asking): Promise<readonly Listing[]> {
  const { rooms } = fields(await askPlace(url, `rooms?contract=${encodeURIComponent(contract)}`, asking));
  return list(rooms).map(listingOf);
}

/** What this place says about itself. @throws as `createRoom`. */
export async function info(url: string, asking?: Asking): Promise<PlaceInfo> {
  const { protocol, ready } = fields(await askPlace(url, "info", asking));
  return { protocol: count(protocol), ready: ready === null ? null : readyOf(ready) };
}

/** One question to `/api`. Not checked: whoever asks does. @throws as `createRoom`. */
export async function askPlace(url: string, path: string, asking: Asking = {}, body?: object): Promise<unknown> {
  const timeout = AbortSignal.timeout(asking.timeoutMs ?? 10_000);
  const signal = asking.signal === undefined ? timeout : AbortSignal.any([asking.signal, timeout]);
  const post = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  try {
    const response = await fetch(`${httpAddress(url)}/api/${path}`, {
      ...(body === undefined ? {} : post),
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal,
    });
    const answer = parse(await readBounded(response));
    if (response.ok) return answer;
    throw new ClientError(codeOf(answer), { source: "gateway", detail: `status ${response.status}` });
  } catch (cause) {
    asking.signal?.throwIfAborted();
    if (cause instanceof ClientError) throw cause;
    throw new ClientError("unreachable", { source: "gateway", cause });
  }
}

/** `ws:` and a slash at the end are what people paste. */
export function httpAddress(url: string): string {
  const address = new URL(url);
  if (address.protocol === "ws:") address.protocol = "http:";
  if (address.protocol === "wss:") address.protocol = "https:";
  return `${address.origin}${address.pathname.replace(/\/+$/, "")}`;
}

async function readBounded(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const part = await reader?.read();
    if (part?.value === undefined) return text + decoder.decode();
    length += part.value.length;
    if (length > responseLengthMax) {
      await reader?.cancel();
      throw malformed("a response that is too long");
    }
    text += decoder.decode(part.value, { stream: true });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Whatever stands between us and the gateway answers in HTML when the gateway is away.
    return undefined;
  }
}

function codeOf(answer: unknown): ErrorCode {
  const code = typeof answer === "object" && answer !== null && "code" in answer ? answer.code : undefined;
  return typeof code === "string" && Object.hasOwn(errorCodes, code) ? (code as ErrorCode) : "unreachable";
}

const malformed = (detail: string): ClientError => new ClientError("malformed", { source: "gateway", detail });

function roomOf(answer: unknown): RoomId {
  const { room } = fields(answer);
  if (!isRoomId(room)) throw malformed("room");
  return room;
}

function listingOf(entry: unknown): Listing {
  const { room, contract, taken, free, phase, options, listed } = fields(entry);
  if (!isRoomId(room)) throw malformed("room");
  return {
    room,
    contract: text(contract),
    taken: count(taken),
    free: count(free),
    phase: phaseOf(phase),
    options: mapValues(options, text),
    listed: listed === true,
  };
}

function readyOf(value: unknown): Ready {
  const { version, platform, world, contracts } = fields(value);
  return {
    version: count(version),
    platform: text(platform),
    world: hex(world),
    contracts: list(contracts).map(hosted),
  };
}

function hosted(value: unknown): HostedContract {
  const { name, hash, players, spectators, options } = fields(value);
  const { min, max } = fields(players);
  return {
    name: text(name),
    hash: hex(hash),
    players: { min: count(min), max: count(max) },
    spectators: count(spectators),
    options: mapValues(options, (values) => list(values).map(text)),
  };
}

function phaseOf(value: unknown): Phase {
  if (value === "open" || value === "playing" || value === "paused" || value === "ended") return value;
  throw malformed("phase");
}

function fields(value: unknown): { readonly [key: string]: unknown } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed("an object was expected");
  return value as { readonly [key: string]: unknown };
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed("a list was expected");
  return value as readonly unknown[];
}

function mapValues<T>(value: unknown, read: (item: unknown) => T): { readonly [key: string]: T } {
  return Object.fromEntries(Object.entries(fields(value)).map(([key, item]) => [key, read(item)]));
}

function count(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw malformed("a count was expected");
  return value;
}

function text(value: unknown): string {
  if (typeof value !== "string") throw malformed("text was expected");
  return value;
}

function hex(value: unknown): string {
  if (typeof value !== "string" || !/^[0-9a-f]{64}$/.test(value)) throw malformed("a hash was expected");
  return value;
}
