/** CBOR is read in its shortest spelling alone, and nothing makes the reader fail otherwise than with its code. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { AttestationError } from "#attestation/errors.ts";
import { CborReader } from "#attestation/nitro/cbor.ts";
import { parseNitroDocument } from "#attestation/nitro/document.ts";
import { parseSnpReport } from "#attestation/sev-snp/report.ts";
import { concatBytes } from "#protocol/bytes.ts";
import { array, bytes, head, map, nothing, openMap, text, unsigned } from "./cbor.ts";
import { forgeNitro } from "./forge.ts";

const malformed = expect.objectContaining({ code: "quote-malformed" });

test("what is written is read, whatever it is, and nothing is left", () => {
  const ascii = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((c) => String.fromCharCode(c)) });
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.uint8Array({ maxLength: 300 }), ascii, (number, blob, words) => {
      const reader = new CborReader(concatBytes(unsigned(number), bytes(blob), text(words), nothing, array()));
      expect(reader.unsigned()).toBe(number);
      expect(reader.bytes(300)).toEqual(blob);
      expect(reader.text(1000)).toBe(words);
      expect(reader.optional(() => reader.unsigned())).toBeUndefined();
      expect(reader.array(0, () => undefined)).toEqual([]);
      reader.end();
    }),
    { seed: 1, numRuns: 200 },
  );
});

test("a number has one spelling", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.constantFrom(1, 2, 4, 8), (number, length) => {
      if (number >= 256 ** length || head(0, number).length === 1 + length) return;
      expect(() => new CborReader(head(0, number, length)).unsigned()).toThrow(malformed);
    }),
    { seed: 2, numRuns: 300 },
  );
});

test.for([
  ["a head that is reserved", Uint8Array.of(0x1c)],
  ["a head without a length", Uint8Array.of(0x1f)],
  ["a head that does not end", Uint8Array.of(0x19, 1)],
  ["another kind", Uint8Array.of(0x20)],
  ["nothing", new Uint8Array(0)],
] as const)("no number: %s", ([, input]) => {
  expect(() => new CborReader(input).unsigned()).toThrow(malformed);
});

test("a map without its length is read where it is expected, and nowhere else", () => {
  const input = openMap([unsigned(1), unsigned(2)]);
  const read = (unbounded: boolean) => {
    const reader = new CborReader(input);
    const key = () => reader.unsigned();
    reader.map(1, key, key, unbounded);
    reader.end();
  };
  expect(() => read(true)).not.toThrow();
  expect(() => read(false)).toThrow(malformed);
});

test("a map has each key once, and not more than it may have", () => {
  const read = (input: Uint8Array, countMax: number) => {
    const reader = new CborReader(input);
    const next = () => reader.unsigned();
    reader.map(countMax, next, next, true);
  };
  const entry = (key: number) => [unsigned(key), unsigned(0)] as const;
  for (const write of [map, openMap]) {
    expect(() => read(write(entry(1), entry(2)), 2)).not.toThrow();
    expect(() => read(write(entry(1), entry(1)), 2)).toThrow(malformed);
    expect(() => read(write(entry(1), entry(2)), 1)).toThrow(malformed);
  }
});

test("any bytes are read, or refused with a code", async () => {
  const { quote } = await forgeNitro();
  const changed = fc
    .array(fc.tuple(fc.nat(quote.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 })
    .map((changes) => {
      const copy = new Uint8Array(quote);
      for (const [at, value] of changes) copy[at] = value;
      return copy;
    });
  const report = fc.uint8Array({ minLength: 1184, maxLength: 1184 });
  fc.assert(
    fc.property(fc.oneof(changed, report, fc.uint8Array({ maxLength: 100 })), (input) => {
      for (const parse of [parseNitroDocument, parseSnpReport]) {
        try {
          parse(input);
        } catch (error) {
          expect(error).toBeInstanceOf(AttestationError);
        }
      }
    }),
    { seed: 3, numRuns: 500 },
  );
});
