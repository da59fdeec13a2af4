/** Logs as files: the same bytes for ever, read by one who has only the format's description, and refused when they are not. */
import { hkdfSync } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { AuditError } from "#audit/errors.ts";
import { decodeLogFile, encodeLogFile, type RoomLogFile } from "#audit/log-file.ts";
import { RecordReader, revealOf } from "#audit/records.ts";
import { bytesToHex, hexToBytes, lengthPrefixed } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import { keys, openingNonce } from "../enclave/vault/vault-cases.ts";
import { auditCases } from "../vectors/audit-cases.ts";
import golden from "../vectors/audit.json" with { type: "json" };

const vector = (name: string): Uint8Array => hexToBytes(golden.find((one) => one.name === name)!.bytes);

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof AuditError) return error.code;
    throw error;
  }
  return "read";
};

test("formats have the bytes of the golden vectors", () => {
  expect(auditCases()).toEqual(golden);
});

test("keys are HKDF-SHA-256 of the room's, by their names", () => {
  for (const [name, label] of [
    ["root of the tree of keys", "phatroom/1/revealable"],
    ["authentication key", "phatroom/1/record-mac"],
  ] as const) {
    const key = hkdfSync("sha256", keys.room, new Uint8Array(0), lengthPrefixed(label, openingNonce), 32);
    expect(bytesToHex(new Uint8Array(key))).toBe(bytesToHex(vector(name)));
  }
});

test("the golden log is read to its end, record by record", () => {
  const file = decodeLogFile(vector("log file"));
  const reveal = revealOf(file)!;
  expect(reveal).toMatchObject({ finale: { tick: 250, result: { winner: 1 } }, openings: [{ records: 5 }] });
  // Its bodies are filler: the first record opens, and is then found to say nothing.
  expect(codeOf(() => new RecordReader(file, reveal.openings).next())).toBe("unreadable");
});

const bytesOf = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });

const file: fc.Arbitrary<RoomLogFile> = fc.record({
  place: fc.record({
    world: bytesOf(32),
    lineage: bytesOf(32),
    room: bytesOf(10).map((bytes) => bytesToHex(bytes) as RoomId),
  }),
  contract: bytesOf(32),
  manifest: fc.uint8Array({ maxLength: 100 }),
  keys: fc.option(
    fc.array(fc.record({ records: fc.nat(1000), nodes: fc.array(bytesOf(32), { maxLength: 24 }) }), { maxLength: 4 }),
    { nil: undefined },
  ),
  records: fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 10 }),
});

test("what is written is read", () => {
  fc.assert(
    fc.property(file, (written) => {
      expect(decodeLogFile(encodeLogFile(written))).toEqual(written);
    }),
  );
});

test("every byte of a file says something: no two files are read as the same log", () => {
  fc.assert(
    fc.property(file, fc.nat(), fc.integer({ min: 1, max: 255 }), (written, where, change) => {
      const bytes = encodeLogFile(written);
      bytes[where % bytes.length]! ^= change;
      let read: RoomLogFile | undefined;
      try {
        read = decodeLogFile(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(AuditError);
      }
      if (read !== undefined) expect(encodeLogFile(read)).toEqual(bytes);
    }),
  );
});

test.for<[string, (bytes: Uint8Array) => Uint8Array, string]>([
  ["no bytes", () => new Uint8Array(0), "not-a-log"],
  ["another kind of file", () => new TextEncoder().encode("{".repeat(400)), "not-a-log"],
  ["a later version", (bytes) => bytes.with(13, "2".charCodeAt(0)), "another-version"],
  ["half of it", (bytes) => bytes.subarray(0, bytes.length / 2), "not-a-log"],
  ["one byte more", (bytes) => Uint8Array.of(...bytes, 0), "not-a-log"],
])("%s is refused", ([, change, code]) => {
  expect(codeOf(() => decodeLogFile(change(vector("log file"))))).toBe(code);
});

test("a file that says that it is endless is refused before anything is read", () => {
  const bytes = vector("log file").slice();
  // The length of the manifest.
  new DataView(bytes.buffer).setUint32(15 + 96 + 20, 0xffff_ffff, true);
  expect(codeOf(() => decodeLogFile(bytes))).toBe("not-a-log");
});
