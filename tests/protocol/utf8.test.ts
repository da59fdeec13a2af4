/** What counts as text is what every strict decoder agrees on. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { hexToBytes } from "#protocol/bytes.ts";
import { isUtf8 } from "#protocol/utf8.ts";

const strict = (bytes: Uint8Array): boolean => {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
};

/** Bytes near the edges of the encoding, which random ones rarely hit. */
const edgy = fc.array(
  fc.constantFrom(
    0x00,
    0x5f,
    0x7f,
    0x80,
    0x8f,
    0x90,
    0x9f,
    0xa0,
    0xbf,
    0xc0,
    0xc1,
    0xc2,
    0xdf,
    0xe0,
    0xed,
    0xef,
    0xf0,
    0xf4,
    0xf5,
    0xff,
  ),
  { maxLength: 6 },
);

test("it agrees with the platform's strict decoder", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        edgy.map((bytes) => Uint8Array.from(bytes)),
        fc.uint8Array({ maxLength: 8 }),
      ),
      (bytes) => {
        expect(isUtf8(bytes, 0, bytes.length)).toBe(strict(bytes));
      },
    ),
    { numRuns: 3000 },
  );
});

test.for([
  ["c19f", "an underscore in two bytes"],
  ["e0819f", "an underscore in three"],
  ["eda080", "half a surrogate pair"],
  ["f4908080", "a code point above the last"],
  ["c3", "the first of two bytes"],
  ["80", "a byte that continues nothing"],
])("%s is refused: %s", ([hex]) => {
  const bytes = hexToBytes(hex!);
  expect(isUtf8(bytes, 0, bytes.length)).toBe(false);
});

test("it looks at the given part only", () => {
  const bytes = Uint8Array.of(0xff, 0x61, 0xc3, 0xa4, 0xff);
  expect(isUtf8(bytes, 1, 4)).toBe(true);
  expect(isUtf8(bytes, 1, 3)).toBe(false);
  expect(isUtf8(bytes, 0, 4)).toBe(false);
});
