/**
 * The event log of a dstack machine: everything that was extended into its four runtime registers, in order. It comes
 * from the host and proves nothing until `replay.ts` has led it to the registers in a quote.
 *
 * dstack `cc-eventlog`: `[{ imr, event_type, digest, event, event_payload, version? }, …]`, bytes in hexadecimal.
 */
import { sha384 } from "@noble/hashes/sha2.js";
import { concatBytes, hexToBytes, u32le, utf8ToBytes } from "#protocol/bytes.ts";
import { AttestationError, demand } from "../errors.ts";
import { eventLogLengthMax } from "../limits.ts";

/** Type of the events that dstack itself measures, all of them into RTMR3. TCG's types do not use this number. */
export const runtimeEventType = 0x0800_0001;

/** The register of dstack's own events. The three below hold what firmware and kernel measured. */
export const runtimeRegister = 3;

export interface LoggedEvent {
  /** Register, 0 to 3. */
  readonly imr: number;
  readonly type: number;
  /** Empty for most of what firmware measured. */
  readonly name: string;
  readonly payload: Uint8Array;
  /** What was extended into the register, 48 bytes: as logged for firmware's events, recomputed for dstack's. */
  readonly digest: Uint8Array;
}

/** Genuine logs have 27 to 31 events. */
const eventsMax = 256;
/** In UTF-16 units. dstack's own have at most 16. */
const nameLengthMax = 128;
/** The longest genuine payload, a boot variable, has 700 bytes. */
const payloadLengthMax = 4096;
const digestLength = 48;

/**
 * Reads a log, and recomputes the digests of dstack's own events from their contents.
 *
 * @throws AttestationError "event-log-malformed" if it is none, is too long, or names a register that does not exist;
 *   "event-log-digest" if the digest of one of dstack's events is not that of its contents.
 */
export function parseEventLog(bytes: Uint8Array): readonly LoggedEvent[] {
  demand(bytes.length <= eventLogLengthMax, "event-log-malformed", "too long");
  const entries = parseJson(bytes);
  demand(Array.isArray(entries) && entries.length <= eventsMax, "event-log-malformed", "not a list of events");
  return entries.map(readEvent);
}

/**
 * What dstack extends for an event of its own. Version 1 hashes type, name and payload; version 2 a canonical JSON
 * text (RFC 8785) of the same three, so that anybody can show what was hashed.
 */
export function runtimeDigest(version: 1 | 2, name: string, payloadHex: string): Uint8Array {
  if (version === 2) {
    // Members in the order of their names and no spaces: with these three, exactly what RFC 8785 makes of them.
    return sha384(utf8ToBytes(JSON.stringify({ name, payload: payloadHex, type: runtimeEventType })));
  }
  const colon = utf8ToBytes(":");
  return sha384(concatBytes(u32le(runtimeEventType), colon, utf8ToBytes(name), colon, hexToBytes(payloadHex)));
}

/** Logs travel as ASCII: dstack's names are, and JSON can escape what an application's are not. */
function parseJson(bytes: Uint8Array): unknown {
  let text = "";
  for (const byte of bytes) {
    demand(byte < 0x80, "event-log-malformed", "not ASCII");
    text += String.fromCharCode(byte);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new AttestationError("event-log-malformed", "not JSON");
    throw error;
  }
}

/** Members that are not known here are dstack's to add: whatever counts is led to a register. */
function readEvent(entry: unknown): LoggedEvent {
  demand(typeof entry === "object" && entry !== null && !Array.isArray(entry), "event-log-malformed", "event");
  const members = entry as Readonly<Record<string, unknown>>;
  const imr = whole(members["imr"], runtimeRegister, "imr");
  const type = whole(members["event_type"], 0xffff_ffff, "event_type");
  const name = members["event"];
  demand(typeof name === "string" && name.length <= nameLengthMax, "event-log-malformed", "event");
  const payloadHex = hex(members["event_payload"], payloadLengthMax, "event_payload");
  const payload = hexToBytes(payloadHex);
  const logged = hexToBytes(hex(members["digest"] ?? "", digestLength, "digest"));
  // Neither may pass for the other: only dstack's own code extends its register, and nothing else is of its type.
  demand((imr === runtimeRegister) === (type === runtimeEventType), "event-log-malformed", "register and type");
  if (imr !== runtimeRegister) {
    demand(logged.length === digestLength, "event-log-malformed", "digest");
    return { imr, type, name, payload, digest: logged };
  }
  const digest = runtimeDigest(readVersion(members["version"]), name, payloadHex);
  const same = logged.length === 0 || (logged.length === digestLength && logged.every((byte, i) => byte === digest[i]));
  demand(same, "event-log-digest", name);
  return { imr, type, name, payload, digest };
}

function readVersion(value: unknown): 1 | 2 {
  demand(value === undefined || value === 1 || value === 2, "event-log-malformed", "version");
  return value ?? 1;
}

function whole(value: unknown, max: number, name: string): number {
  demand(Number.isInteger(value) && (value as number) >= 0 && (value as number) <= max, "event-log-malformed", name);
  return value as number;
}

function hex(value: unknown, lengthMax: number, name: string): string {
  demand(typeof value === "string" && value.length <= 2 * lengthMax, "event-log-malformed", name);
  demand(value.length % 2 === 0 && /^[0-9a-f]*$/.test(value), "event-log-malformed", name);
  return value;
}
