/** Rows of input: what a player can say with them, and nothing else. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesToHex } from "#protocol/bytes.ts";
import { decodeInputRow, encodeInputRow, inputFormat, inputProblem } from "#protocol/input-row.ts";
import type { TableLayout } from "#protocol/tables.ts";

const layout: TableLayout = {
  name: "Wish",
  capacity: 4,
  fields: [
    { name: "x", type: "range", min: -1, max: 1, bits: 8 },
    { name: "aim", type: "angle16" },
    { name: "seen", type: "u32" },
    { name: "fire", type: "u8" },
    { name: "run", type: "bool" },
    { name: "dx", type: "i16" },
  ],
  audience: { who: "nobody" },
  position: null,
};
const format = inputFormat(layout);

test("a row has these bytes", () => {
  const row = { n: 1, seen: 258, values: [1, Math.PI / 2, 7, 1, -2] };
  expect(bytesToHex(encodeInputRow(format, row))).toBe("01000000020100" + "00ff0040" + "0701feff");
});

test("every row that can be sent is read as what is nearest to it", () => {
  const values = fc.tuple(
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ min: -3, max: 3, noNaN: true }),
    fc.nat(255),
    fc.constantFrom(0, 1),
    fc.integer({ min: -32_768, max: 32_767 }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 32 - 1 }), fc.nat(2 ** 31), values, (n, seen, given) => {
      const read = decodeInputRow(format, encodeInputRow(format, { n, seen, values: given }));
      expect([read.n, read.seen]).toEqual([n, seen]);
      expect(read.values.slice(2)).toEqual(given.slice(2));
      expect(Math.abs(read.values[0]! - given[0])).toBeLessThan(1 / 254);
      expect(Math.abs(read.values[1]! - given[1])).toBeLessThan(0.0001);
      // What a client predicts with is what the worker applies: reading is final.
      expect(decodeInputRow(format, encodeInputRow(format, read))).toEqual(read);
    }),
  );
});

test("what is no number, or beyond every range, is sent as something that is not", () => {
  for (const odd of [Number.NaN, Infinity, -Infinity, 1e300]) {
    const { values } = decodeInputRow(
      format,
      encodeInputRow(format, { n: 1, seen: 0, values: [odd, odd, odd, odd, odd] }),
    );
    for (const value of values) expect(Number.isFinite(value)).toBe(true);
    expect(Math.abs(values[0]!)).toBeLessThanOrEqual(1);
  }
});

test("whatever bytes come, what is read is finite and within its ranges, or the row is refused", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.uint8Array({ minLength: 8 + format.length, maxLength: 8 + format.length }),
  );
  fc.assert(
    fc.property(bytes, (row) => {
      try {
        const { n, values } = decodeInputRow(format, row);
        expect(n).toBeGreaterThan(0);
        expect(values.every(Number.isFinite)).toBe(true);
        expect(Math.abs(values[0]!)).toBeLessThanOrEqual(1);
        expect([0, 1]).toContain(values[3]);
        expect(encodeInputRow(format, decodeInputRow(format, row))).toEqual(row);
      } catch (error) {
        expect(error).toMatchObject({ code: "malformed" });
      }
    }),
  );
});

test.for([
  ["nothing", ""],
  ["a byte less", "0100000002010000ff00400701fe"],
  ["a byte more", "0100000002010000ff00400701feff00"],
  ["number 0", "0000000002010000ff00400701feff"],
  ["a truth that is neither", "0100000002010000ff00400702feff"],
] as const)("%s is refused", ([, hex]) => {
  const bytes = new Uint8Array(Buffer.from(hex, "hex"));
  expect(() => decodeInputRow(format, bytes)).toThrow(expect.objectContaining({ code: "malformed" }));
});

describe("a table that cannot be an input is refused, with what to do", () => {
  test("this one can", () => expect(inputProblem(layout, 4)).toBeUndefined());

  test.for([
    ["audience", { audience: { who: "everyone" } }, /nobody/],
    ["capacity", { capacity: 5 }, /players\.max/],
    ["no fields", { fields: [{ name: "seen", type: "u32" }] }, /1 to 16 fields/],
    ["a number without bounds", { fields: [{ name: "x", type: "f32" }] }, /Wish\.x is f32/],
    ["text", { fields: [{ name: "x", type: "text", bytes: 8 }] }, /Wish\.x is text/],
    ["another seen", { fields: [...layout.fields.slice(0, 2), { name: "seen", type: "u8" }] }, /seen is u32/],
  ] as const)("%s", ([, change, says]) => {
    expect(inputProblem({ ...layout, ...change } as TableLayout, 4)).toMatch(says);
  });
});
