/** Integers have one meaning, names are text, and nothing is read beyond its end. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Reader } from "#enclave/sandbox/hardener/reader.ts";
import { Writer } from "#enclave/sandbox/hardener/writer.ts";
import { signed, text, u32 } from "./assembler.ts";

const malformed = expect.objectContaining({ name: "HardenError", code: "module-malformed" });
const of = (...bytes: number[]): Reader => new Reader(Uint8Array.from(bytes));

test("what is written is read", () => {
  fc.assert(
    fc.property(
      fc.nat(0xffff_ffff),
      fc.integer(),
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.uint8Array({ maxLength: 300 }),
      (unsigned, integer, name, bytes) => {
        const written = new Writer(1).u32(unsigned).s32(integer).name(name).vector(bytes).byte(7).written;
        expect([...written]).toEqual([
          ...u32(unsigned),
          ...signed(integer),
          ...text(name),
          ...u32(bytes.length),
          ...bytes,
          7,
        ]);
        const reader = new Reader(written);
        expect(reader.u32()).toBe(unsigned);
        expect(reader.s32()).toBe(integer);
        expect(reader.name()).toBe(name);
        expect(reader.take(reader.count())).toEqual(bytes);
        expect(reader.byte()).toBe(7);
        reader.finish("all");
      },
    ),
    { seed: 3, numRuns: 500 },
  );
});

test("integers of 64 bits are passed over", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (integer) => {
      const reader = of(...signed(integer), 1);
      reader.skipS64();
      expect(reader.byte()).toBe(1);
    }),
    { seed: 4, numRuns: 500 },
  );
});

test.for([
  ["zero in five bytes", [0x80, 0x80, 0x80, 0x80, 0x00], 0],
  ["the largest", [0xff, 0xff, 0xff, 0xff, 0x0f], 0xffff_ffff],
] as const)("an unsigned integer may be longer than needed, up to its type: %s", ([, bytes, value]) => {
  expect(of(...bytes).u32()).toBe(value);
});

test.for([
  ["minus one in five bytes", [0xff, 0xff, 0xff, 0xff, 0x7f], -1],
  ["the least", [0x80, 0x80, 0x80, 0x80, 0x78], -(2 ** 31)],
  ["the largest", [0xff, 0xff, 0xff, 0xff, 0x07], 2 ** 31 - 1],
] as const)("so may a signed one: %s", ([, bytes, value]) => {
  expect(of(...bytes).s32()).toBe(value);
});

describe("refused", () => {
  test.for([
    ["an unsigned integer of six bytes", () => of(0x80, 0x80, 0x80, 0x80, 0x80, 0x00).u32()],
    ["an unsigned integer of 33 bits", () => of(0xff, 0xff, 0xff, 0xff, 0x1f).u32()],
    ["an unsigned integer that ends too early", () => of(0x80, 0x80).u32()],
    ["a signed integer of six bytes", () => of(0xff, 0xff, 0xff, 0xff, 0xff, 0x7f).s32()],
    ["a signed integer whose sign does not go on", () => of(0xff, 0xff, 0xff, 0xff, 0x0f).s32()],
    ["another", () => of(0x80, 0x80, 0x80, 0x80, 0x70).s32()],
    ["a signed integer of 64 bits in eleven bytes", () => of(...Array<number>(10).fill(0x80), 0).skipS64()],
    ["one whose sign does not go on", () => of(...Array<number>(9).fill(0xff), 0x01).skipS64()],
    ["a vector longer than what holds it", () => of(3, 1, 2).count()],
    ["bytes beyond the end", () => of(1, 2).take(3)],
    ["a byte beyond the end", () => of().byte()],
    ["a look beyond the end", () => of().peek()],
    ["a name that is not UTF-8", () => of(2, 0xc0, 0x80).name()],
    ["a name with half a pair", () => of(3, 0xed, 0xa0, 0x80).name()],
    ["something left over", () => of(1).finish("it")],
  ] as const)("%s", ([, read]) => {
    expect(read).toThrow(malformed);
  });

  test("what lies behind the given end", () => {
    const reader = new Reader(Uint8Array.from([1, 2, 3]), 1, 2);
    expect(reader.byte()).toBe(2);
    expect(() => reader.byte()).toThrow(malformed);
  });
});
