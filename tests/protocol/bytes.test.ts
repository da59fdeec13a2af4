/** Joined bytes can be told apart again. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesToHex, equalBytes, lengthPrefixed, u32le, utf8ToBytes } from "#protocol/bytes.ts";
import { u32 } from "./support/arbitraries.ts";

const fields = fc.array(fc.oneof(fc.uint8Array({ maxLength: 8 }), fc.string({ maxLength: 4 })), { maxLength: 5 });
const asBytes = (field: Uint8Array | string): string =>
  bytesToHex(typeof field === "string" ? utf8ToBytes(field) : field);

test("no two lists of fields give the same bytes", () => {
  fc.assert(
    fc.property(fields, fields, (one, other) => {
      const same = JSON.stringify(one.map(asBytes)) === JSON.stringify(other.map(asBytes));
      expect(equalBytes(lengthPrefixed(...one), lengthPrefixed(...other))).toBe(same);
    }),
  );
});

test("moving a byte from one field to the next changes the result", () => {
  expect(lengthPrefixed("ab", "c")).not.toEqual(lengthPrefixed("a", "bc"));
  expect(lengthPrefixed("")).not.toEqual(lengthPrefixed());
  expect(lengthPrefixed("ab")).not.toEqual(lengthPrefixed("ab", ""));
});

test("numbers are little-endian, whole and 32 bits wide", () => {
  fc.assert(
    fc.property(u32, (number) => {
      const bytes = u32le(number);
      expect(bytes[0]! + bytes[1]! * 2 ** 8 + bytes[2]! * 2 ** 16 + bytes[3]! * 2 ** 24).toBe(number);
    }),
  );
});

test.for([-1, 2 ** 32, 0.5, Number.NaN, Infinity])("%d does not wrap around", (number) => {
  expect(() => u32le(number)).toThrow(RangeError);
});

test("bytes are equal if and only if every byte is", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ maxLength: 20 }), (one, other) => {
      expect(equalBytes(one, one.slice())).toBe(true);
      expect(equalBytes(one, other)).toBe(bytesToHex(one) === bytesToHex(other));
    }),
  );
});
