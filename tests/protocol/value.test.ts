/** Only plain trees within limits cross a boundary. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { valueDepthMax, valueNodesMax } from "#protocol/limits.ts";
import { checkTree, checkValue, isRecord, type Value } from "#protocol/value.ts";
import { value } from "./support/arbitraries.ts";
import { refusalOf } from "./support/refusal.ts";

const nested = (depth: number): Value => {
  let tree: Value = 1;
  for (let i = 0; i < depth; i++) tree = i % 2 === 0 ? [tree] : { a: tree };
  return tree;
};

test("a plain tree comes back as it is", () => {
  fc.assert(
    fc.property(value, (tree) => {
      expect(checkValue(tree)).toBe(tree);
    }),
  );
});

const circle: unknown[] = [];
circle.push(circle);

test.for<[string, unknown]>([
  ["undefined", undefined],
  ["an undefined member", { a: undefined }],
  ["a hole in an array", Array.from({ length: 2 }).fill(1, 1)],
  ["NaN", Number.NaN],
  ["an infinity", [Infinity]],
  ["a big integer", 1n],
  ["a function", () => 1],
  ["a symbol", Symbol("a")],
  ["a date", new Date(0)],
  ["a map", new Map()],
  ["a set", new Set()],
  ["an error", new Error("no")],
  ["an instance of a class", new (class Thing {})()],
  ["numbers that are not bytes", new Float32Array(2)],
  ["a member named like the prototype", JSON.parse('{"__proto__": 1}')],
])("%s is refused", ([, tree]) => {
  expect(refusalOf(() => checkValue(tree))).toBe("malformed");
});

test.for<[string, unknown]>([
  ["one level too deep", nested(valueDepthMax + 1)],
  ["a circle", circle],
  ["one node too many", Array.from({ length: valueNodesMax }, () => 0)],
])("%s is too long", ([, tree]) => {
  expect(refusalOf(() => checkValue(tree))).toBe("too-long");
});

test("the limits themselves are allowed", () => {
  expect(refusalOf(() => checkValue(nested(valueDepthMax)))).toBeUndefined();
  expect(refusalOf(() => checkValue(Array.from({ length: valueNodesMax - 1 }, () => 0)))).toBeUndefined();
});

test("a caller may have other limits", () => {
  expect(refusalOf(() => checkTree([[1]], 1, 10))).toBe("too-long");
  expect(refusalOf(() => checkTree([1, 2], 1, 2))).toBe("too-long");
  expect(refusalOf(() => checkTree([1, 2], 1, 3))).toBeUndefined();
});

test("a record is what has members by name", () => {
  expect([{}, { a: 1 }, Object.create(null)].map(isRecord)).toEqual([true, true, true]);
  expect([null, undefined, 1, "a", [], new Uint8Array(1)].some(isRecord)).toBe(false);
});
