/** A dstack machine's log counts as far as the hardware confirms it, and only for what dstack itself wrote. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { readDstack } from "#attestation/dstack/claims.ts";
import { parseEventLog, runtimeDigest } from "#attestation/dstack/event-log.ts";
import { AttestationError, type AttestationErrorCode } from "#attestation/errors.ts";
import { bytesToHex, utf8ToBytes } from "#protocol/bytes.ts";
import {
  appCompose,
  appId,
  composeHash,
  encodeLog,
  type Entry,
  firmware,
  goodLog,
  instanceId,
  keyProvider,
  measured,
  measuredBy,
  osImageHash,
  runtime,
} from "./logs.ts";

const read = (entries: readonly Entry[], measurements = measuredBy(entries)) =>
  readDstack({ eventLog: encodeLog(entries), appCompose }, measurements);

const claims = { composeHash, appId, instanceId, keyProvider, osImageHash };

test("a whole start is read", () => {
  expect(read(goodLog)).toEqual(claims);
});

test("digests of version 2, and digests that are left out, lead to the same claims", () => {
  const second = goodLog.map((entry) => (entry.imr === 3 ? runtime(entry.event, entry.event_payload, 2) : entry));
  expect(read(second)).toEqual(claims);
  expect(measuredBy(second).rtmr3).not.toBe(measuredBy(goodLog).rtmr3);
  const left = goodLog.map((entry) => (entry.imr === 3 ? { ...entry, digest: "" } : entry));
  expect(read(left, measuredBy(goodLog))).toEqual(claims);
});

test("version 2 hashes a canonical JSON text of name, payload and type", () => {
  const text = '{"name":"compose-hash","payload":"abcd","type":134217729}';
  const log = parseEventLog(encodeLog([{ ...runtime("compose-hash", "abcd", 2) }]));
  expect(bytesToHex(log[0]!.digest)).toBe(bytesToHex(runtimeDigest(2, "compose-hash", "abcd")));
  // SHA-384 of the text, by another implementation.
  return crypto.subtle.digest("SHA-384", new TextEncoder().encode(text)).then((digest) => {
    expect(bytesToHex(new Uint8Array(digest))).toBe(bytesToHex(log[0]!.digest));
  });
});

test("what an application appends after its start changes nothing", () => {
  const noise = [runtime("miner-key", "aabb"), runtime("miner-key", "aabb"), runtime("storage-fs", "00")];
  expect(read([...goodLog, ...noise])).toEqual(claims);
});

test("a machine without an instance id, or of an older image, says so", () => {
  const without = goodLog
    .filter(({ event }) => event !== "os-image-hash")
    .map((entry) => (entry.event === "instance-id" ? runtime("instance-id") : entry));
  const { osImageHash: _, ...rest } = claims;
  expect(read(without)).toEqual({ ...rest, instanceId: "" });
});

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
test.for<readonly [AttestationErrorCode, string, readonly Entry[]]>([
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
])("%s: %s", ([code, , entries]) => {
  expect(() => read(entries)).toThrow(expect.objectContaining({ name: "AttestationError", code }));
});

/** Logs that do not fit the registers of the quote. */
test.for<readonly [AttestationErrorCode, string, readonly Entry[]]>([
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
])("%s: %s", ([code, , entries]) => {
  expect(() => read(entries, measuredBy(goodLog))).toThrow(expect.objectContaining({ name: "AttestationError", code }));
});

test.for([
  ["nothing", new Uint8Array(0)],
  ["no JSON", utf8ToBytes("[{]")],
  ["an object", encodeLog({})],
  ["a list of numbers", encodeLog([1])],
  ["a list of lists", encodeLog([[]])],
  ["a list of null", encodeLog([null])],
  ["text that is not ASCII", utf8ToBytes('[{"event":"é"}]')],
  ["more than its limit", utf8ToBytes(" ".repeat(17 * 1024))],
  ["brackets without end", utf8ToBytes("[".repeat(15 * 1024))],
] as const)("event-log-malformed: %s", ([, eventLog]) => {
  expect(() => readDstack({ eventLog, appCompose }, measuredBy(goodLog))).toThrow(
    expect.objectContaining({ code: "event-log-malformed" }),
  );
});

test.for([
  ["with a byte changed", appCompose.with(0, 0x5b)],
  ["without its last line break", appCompose.subarray(0, -1)],
  [
    "with its members in another order",
    utf8ToBytes('{"name":"phatroom","manifest_version":2,"runner":"docker-compose"}\n'),
  ],
  ["of no bytes", new Uint8Array(0)],
] as const)("compose-mismatch: an app-compose.json %s", ([, other]) => {
  expect(() => readDstack({ eventLog: encodeLog(goodLog), appCompose: other }, measuredBy(goodLog))).toThrow(
    expect.objectContaining({ code: "compose-mismatch" }),
  );
});

/** Every order of dstack's own events but the right one is refused, even where the hardware has measured it. */
test("no other order is accepted", () => {
  const own = goodLog.filter(({ imr, event }) => imr === 3 && event !== "storage-fs");
  fc.assert(
    fc.property(fc.shuffledSubarray([...own], { minLength: own.length - 2, maxLength: own.length }), (shuffled) => {
      const names = shuffled.map(({ event }) => event);
      fc.pre(names.join() !== own.map(({ event }) => event).join());
      const dropped =
        names.join() ===
        without("os-image-hash")
          .filter(({ imr, event }) => imr === 3 && event !== "storage-fs")
          .map(({ event }) => event)
          .join();
      fc.pre(!dropped);
      expect(() => read(shuffled)).toThrow(expect.objectContaining({ code: "event-log-order" }));
    }),
    { seed: 31, numRuns: 500 },
  );
});

test("any bytes are refused with a code, and no change to a log leaves it believed with other claims", () => {
  const good = encodeLog(goodLog);
  const measurements = measuredBy(goodLog);
  const change = fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 0x20, max: 0x7e })), {
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(
    fc.property(change, (changes) => {
      const eventLog = new Uint8Array(good);
      for (const [place, byte] of changes) eventLog[place] = byte;
      let found: unknown;
      try {
        found = readDstack({ eventLog, appCompose }, measurements);
      } catch (error) {
        expect(error).toBeInstanceOf(AttestationError);
        return;
      }
      // A changed spelling of the same log: unknown members, payloads that firmware's digests do not cover.
      expect(found).toEqual(claims);
    }),
    { seed: 32, numRuns: 2000 },
  );
});

test("registers begin with zeros, and each event changes its own alone", () => {
  const none = measured([]);
  expect(none.rtmr3).toBe("00".repeat(48));
  const one = measuredBy([firmware(2, "a2")]);
  expect({ ...one, rtmr2: none.rtmr2 }).toEqual(none);
  expect(one.rtmr2).not.toBe(none.rtmr2);
});
