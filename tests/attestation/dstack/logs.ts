/** Event logs of made-up dstack machines, and the registers they lead to. */
import { sha256 } from "@noble/hashes/sha2.js";
import { type LoggedEvent, parseEventLog, runtimeDigest, runtimeEventType } from "#attestation/dstack/event-log.ts";
import { replay } from "#attestation/dstack/replay.ts";
import type { VerifiedTdx } from "#attestation/verified.ts";
import { bytesToHex, utf8ToBytes } from "#protocol/bytes.ts";

/** An event as JSON has it. */
export interface Entry {
  readonly imr: number;
  readonly event_type: number;
  readonly digest?: string;
  readonly event: string;
  readonly event_payload: string;
  readonly version?: number;
}

export const appCompose = utf8ToBytes('{"manifest_version":2,"name":"phatroom","runner":"docker-compose"}\n');
export const composeHash = bytesToHex(sha256(appCompose));
export const appId = composeHash.slice(0, 40);
export const instanceId = "17".repeat(20);
export const osImageHash = "05".repeat(32);
export const keyProvider = { name: "kms", id: "30".repeat(32) };

/** One of dstack's own events, as version 1 measures it. */
export const runtime = (event: string, payload = "", version?: 1 | 2): Entry => ({
  imr: 3,
  event_type: runtimeEventType,
  digest: bytesToHex(runtimeDigest(version ?? 1, event, payload)),
  event,
  event_payload: payload,
  ...(version === undefined ? {} : { version }),
});

/** Something that firmware or kernel measured. */
export const firmware = (imr: number, fill: string): Entry => ({
  imr,
  event_type: 4,
  digest: fill.repeat(48),
  event: "",
  event_payload: "00000000",
});

/** A whole start, as dstack logs it. */
export const goodLog: readonly Entry[] = [
  firmware(0, "a0"),
  firmware(1, "a1"),
  firmware(0, "b0"),
  firmware(2, "a2"),
  runtime("system-preparing"),
  runtime("app-id", appId),
  runtime("compose-hash", composeHash),
  runtime("instance-id", instanceId),
  runtime("boot-mr-done"),
  runtime("os-image-hash", osImageHash),
  runtime("key-provider", bytesToHex(utf8ToBytes(JSON.stringify(keyProvider)))),
  runtime("storage-fs", "7a6673"),
  runtime("system-ready"),
];

export const encodeLog = (entries: unknown): Uint8Array => utf8ToBytes(JSON.stringify(entries));

/** The measurements to which a log leads. */
export function measured(events: readonly LoggedEvent[]): VerifiedTdx["measurements"] {
  const [rtmr0, rtmr1, rtmr2, rtmr3] = replay(events);
  return { mrtd: "ff".repeat(48), rtmr0, rtmr1, rtmr2, rtmr3 };
}

/** As if the hardware had measured exactly this. */
export const measuredBy = (entries: readonly Entry[]): VerifiedTdx["measurements"] =>
  measured(parseEventLog(encodeLog(entries)));
