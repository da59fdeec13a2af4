/** A patch makes the next view out of the last one, and leaves alone what did not change. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeMsgpack, encodeMsgpack } from "#protocol/msgpack.ts";
import { applyPatch, diff, type Patch } from "#protocol/patch.ts";
import type { Value } from "#protocol/value.ts";
import { value, valuePair } from "./support/arbitraries.ts";
import { mutation, refusalOf } from "./support/refusal.ts";

const overTheWire = (patch: Patch): unknown => decodeMsgpack(encodeMsgpack(patch), 40);

test("the patch from one view to the next gives the next", () => {
  fc.assert(
    fc.property(fc.oneof(valuePair, fc.tuple(value, value)), ([previous, next]) => {
      const patch = diff(previous, next);
      if (patch === undefined) expect(next).toEqual(previous);
      else expect(applyPatch(previous, overTheWire(patch))).toEqual(next);
    }),
    { numRuns: 1000 },
  );
});

test("equal views have no patch, whatever the order of their members", () => {
  fc.assert(
    fc.property(value, (view) => {
      expect(diff(view, structuredClone(view))).toBeUndefined();
      expect(diff(view, reversed(view))).toBeUndefined();
    }),
  );
});

function reversed(tree: Value): Value {
  if (Array.isArray(tree)) return (tree as readonly Value[]).map(reversed);
  if (typeof tree !== "object" || tree === null || tree instanceof Uint8Array) return tree;
  return Object.fromEntries(
    Object.entries(tree)
      .toReversed()
      .map(([key, member]) => [key, reversed(member as Value)]),
  );
}

test("what did not change is the same object as before", () => {
  fc.assert(
    fc.property(valuePair, ([previous, next]) => {
      const patch = diff(previous, next);
      if (patch === undefined) return;
      expectKept(previous, applyPatch(previous, overTheWire(patch)));
    }),
    { numRuns: 1000 },
  );
});

/** Wherever both have an equal object at the same place, it is one object. */
function expectKept(before: Value, after: Value): void {
  if (typeof before !== "object" || typeof after !== "object" || before === null || after === null) return;
  if (before instanceof Uint8Array || after instanceof Uint8Array) return;
  if (Array.isArray(before) !== Array.isArray(after) || before === after) return;
  for (const [key, part] of Object.entries(after as object) as [string, Value][]) {
    const same = (before as Record<string, Value>)[key];
    if (same === undefined || typeof part !== "object" || part === null) continue;
    if (diff(same, part) === undefined) expect(part).toBe(same);
    else expectKept(same, part);
  }
}

test("neither the last view nor the patch is written to", () => {
  const previous = freeze({ a: [1, { b: 2 }], c: 3 });
  const patch = freeze(diff(previous, { a: [1, { b: 5 }, 7] })!);
  expect(applyPatch(previous, patch)).toEqual({ a: [1, { b: 5 }, 7] });
});

function freeze<T>(tree: T): T {
  if (typeof tree === "object" && tree !== null) for (const part of Object.values(tree)) freeze(part);
  return Object.freeze(tree);
}

test("a patch of a large view that changes everywhere is no larger than the view", () => {
  const board = (by: number): Value =>
    Array.from({ length: 100 }, (_, y) => Array.from({ length: 100 }, (_, x) => x + y + by));
  const size = encodeMsgpack(diff(board(0), board(1))).length;
  expect(size).toBeLessThanOrEqual(encodeMsgpack(board(1)).length + 2);
});

test("a patch of a large view that changes in one place is small", () => {
  const board = Array.from({ length: 100 }, (_, y) => Array.from({ length: 100 }, (_, x) => x * y));
  const next = structuredClone(board);
  next[40]![50] = -1;
  expect(diff(board, next)).toEqual([3, 100, { 40: [3, 100, { 50: [0, -1] }] }]);
});

test.for<[string, Value, unknown]>([
  ["no patch at all", {}, null],
  ["an empty one", {}, []],
  ["an unknown kind", {}, [4, 1]],
  ["a replacement without a value", {}, [0]],
  ["a replacement with two", {}, [0, 1, 2]],
  ["a deletion of the whole", {}, [1]],
  ["a deletion in an array", [1], [3, 1, { 0: [1] }]],
  ["members of an array", [1], [2, { a: [0, 1] }]],
  ["members of null", null, [2, { a: [0, 1] }]],
  ["members of bytes", new Uint8Array(1), [2, { a: [0, 1] }]],
  ["members that are not a map", {}, [2, [1]]],
  ["members and more", {}, [2, {}, {}]],
  ["members of a member that is not there", {}, [2, { a: [2, { b: [0, 1] }] }]],
  ["members of what objects inherit", {}, [2, { constructor: [2, { name: [0, "x"] }] }]],
  ["a member named like the prototype", {}, [2, JSON.parse('{"__proto__": [0, {"admin": true}]}')]],
  ["items of an object", {}, [3, 1, { 0: [0, 1] }]],
  ["items without a length", [1], [3, { 0: [0, 1] }]],
  ["a length below nothing", [1], [3, -1, {}]],
  ["a length between numbers", [1], [3, 0.5, {}]],
  ["a length that is text", [1], [3, "1", {}]],
  ["a length beyond the items", [1], [3, 3, { 2: [0, 1] }]],
  ["a length of four thousand million", [1], [3, 4_000_000_000, {}]],
  ["an index beyond the length", [1], [3, 1, { 1: [0, 1] }]],
  ["an index below nothing", [1], [3, 1, { "-1": [0, 1] }]],
  ["an index that is no number", [1], [3, 1, { a: [0, 1] }]],
  ["an index in another spelling", [1, 2], [3, 2, { "01": [0, 1] }]],
  ["the length as an index", [1], [3, 1, { length: [0, 0] }]],
  ["a hole", [1], [3, 3, { 1: [0, 1], 0: [0, 1] }]],
])("%s is refused", ([, view, patch]) => {
  expect(refusalOf(() => applyPatch(view, patch))).toBe("malformed");
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
});

test("a patch deeper than any view is too long", () => {
  let patch: unknown = [0, 1];
  let view: Value = 0;
  for (let i = 0; i < 17; i++) {
    patch = [2, { a: patch }];
    view = { a: view };
  }
  expect(refusalOf(() => applyPatch(view, patch))).toBe("too-long");
});

test("any patch applies or is refused", () => {
  fc.assert(
    fc.property(valuePair, mutation, ([previous, next], change) => {
      const patch = diff(previous, next);
      if (patch === undefined) return;
      const refused = refusalOf(() => applyPatch(previous, decodeMsgpack(change(encodeMsgpack(patch)), 40)));
      expect([undefined, "malformed", "too-long"]).toContain(refused);
    }),
    { numRuns: 1000 },
  );
});
