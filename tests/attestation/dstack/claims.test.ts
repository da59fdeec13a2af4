/** A dstack machine's log counts as far as the hardware confirms it, and only for what dstack itself wrote. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { readDstack } from "#attestation/dstack/claims.ts";
import { parseEventLog, runtimeDigest } from "#attestation/dstack/event-log.ts";
import { AttestationError } from "#attestation/errors.ts";
import { bytesToHex } from "#protocol/bytes.ts";
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

const without = (name: string): readonly Entry[] => goodLog.filter(({ event }) => event !== name);

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
