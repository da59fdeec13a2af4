/** The tree of keys: what a cover gives, and what it does not. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesToHex } from "#protocol/bytes.ts";
import { CoveredKeys, coverLength, KeyTree, treeDepth } from "#enclave/vault/key-tree.ts";
import { fill } from "./vault-cases.ts";

const tree = new KeyTree(fill(1));

test("a cover gives the keys of the first so many numbers, and of no others", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5000 }), fc.nat(5000), (count, number) => {
      const covered = new CoveredKeys(count, tree.cover(count));
      if (number < count) expect(covered.keyOf(number)).toEqual(tree.keyOf(number));
      else expect(() => covered.keyOf(number)).toThrow(RangeError);
    }),
    { numRuns: 300 },
  );
});

test("no node of a cover is one above a number that it does not cover", () => {
  for (const count of [1, 2, 3, 5, 8, 13, 100, 1023]) {
    const covered = tree.cover(count).map(bytesToHex);
    // Whoever has a cover has every node below it: none of them is the key of a later number.
    const later = Array.from({ length: 300 }, (_, i) => bytesToHex(tree.keyOf(count + i)));
    expect(covered).toHaveLength(coverLength(count));
    expect(later.filter((key) => covered.includes(key))).toEqual([]);
  }
});

test("a later cover gives what an earlier one gave", () => {
  const early = new CoveredKeys(5, tree.cover(5));
  const late = new CoveredKeys(9, tree.cover(9));
  for (let number = 0; number < 5; number++) expect(late.keyOf(number)).toEqual(early.keyOf(number));
});

test("keys do not depend on the order in which they are asked for", () => {
  const numbers = [0, 1, 2, 1000, 999, 2 ** treeDepth - 1, 3, 0];
  const one = new KeyTree(fill(2));
  for (const number of numbers) expect(one.keyOf(number)).toEqual(new KeyTree(fill(2)).keyOf(number));
  expect(new Set(numbers.map((number) => bytesToHex(one.keyOf(number)))).size).toBe(numbers.length - 1);
});

test.for([-1, 0.5, 2 ** treeDepth, Number.NaN])("there is no key of number %s", (number) => {
  expect(() => tree.keyOf(number)).toThrow(RangeError);
  expect(() => tree.cover(number)).toThrow(RangeError);
});

test("nodes of another cover are refused", () => {
  expect(() => new CoveredKeys(3, tree.cover(4))).toThrow(RangeError);
});
