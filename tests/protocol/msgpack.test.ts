/** What is encoded is what is decoded, and what nobody here would encode is refused. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { messageNodesMax } from "#protocol/limits.ts";
import { decodeMsgpack, encodeMsgpack } from "#protocol/msgpack.ts";
import { value } from "./support/arbitraries.ts";
import { mutation, refusalOf } from "./support/refusal.ts";

test("a tree comes back equal", () => {
  fc.assert(
    fc.property(value, (tree) => {
      expect(decodeMsgpack(encodeMsgpack(tree), 64)).toEqual(tree);
    }),
  );
});

test("the same tree gives the same bytes", () => {
  fc.assert(
    fc.property(value, (tree) => {
      const bytes = encodeMsgpack(tree);
      expect(encodeMsgpack(decodeMsgpack(bytes, 64))).toEqual(bytes);
    }),
  );
});

test("any bytes are a tree or a coded refusal", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.tuple(value, mutation).map(([tree, change]) => change(encodeMsgpack(tree))),
  );
  fc.assert(
    fc.property(bytes, (input) => {
      const refused = refusalOf(() => {
        const tree = decodeMsgpack(input);
        // What is read can be written and read again: nothing outside the subset got through.
        expect(decodeMsgpack(encodeMsgpack(tree))).toEqual(tree);
      });
      expect([undefined, "malformed", "too-long"]).toContain(refused);
    }),
    { numRuns: 2000 },
  );
});

/** https://github.com/msgpack/msgpack/blob/master/spec.md, by its own names for the formats. */
test.for([
  ["c1", "never used"],
  ["d40000", "fixext 1: how msgpackr writes undefined"],
  ["c7000a", "ext 8"],
  ["d6ff00000000", "fixext 4: a timestamp"],
  ["810102", "a number as key"],
  ["81c0c0", "nil as key"],
  ["81c40161c0", "bytes as key"],
  ["81db0000000161c0", "str 32 as key"],
  ["81a95f5f70726f746f5f5f01", "__proto__ as key"],
  ["81d9095f5f70726f746f5f5f01", "__proto__ as key, spelled str 8"],
  ["81da00095f5f70726f746f5f5f01", "__proto__ as key, spelled str 16"],
  ["81aac19f5f70726f746f5f5f01", "__proto__ as key, in overlong UTF-8"],
  ["a1ff", "text that is not UTF-8"],
  ["a3eda080", "half a surrogate pair"],
  ["ca7fc00000", "float 32: NaN"],
  ["cb7ff8000000000000", "float 64: NaN"],
  ["ca7f800000", "float 32: infinity"],
  ["cbfff0000000000000", "float 64: minus infinity"],
  ["ca80000000", "float 32: minus zero"],
  ["cb8000000000000000", "float 64: minus zero"],
  ["cf0020000000000000", "uint 64: 2⁵³"],
  ["cfffffffffffffffff", "uint 64: the largest"],
  ["d3ffe0000000000000", "int 64: -2⁵³"],
  ["d38000000000000000", "int 64: the smallest"],
  ["0101", "a second value behind the first"],
  ["", "nothing"],
  ["92", "an array of two that ends"],
  ["9201", "an array of two with one"],
  ["81a161", "a key without a value"],
  ["a261", "text that ends early"],
  ["c40201", "bytes that end early"],
  ["cb00", "a number that ends early"],
  ["dcffff", "an array of 65,535 in three bytes"],
  ["ddffffffff", "an array of 2³²-1 in five bytes"],
  ["dfffffffff", "a map of 2³²-1 in five bytes"],
  ["c6ffffffff", "4 GiB of bytes in five bytes"],
  ["dbffffffff", "4 GiB of text in five bytes"],
])("%s is refused: %s", ([hex]) => {
  expect(refusalOf(() => decodeMsgpack(hexToBytes(hex!)))).toBe("malformed");
});

test.for<[string, unknown]>([
  ["cf001fffffffffffff", Number.MAX_SAFE_INTEGER],
  ["d3ffe0000000000001", Number.MIN_SAFE_INTEGER],
  ["cf0000000000000005", 5],
  ["d3fffffffffffffffb", -5],
  ["ca3fc00000", 1.5],
  ["d3ffffffff00000000", -(2 ** 32)],
])("%s is read exactly, as %d", ([hex, number]) => {
  expect(decodeMsgpack(hexToBytes(hex))).toBe(number);
});

