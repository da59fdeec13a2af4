import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeFrom } from "#contract/guest/decode.ts";
import { encodeInto } from "#contract/guest/encode.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import { decodeMsgpack, encodeMsgpack } from "#protocol/msgpack.ts";

const window = new Uint8Array(64 * 1024);

const anyNumber = fc.oneof(
  fc.integer(),
  fc.constantFrom(0, -0, 31, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, -32, -33, -128, -129, -32_768),
  fc.constantFrom(-32_769, -(2 ** 31), -(2 ** 31) - 1, 2 ** 53 - 1, -(2 ** 53) + 1, 0.5, 5e-324),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 80 }),
  fc.integer({ min: 10, max: 300 }).map((length) => "é".repeat(length)),
  fc.integer({ min: 28, max: 33 }).map((length) => "x".repeat(length)),
  fc.integer({ min: 250, max: 260 }).map((length) => "x".repeat(length)),
);

const anyKey = fc
  .oneof(fc.string({ maxLength: 50 }), fc.constantFrom("id", "seat", "board"))
  .filter((key) => key !== "__proto__");

const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    anyNumber,
    anyText,
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie("value"), { maxLength: 20 }),
    fc.dictionary(anyKey, tie("value"), { maxKeys: 20, noNullPrototype: true }),
  ),
}));

test("inside the sandbox a value becomes the same bytes as outside", () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const length = encodeInto(window, value);
      expect(bytesToHex(window.slice(0, length))).toBe(bytesToHex(encodeMsgpack(value)));
    }),
    { numRuns: 500 },
  );
});

test("inside the sandbox bytes become the same value as outside", () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const bytes = encodeMsgpack(value);
      expect(decodeFrom(bytes)).toEqual(decodeMsgpack(bytes));
    }),
    { numRuns: 500 },
  );
});

test.for([
  ["float 32", "ca3f000000", 0.5],
  ["uint 64", "cf001fffffffffffff", 2 ** 53 - 1],
  ["int 64", "d3ffe0000000000001", -(2 ** 53) + 1],
  ["str 32", "db0000000161", "a"],
  ["array 32", "dd0000000101", [1]],
  ["map 32", "df00000001a16101", { a: 1 }],
  ["bin 16", "c5000107", new Uint8Array([7])],
] as const)("the decoder knows forms the encoder never uses: %s", ([, hex, value]) => {
  expect(decodeFrom(hexToBytes(hex))).toEqual(value);
});

test("bytes that are cut short never give a value", () => {
  fc.assert(
    fc.property(anyValue, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (value, part) => {
      const bytes = encodeMsgpack(value);
      expect(() => decodeFrom(bytes.slice(0, Math.floor(bytes.length * part)))).toThrow(RangeError);
    }),
  );
});

test("half a character becomes U+FFFD on both sides", () => {
  const text = `${"long enough to leave the short path ".repeat(4)}\ud800!`;
  const length = encodeInto(window, text);
  expect(window.slice(0, length)).toEqual(encodeMsgpack(text));
  expect(decodeFrom(window)).toBe(text.toWellFormed());
});

test("a value that does not fit is an error, whatever it ends in", () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const { length } = encodeMsgpack(value);
      expect(encodeInto(new Uint8Array(length), value)).toBe(length);
      expect(() => encodeInto(new Uint8Array(length - 1), value)).toThrow(RangeError);
    }),
  );
});

test.for([
  ["undefined", undefined],
  ["a function", () => 1],
  ["a symbol", Symbol("x")],
  ["a bigint", 1n],
])("%s is no value", ([, value]) => {
  expect(() => encodeInto(window, [value])).toThrow(TypeError);
});

test.for([
  ["a key that is a number", "810101"],
  ["the prototype as a key", "81a95f5f70726f746f5f5f80"],
  ["an extension", "d40100"],
])("%s is refused", ([, hex]) => {
  expect(() => decodeFrom(hexToBytes(hex!))).toThrow(TypeError);
});
