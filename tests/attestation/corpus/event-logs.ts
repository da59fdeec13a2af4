/** What a dstack machine might say about its application: logs reordered, extended, forged and doubled, other files. */
import { readDstack } from "#attestation/dstack/claims.ts";
import type { AttestationErrorCode } from "#attestation/errors.ts";
import { bytesToHex, utf8ToBytes } from "#protocol/bytes.ts";
import {
  appCompose,
  appId,
  composeHash,
  encodeLog,
  type Entry,
  firmware,
  goodLog,
  measuredBy,
  osImageHash,
  runtime,
} from "../dstack/logs.ts";
import type { Attack } from "./attack.ts";

type Row = readonly [code: AttestationErrorCode, what: string, entries: readonly Entry[]];

const at = (name: string): number => goodLog.findIndex(({ event }) => event === name);
const without = (name: string): readonly Entry[] => goodLog.filter(({ event }) => event !== name);
const replaced = (name: string, entry: Entry): readonly Entry[] => goodLog.with(at(name), entry);
const inserted = (before: string, entry: Entry): readonly Entry[] => goodLog.toSpliced(at(before), 0, entry);
const changed = (name: string, change: object): readonly Entry[] =>
  replaced(name, { ...goodLog[at(name)]!, ...change });
const swapped = (one: string, other: string): readonly Entry[] =>
  replaced(one, goodLog[at(other)]!).with(at(other), goodLog[at(one)]!);
const otherCompose = "c0".repeat(32);
const provider = (text: string): readonly Entry[] =>
  replaced("key-provider", runtime("key-provider", bytesToHex(utf8ToBytes(text))));

/** Logs that fit their registers and say what dstack never says. */
const measured: readonly Row[] = [
  ["event-log-order", "no events at all", []],
  ["event-log-order", "no events of dstack's", goodLog.filter(({ imr }) => imr !== 3)],
  ["event-log-order", "a start that never ends", without("system-ready")],
  ["event-log-order", "no app id", without("app-id")],
  ["event-log-order", "no compose hash", without("compose-hash")],
  ["event-log-order", "no instance id", without("instance-id")],
  ["event-log-order", "no key provider", without("key-provider")],
  ["event-log-order", "no beginning", without("system-preparing")],
  ["event-log-order", "no end of the boot", without("boot-mr-done")],
  ["event-log-order", "an event before the beginning", inserted("system-preparing", runtime("early"))],
  ["event-log-order", "a second compose hash after the start", [...goodLog, runtime("compose-hash", otherCompose)]],
  [
    "event-log-order",
    "a second compose hash before it",
    inserted("boot-mr-done", runtime("compose-hash", otherCompose)),
  ],
  ["event-log-order", "the same compose hash twice", inserted("compose-hash", runtime("compose-hash", composeHash))],
  ["event-log-order", "a second app id", [...goodLog, runtime("app-id", "00".repeat(20))]],
  ["event-log-order", "a second key provider", inserted("system-ready", runtime("key-provider", "7b7d"))],
  ["event-log-order", "a second start", [...goodLog, ...goodLog.filter(({ imr }) => imr === 3)]],
  ["event-log-order", "a second system-ready", [...goodLog, runtime("system-ready")]],
  ["event-log-order", "an image hash added late", [...without("os-image-hash"), runtime("os-image-hash", osImageHash)]],
  ["event-log-order", "a compose hash after the boot", swapped("compose-hash", "boot-mr-done")],
  ["event-log-order", "an app id after the boot", swapped("app-id", "boot-mr-done")],
  ["event-log-order", "a compose hash before the app id", swapped("app-id", "compose-hash")],
  ["event-log-order", "a key provider before the boot is done", swapped("key-provider", "boot-mr-done")],
  ["event-log-order", "an unknown event twice before the start", inserted("storage-fs", runtime("storage-fs", "00"))],
  ["event-log-order", "a short compose hash", replaced("compose-hash", runtime("compose-hash", "c0".repeat(31)))],
  ["event-log-order", "a long app id", replaced("app-id", runtime("app-id", "aa".repeat(21)))],
  ["event-log-order", "an instance id of one byte", replaced("instance-id", runtime("instance-id", "aa"))],
  ["event-log-order", "a system-ready that says something", replaced("system-ready", runtime("system-ready", "00"))],
  ["event-log-malformed", "a key provider that is no JSON", provider("kms")],
  ["event-log-malformed", "a key provider without an id", provider('{"name":"kms"}')],
  ["event-log-malformed", "a key provider without a name", provider('{"name":"","id":""}')],
  ["event-log-malformed", "a key provider that is a number", provider("7")],
  ["event-log-malformed", "a key provider that is not ASCII", provider('{"name":"kms","id":"é"}')],
  ["compose-mismatch", "another compose file", replaced("compose-hash", runtime("compose-hash", otherCompose))],
];

