/**
 * What dstack measured about the application that a machine runs, read from a log that leads to a quote.
 *
 * Anything in the machine that has root may append to the log, for as long as the machine runs. So a name counts only
 * where dstack itself puts it: once, in its order, before the application was started (`system-ready`).
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "#protocol/bytes.ts";
import { AttestationError, demand } from "../errors.ts";
import type { DstackEvidence } from "../evidence.ts";
import type { DstackClaims, KeyProvider, VerifiedTdx } from "../verified.ts";
import { type LoggedEvent, parseEventLog, runtimeRegister } from "./event-log.ts";
import { checkReplay } from "./replay.ts";

/**
 * dstack's own events in the order in which it measures them. Others may stand in between: what an image measures
 * beside these is part of RTMR3 and says nothing here.
 */
const order = [
  "system-preparing",
  "app-id",
  "compose-hash",
  "instance-id",
  "boot-mr-done",
  "os-image-hash",
  "key-provider",
  "system-ready",
] as const;

type Name = (typeof order)[number];

/** Bytes of each payload. */
const lengths: Readonly<Record<Name, readonly number[]>> = {
  "system-preparing": [0],
  "app-id": [20],
  "compose-hash": [32],
  // Empty if the application asked for none.
  "instance-id": [20, 0],
  "boot-mr-done": [0],
  "os-image-hash": [32],
  // A JSON text, whose length is bounded by the log's.
  "key-provider": [],
  "system-ready": [0],
};

/** Older images do not measure their own hash. */
const optional: ReadonlySet<Name> = new Set(["os-image-hash"]);

/**
 * Reads what dstack says, after leading all of it to the registers of a verified quote.
 *
 * @throws AttestationError "event-log-malformed", "event-log-digest", "event-log-mismatch", "event-log-order",
 *   "compose-mismatch".
 */
export function readDstack(evidence: DstackEvidence, measurements: VerifiedTdx["measurements"]): DstackClaims {
  const events = parseEventLog(evidence.eventLog);
  const { rtmr0, rtmr1, rtmr2, rtmr3 } = measurements;
  checkReplay(events, [rtmr0, rtmr1, rtmr2, rtmr3]);
  const measured = readMeasured(events.filter(({ imr }) => imr === runtimeRegister));
  const text = (name: Name): string => bytesToHex(measured.get(name)?.payload ?? new Uint8Array(0));
  const composeHash = text("compose-hash");
  demand(bytesToHex(sha256(evidence.appCompose)) === composeHash, "compose-mismatch");
  return {
    composeHash,
    appId: text("app-id"),
    instanceId: text("instance-id"),
    keyProvider: readKeyProvider(measured.get("key-provider")!.payload),
    ...(measured.has("os-image-hash") ? { osImageHash: text("os-image-hash") } : {}),
  };
}

/** dstack's own events by name: each once, in order, none missing, and none after the application was started. */
function readMeasured(events: readonly LoggedEvent[]): ReadonlyMap<Name, LoggedEvent> {
  const found = new Map<Name, LoggedEvent>();
  const seen = new Set<string>();
  let next = 0;
  let started = false;
  for (const event of events) {
    const at = order.indexOf(event.name as Name);
    if (at < 0) {
      demand(next > 0, "event-log-order", `${event.name} at first`);
      demand(started || !seen.has(event.name), "event-log-order", `${event.name} twice`);
      seen.add(event.name);
      continue;
    }
    const name = order[at]!;
    demand(at >= next, "event-log-order", name);
    for (const skipped of order.slice(next, at)) demand(optional.has(skipped), "event-log-order", `no ${skipped}`);
    const allowed = lengths[name];
    demand(allowed.length === 0 || allowed.includes(event.payload.length), "event-log-order", `length of ${name}`);
    found.set(name, event);
    next = at + 1;
    started = next === order.length;
  }
  demand(started, "event-log-order", "no system-ready");
  return found;
}

function readKeyProvider(payload: Uint8Array): KeyProvider {
  const json = parseJson(payload);
  demand(typeof json === "object" && json !== null, "event-log-malformed", "key provider");
  const { name, id } = json as Readonly<Record<string, unknown>>;
  demand(typeof name === "string" && typeof id === "string" && name !== "", "event-log-malformed", "key provider");
  return { name, id };
}

function parseJson(payload: Uint8Array): unknown {
  demand(
    payload.every((byte) => byte >= 0x20 && byte < 0x7f),
    "event-log-malformed",
    "key provider",
  );
  try {
    return JSON.parse(String.fromCharCode(...payload));
  } catch (error) {
    if (error instanceof SyntaxError) throw new AttestationError("event-log-malformed", "key provider");
    throw error;
  }
}
