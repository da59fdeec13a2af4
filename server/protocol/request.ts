/** What a contract may ask of the world outside, and what it is told: one HTTPS request and its answer. */

export const requestLimits = {
  /** Places a contract may ask, in its manifest. */
  places: 8,
  /** In characters. */
  placeLength: 200,
  urlLength: 1024,
  /** Bytes of a request's body. */
  body: 16 * 1024,
  contentTypeLength: 100,
  /** Bytes of an answer's body: it comes back as part of one call's input. */
  answer: 32 * 1024,
  /** Under way from one room at a time, and from all rooms of a worker. */
  pending: 4,
  pendingOfWorker: 64,
  /** Ids that wait for an answer in one room, under way or not. */
  ids: 64,
  /** From the first byte asked to the last byte answered, in ms. */
  ms: 10_000,
} as const;

export interface OutsideRequest {
  /** Below one of the contract's places. */
  readonly url: string;
  readonly method: "GET" | "POST";
  /** With POST only. */
  readonly body?: string | Uint8Array;
  /** Of the body: application/json if nothing else is said. */
  readonly contentType?: string;
}

export type OutsideAnswer =
  | { readonly status: number; readonly contentType: string; readonly body: Uint8Array }
  | { readonly failed: RequestFailure };

/**
 * - `not-allowed`: the address is below none of the contract's places, or the request is none.
 * - `too-many`: as many are under way as a room may have.
 * - `unreachable`: no answer: a name that is not there, a server that is silent, a certificate that is not its own.
 * - `too-long`: the answer is longer than a room takes.
 * - `too-slow`: it took longer than a request may.
 * - `interrupted`: the worker stopped meanwhile. Whether the request arrived is not known; it is not made again.
 */
export const requestFailures = [
  "not-allowed",
  "too-many",
  "unreachable",
  "too-long",
  "too-slow",
  "interrupted",
] as const;
export type RequestFailure = (typeof requestFailures)[number];

/** The request in what a contract asks; undefined if it breaks a limit. Whether it may ask there is another question. */
export function checkRequest({
  url,
  method,
  body,
  contentType,
}: {
  readonly [field: string]: unknown;
}): OutsideRequest | undefined {
  if (typeof url !== "string" || url.length > requestLimits.urlLength) return undefined;
  if (method !== "GET" && method !== "POST") return undefined;
  if (body === undefined) return contentType === undefined ? { url, method } : undefined;
  if (method === "GET" || !(typeof body === "string" || body instanceof Uint8Array)) return undefined;
  if (lengthOf(body) > requestLimits.body) return undefined;
  if (contentType === undefined) return { url, method, body };
  const isType = typeof contentType === "string" && contentType.length <= requestLimits.contentTypeLength;
  return isType && /^[\x20-\x7e]+$/.test(contentType) ? { url, method, body, contentType } : undefined;
}

/** In bytes. Counted, because contracts run where there is no TextEncoder. */
function lengthOf(body: string | Uint8Array): number {
  if (typeof body !== "string") return body.length;
  let length = 0;
  for (const character of body) {
    const point = character.codePointAt(0)!;
    length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
  }
  return length;
}

/** The answer in what a log says of one; undefined if it is none. */
export function readAnswer({
  failed,
  status,
  contentType,
  body,
}: {
  readonly [field: string]: unknown;
}): OutsideAnswer | undefined {
  const failure = requestFailures.find((known) => known === failed);
  if (failure !== undefined) return { failed: failure };
  const isAnswer = Number.isInteger(status) && typeof contentType === "string" && body instanceof Uint8Array;
  return isAnswer ? { status: status as number, contentType, body } : undefined;
}

/**
 * Whether this is a place that contracts may ask: `https://host/path/`, spelled as a browser would, without port, user,
 * query or fragment, ending in a slash.
 */
export function isPlace(text: string): boolean {
  const parts = /^https:\/\/([a-z0-9.-]+)(\/(?:[A-Za-z0-9._~-]+\/)*)$/.exec(text);
  if (parts === null || text.length > requestLimits.placeLength) return false;
  const [, host, path] = parts as unknown as [string, string, string];
  return /[a-z]/.test(host.split(".").at(-1)!) && host.includes(".") && !hasDots(path);
}

/**
 * Whether an address lies below one of these places. It is compared as it is written: an address that another reader could
 * take for another one (user, port, fragment, backslash, dot segments, escaped slashes) lies nowhere.
 */
export function isBelow(url: string, places: readonly string[]): boolean {
  if (url.length > requestLimits.urlLength || !/^https:\/\/[a-z0-9.-]+\/[A-Za-z0-9._~!$&'()*+,;=:/?%-]*$/.test(url))
    return false;
  const [path = ""] = url.slice("https://".length).split("?", 1);
  if (hasDots(`/${path}/`) || /%(?![0-9A-F]{2})|%2F|%5C|%2E|%00/i.test(path)) return false;
  return places.some((place) => url.startsWith(place));
}

const hasDots = (path: string): boolean => path.split("/").some((segment) => segment === "." || segment === "..");