test("a length that lies costs no more than the bytes that came", () => {
  // Each array says that it holds all that is left; a decoder that believed one of them would take minutes.
  const nested = concatBytes(...Array.from({ length: 1000 }, () => hexToBytes("dd00000fff")));
  expect(refusalOf(() => decodeMsgpack(nested))).toBe("too-long");
  const many = new Uint8Array(5 + messageNodesMax).fill(0x90);
  many.set([0xdd, 0, 4, 0, 0]);
  expect(refusalOf(() => decodeMsgpack(many))).toBe("too-long");
});

test("depth is limited as the caller says", () => {
  const deep = (levels: number): Uint8Array => new Uint8Array(levels + 1).fill(0x91, 0, levels);
  expect(refusalOf(() => decodeMsgpack(deep(20)))).toBeUndefined();
  expect(refusalOf(() => decodeMsgpack(deep(21)))).toBe("too-long");
  expect(refusalOf(() => decodeMsgpack(deep(21), 21))).toBeUndefined();
  expect(refusalOf(() => decodeMsgpack(deep(1_000_000), 40))).toBe("too-long");
});

test("byte strings are plain arrays of their own, even out of a Buffer", () => {
  const source = Buffer.from(encodeMsgpack([Uint8Array.of(1, 2, 3), { a: Uint8Array.of(4) }]));
  const [bytes, inner] = decodeMsgpack(source) as [Uint8Array, { a: Uint8Array }];
  source.fill(0);
  for (const part of [bytes, inner.a]) {
    expect(Object.getPrototypeOf(part)).toBe(Uint8Array.prototype);
    expect(part.buffer.byteLength).toBe(part.length);
  }
  expect([bytes, inner.a]).toEqual([Uint8Array.of(1, 2, 3), Uint8Array.of(4)]);
});

test("an encoding is a plain array that nobody writes to again", () => {
  const first = encodeMsgpack(["a", 1]);
  const before = bytesToHex(first);
  for (let i = 0; i < 100; i++) encodeMsgpack(["b", i]);
  expect(bytesToHex(first)).toBe(before);
  expect(Object.getPrototypeOf(first)).toBe(Uint8Array.prototype);
});

test.for<[string, unknown]>([
  ["undefined", undefined],
  ["an undefined member", { a: undefined }],
  ["an undefined item", [undefined]],
  ["NaN", Number.NaN],
  ["an infinity", { a: -Infinity }],
  ["a big integer", 1n],
  ["a date", new Date(0)],
  ["a function", [() => 1]],
  ["a member named like the prototype", JSON.parse('{"__proto__": 1}')],
])("%s is not encoded", ([, tree]) => {
  expect(refusalOf(() => encodeMsgpack(tree))).toBe("malformed");
});

test("what has no place on the wire becomes its neighbour", () => {
  expect(decodeMsgpack(encodeMsgpack(-0))).toBe(0);
  expect(decodeMsgpack(encodeMsgpack("a\ud800b"))).toBe("a\ufffdb");
  expect(decodeMsgpack(encodeMsgpack("\udc00".repeat(100)))).toBe("\ufffd".repeat(100));
});

test("names that every object inherits are ordinary members", () => {
  const tree = { constructor: 1, toString: { hasOwnProperty: null }, valueOf: [] };
  expect(decodeMsgpack(encodeMsgpack(tree))).toEqual(tree);
});

test("text of every length has the same bytes as UTF-8", () => {
  for (const unit of ["a", "ä", "€", "🜁"]) {
    for (const length of [0, 1, 8, 31, 32, 63, 64, 85, 255, 256, 21_845, 65_535, 65_536]) {
      const text = unit.repeat(length);
      const encoded = encodeMsgpack(text);
      const utf8 = utf8ToBytes(text);
      expect(Buffer.compare(encoded.subarray(encoded.length - utf8.length), utf8)).toBe(0);
      // The shortest head that holds the length: one, two, three or five bytes.
      const head = utf8.length < 32 ? 1 : utf8.length < 256 ? 2 : utf8.length < 65_536 ? 3 : 5;
      expect(encoded.length - utf8.length).toBe(head);
      expect(decodeMsgpack(encoded)).toBe(text);
    }
  }
});
