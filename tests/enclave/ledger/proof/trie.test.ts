/** Nodes of the trie, byte by byte: each has one spelling, written here by hand from the specification's section 2.4. */
import { expect, test } from "vitest";
import { decodeNode, nibblesOf, type StateVersion } from "#enclave/ledger/proof/trie.ts";
import { blake2b256 } from "#enclave/ledger/proof/header.ts";
import { orderedRoot } from "#enclave/ledger/proof/trie.ts";
import { concatBytes } from "#protocol/bytes.ts";

const bytes = (...parts: (number | readonly number[] | Uint8Array)[]): Uint8Array =>
  concatBytes(...parts.map((part) => (typeof part === "number" ? Uint8Array.of(part) : Uint8Array.from(part))));
const decode = (node: Uint8Array, version: StateVersion = 1) => decodeNode(node, version);

const leaf = 0b0100_0000;
const branch = 0b1000_0000;
const value = [3 << 2, 7, 8, 9];
const child = [2 << 2, 0x41, 0x42];

test.for<[string, Uint8Array, readonly number[]]>([
  ["none", bytes(leaf, value), []],
  ["an odd one, with a zero before it", bytes(leaf | 1, 0x0a, value), [0xa]],
  ["two", bytes(leaf | 2, 0xab, value), [0xa, 0xb]],
  ["three, with a zero before them", bytes(leaf | 3, 0x0a, 0xbc, value), [0xa, 0xb, 0xc]],
  ["one that is zero itself", bytes(leaf | 1, 0x00, value), [0]],
])("a leaf's nibbles: %s", ([, node, partial]) => {
  expect(decode(node)).toEqual({
    partial: Uint8Array.from(partial),
    value: { whole: Uint8Array.of(7, 8, 9) },
    children: [],
  });
});

test.for<[string, Uint8Array]>([
  ["in a leaf", bytes(leaf | 1, 0x1a, value)],
  ["of fifteen", bytes(leaf | 3, 0xfa, 0xbc, value)],
  ["in a branch", bytes(branch | 1, 0x1a, 1, 0, child)],
])("a nibble where the padding is, %s, makes it no node: the same key would have a second spelling", ([, node]) => {
  expect(() => decode(node)).toThrow(
    expect.objectContaining({ code: "proof-malformed", detail: "a nibble where none is" }),
  );
});

test.for<[number, readonly number[]]>([
  // 63 fill the six bits: the count goes on, with zero if that is all.
  [62, [leaf | 62]],
  [63, [leaf | 63, 0]],
  [64, [leaf | 63, 1]],
  [63 + 254, [leaf | 63, 254]],
  [63 + 255, [leaf | 63, 255, 0]],
  [63 + 255 + 3, [leaf | 63, 255, 3]],
])("%i nibbles are counted beyond the first byte", ([count, head]) => {
  const partial = Uint8Array.from({ length: (count + 1) >> 1 }, (_, i) => (count % 2 === 1 && i === 0 ? 0x05 : 0x55));
  expect(decode(bytes(head, partial, value))?.partial).toEqual(new Uint8Array(count).fill(5));
});

test.for<[string, Uint8Array]>([
  ["nothing", bytes()],
  ["of no kind", bytes(0b0000_0001)],
  ["a leaf without a value", bytes(leaf)],
  ["a leaf with something behind it", bytes(leaf, value, 0)],
  ["a leaf whose key ends early", bytes(leaf | 4, 0xab)],
  ["a count without an end", bytes(leaf | 63, 255)],
  ["a branch without children", bytes(branch, 0, 0)],
  ["a branch with fewer children than it says", bytes(branch, 3, 0, child)],
  ["a branch with more children than it says", bytes(branch, 1, 0, child, child)],
  ["an empty child", bytes(branch, 1, 0, 0)],
  ["a child that is longer than a hash", bytes(branch, 1, 0, 33 << 2, new Uint8Array(33))],
  ["half a hash of a value", bytes(0b0010_0000, new Uint8Array(16))],
])("%s is no node", ([, node]) => {
  expect(() => decode(node)).toThrow(expect.objectContaining({ code: "proof-malformed" }));
});

test("an empty trie is one byte, and values by their hash are of version 1 only", () => {
  expect(decode(bytes(0))).toBe(undefined);
  const hash = new Uint8Array(32).fill(9);
  for (const kind of [[0b0010_0000], [0b0001_0000, 1, 0]]) {
    const node = kind.length === 1 ? bytes(kind, hash) : bytes(kind, hash, child);
    expect(decode(node)?.value).toEqual({ hash });
    expect(() => decode(node, 0)).toThrow(expect.objectContaining({ code: "proof-version" }));
  }
});

test("the root of a list of two, by hand: a branch at the nibble in which their indexes differ", () => {
  const [first, second] = [Uint8Array.of(1, 2), Uint8Array.of(3)];
  // Compact 0 is 0x00 and compact 1 is 0x04: they share the nibble 0, and differ in 0 and 4.
  const leaves = [bytes(leaf, 2 << 2, first), bytes(leaf, 1 << 2, second)];
  const root = bytes(branch | 1, 0x00, 0b0001_0001, 0, ...leaves.flatMap((node) => [node.length << 2, node]));
  expect(orderedRoot([first, second], 1)).toEqual(blake2b256(root));
});

test("a byte is two nibbles, the higher one first", () => {
  expect(nibblesOf(Uint8Array.of(0xab, 0x0f))).toEqual(Uint8Array.of(0xa, 0xb, 0, 0xf));
});