/** Logs that do not fit the registers of the quote. */
const unmeasured: readonly Row[] = [
  ["event-log-mismatch", "an event left out", without("storage-fs")],
  ["event-log-mismatch", "an event added", [...goodLog, runtime("more")]],
  ["event-log-mismatch", "events of firmware reordered", goodLog.with(0, goodLog[2]!).with(2, goodLog[0]!)],
  ["event-log-mismatch", "an event moved to another register", goodLog.with(1, { ...goodLog[1]!, imr: 2 })],
  ["event-log-mismatch", "another compose hash", replaced("compose-hash", runtime("compose-hash", otherCompose))],
  ["event-log-mismatch", "another app id", replaced("app-id", runtime("app-id", "00".repeat(20)))],
  ["event-log-mismatch", "another key provider", provider('{"name":"none","id":""}')],
  ["event-log-mismatch", "dstack's events reordered", swapped("app-id", "compose-hash")],
  ["event-log-mismatch", "events of firmware with another digest", goodLog.with(0, firmware(0, "a9"))],
  ["event-log-mismatch", "version 2 where version 1 was measured", replaced("app-id", runtime("app-id", appId, 2))],
  ["event-log-digest", "a payload that its digest is not of", changed("app-id", { event_payload: "00".repeat(20) })],
  ["event-log-digest", "a name that its digest is not of", changed("storage-fs", { event: "storage" })],
  ["event-log-digest", "a digest of the other version", changed("app-id", { version: 2 })],
  ["event-log-digest", "half a digest", changed("app-id", { digest: "00".repeat(24) })],
  ["event-log-malformed", "a register that does not exist", goodLog.with(0, firmware(4, "a0"))],
  ["event-log-malformed", "a negative register", goodLog.with(0, firmware(-1, "a0"))],
  ["event-log-malformed", "half a register", goodLog.with(0, firmware(0.5, "a0"))],
  ["event-log-malformed", "firmware's event without a digest", goodLog.with(0, { ...goodLog[0]!, digest: "" })],
  ["event-log-malformed", "dstack's type in firmware's register", changed("app-id", { imr: 2 })],
  ["event-log-malformed", "firmware's type in dstack's register", changed("app-id", { event_type: 4 })],
  ["event-log-malformed", "a digest that is too long", changed("app-id", { digest: "00".repeat(49) })],
  ["event-log-malformed", "a digest in capitals", goodLog.with(0, { ...goodLog[0]!, digest: "A0".repeat(48) })],
  ["event-log-malformed", "a payload of half a byte", changed("storage-fs", { event_payload: "7" })],
  ["event-log-malformed", "a payload that is a number", changed("storage-fs", { event_payload: 7 })],
  ["event-log-malformed", "a payload beyond its limit", changed("storage-fs", { event_payload: "00".repeat(4097) })],
  ["event-log-malformed", "a name that is a number", changed("storage-fs", { event: 7 })],
  ["event-log-malformed", "a name beyond its limit", changed("storage-fs", { event: "x".repeat(129) })],
  ["event-log-malformed", "a third version", changed("app-id", { version: 3 })],
  ["event-log-malformed", "a type beyond 32 bits", goodLog.with(0, { ...goodLog[0]!, event_type: 2 ** 32 })],
  ["event-log-malformed", "more events than any machine logs", Array.from({ length: 257 }, () => firmware(0, "a0"))],
];

const unreadable: readonly (readonly [what: string, eventLog: Uint8Array])[] = [
  ["nothing", new Uint8Array(0)],
  ["no JSON", utf8ToBytes("[{]")],
  ["an object", encodeLog({})],
  ["a list of numbers", encodeLog([1])],
  ["a list of lists", encodeLog([[]])],
  ["a list of null", encodeLog([null])],
  ["text that is not ASCII", utf8ToBytes('[{"event":"é"}]')],
  ["more than its limit", utf8ToBytes(" ".repeat(17 * 1024))],
  ["brackets without end", utf8ToBytes("[".repeat(15 * 1024))],
];

const otherFiles: readonly (readonly [what: string, appCompose: Uint8Array])[] = [
  ["with a byte changed", appCompose.with(0, 0x5b)],
  ["without its last line break", appCompose.subarray(0, -1)],
  [
    "with its members in another order",
    utf8ToBytes('{"name":"phatroom","manifest_version":2,"runner":"docker-compose"}\n'),
  ],
  ["of no bytes", new Uint8Array(0)],
];

const read = (eventLog: Uint8Array, entries: readonly Entry[], file: Uint8Array = appCompose) =>
  readDstack({ eventLog, appCompose: file }, measuredBy(entries));

export const eventLogs: readonly Attack[] = [
  ...measured.map(([code, what, entries]): Attack => ({
    name: `event log that was measured: ${what}`,
    code,
    run: async () => read(encodeLog(entries), entries),
  })),
  ...unmeasured.map(([code, what, entries]): Attack => ({
    name: `event log: ${what}`,
    code,
    run: async () => read(encodeLog(entries), goodLog),
  })),
  ...unreadable.map(([what, eventLog]): Attack => ({
    name: `event log: ${what}`,
    code: "event-log-malformed",
    run: async () => read(eventLog, goodLog),
  })),
  ...otherFiles.map(([what, file]): Attack => ({
    name: `app-compose.json ${what}`,
    code: "compose-mismatch",
    run: async () => read(encodeLog(goodLog), goodLog, file),
  })),
];
