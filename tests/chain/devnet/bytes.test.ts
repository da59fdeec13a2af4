/** SCALE, hashes and headers, against values that others published. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeHeader, encodeHeader } from "#chain/devnet/blocks/header.ts";
import { twox } from "#chain/devnet/hashing.ts";
import { fromHex, toHex } from "#chain/devnet/hex.ts";
import { importedMemory } from "#chain/devnet/runtime/memory-import.ts";
import { compact, littleEndian, prefixed, ScaleReader, vector } from "#chain/devnet/scale.ts";
import { xxh64 } from "#protocol/xxh64.ts";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe("SCALE", () => {
  // From the chapter "Compact/general integers" of Substrate's documentation.
  test.for([
    [0, "0x00"],
    [1, "0x04"],
    [42, "0xa8"],
    [63, "0xfc"],
    [64, "0x0101"],
    [69, "0x1501"],
    [16_383, "0xfdff"],
    [16_384, "0x02000100"],
    [65_535, "0xfeff0300"],
    [1_073_741_823, "0xfeffffff"],
    [1_073_741_824, "0x0300000040"],
    [100_000_000_000_000, "0x0b00407a10f35a"],
  ] as const)("%d is %s", ([value, hex]) => {
    expect(toHex(compact(value))).toBe(hex);
    expect(new ScaleReader(fromHex(hex)!).compact()).toBe(value);
  });

  test("reads what it wrote, and nothing more", () => {
    fc.assert(
      fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), fc.array(fc.uint8Array()), (number, items) => {
        const reader = new ScaleReader(Uint8Array.from([...compact(number), ...vector(items.map(prefixed))]));
        expect(reader.compact()).toBe(number);
        expect(reader.vector(() => reader.prefixed()).map(toHex)).toEqual(items.map(toHex));
        reader.end();
        expect(() => reader.u8()).toThrow("1 bytes wanted");
      }),
    );
  });

  test("a list that says it is longer than all there is makes no memory go", () => {
    const reader = new ScaleReader(Uint8Array.from([...compact(2 ** 40), 0]));
    expect(() => reader.vector(() => 0)).toThrow("items in 1 bytes");
  });

  test("numbers do not wrap around", () => {
    expect(() => littleEndian(256, 1)).toThrow(RangeError);
    expect(() => compact(-1)).toThrow(RangeError);
  });
});

describe("hashes", () => {
  // Of the reference implementation, seed 0 and 1.
  test.for([
    ["", 0n, 0xef46db3751d8e999n],
    ["a", 0n, 0xd24ec4f1a98c6e5bn],
    ["as", 0n, 0x1c330fb2d66be179n],
    ["asd", 0n, 0x631c37ce72a97393n],
    ["asdf", 0n, 0x415872f599cea71en],
    ["Call me Ishmael. Some years ago--never mind how long precisely-", 0n, 0x02a2e85470d6fd96n],
  ] as const)("XXH64 of %j", ([input, seed, hash]) => {
    expect(xxh64(text(input), seed)).toBe(hash);
  });

  test.for([
    ["System", "0x26aa394eea5630e07c48ae0c9558cef7"],
    ["Account", "0xb99d880ec681799c0cf30e8886371da9"],
    ["Balances", "0xc2261276cc9d1f8598ea4b6a74b15c2f"],
    ["TotalIssuance", "0x57c875e4cff74148e4628f264b974c80"],
  ] as const)("%s is where every chain has it", ([name, hash]) => {
    expect(toHex(twox(text(name), 16))).toBe(hash);
  });
});

describe("a header", () => {
  const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const engine = fc.tuple(fc.constantFrom(4, 5, 6), fc.uint8Array({ maxLength: 80 }));
  const log = fc.oneof(
    engine.map(([kind, data]) => Uint8Array.from([kind, 97, 117, 114, 97, ...prefixed(data)])),
    fc.constant(Uint8Array.of(8)),
    fc.uint8Array({ maxLength: 5 }).map((data) => Uint8Array.from([0, ...prefixed(data)])),
  );
  const header = fc.record({
    parentHash: hash,
    number: fc.nat({ max: 0xffff_ffff }),
    stateRoot: hash,
    extrinsicsRoot: hash,
    logs: fc.array(log, { maxLength: 4 }),
  });

  test("is read as it was written", () => {
    fc.assert(
      fc.property(header, (one) => {
        expect(decodeHeader(encodeHeader(one))).toEqual(one);
      }),
    );
  });

  test("with bytes behind it is none", () => {
    fc.assert(
      fc.property(header, (one) => {
        expect(() => decodeHeader(Uint8Array.from([...encodeHeader(one), 0]))).toThrow("1 bytes too many");
      }),
      { numRuns: 10 },
    );
  });
});

describe("the memory that a module imports", () => {
  const module = (...imports: number[]): Uint8Array =>
    Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 2, imports.length, ...imports]);
  const named = [1, 97, 1, 98];

  test.for([
    ["with a maximum", module(1, ...named, 2, 1, 20, 0x80, 0x01), { initial: 20, maximum: 128 }],
    ["without one", module(1, ...named, 2, 0, 17), { initial: 17, maximum: undefined }],
    [
      "behind a function, a table and a global",
      module(4, ...named, 0, 5, ...named, 1, 0x70, 1, 1, 2, ...named, 3, 0x7f, 0, ...named, 2, 0, 3),
      { initial: 3, maximum: undefined },
    ],
    ["not at all", module(1, ...named, 0, 5), undefined],
  ] as const)("is found %s", ([, bytes, limits]) => {
    expect(importedMemory(bytes)).toEqual(limits);
  });
});
