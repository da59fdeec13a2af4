/** What an author is shown of a change: where it is, what was there, and what is there now. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { changesBetween } from "#audit/changes.ts";
import type { Value } from "#protocol/value.ts";

test.for<[string, Value, Value, object[]]>([
  ["nothing", { a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
  ["a number", { score: 1 }, { score: 2 }, [{ path: "score", before: 1, after: 2 }]],
  ["a cell", { board: [[0], [1, 1]] }, { board: [[0], [1, 2]] }, [{ path: "board[1][1]", before: 1, after: 2 }]],
  ["a field more", {}, { new: [] }, [{ path: "new", before: undefined, after: [] }]],
  ["a field less", { "two words": 1 }, {}, [{ path: '["two words"]', before: 1, after: undefined }]],
  ["a longer list", [1], [1, 2], [{ path: "[1]", before: undefined, after: 2 }]],
  ["another kind", { a: [1] }, { a: { 0: 1 } }, [{ path: "a", before: [1], after: { 0: 1 } }]],
  ["bytes", Uint8Array.of(1), Uint8Array.of(2), [{ path: "", before: Uint8Array.of(1), after: Uint8Array.of(2) }]],
  ["null", null, 0, [{ path: "", before: null, after: 0 }]],
])("%s", ([, before, after, changes]) => {
  expect(changesBetween(before, after)).toEqual(changes);
});

const value = fc.letrec<{ tree: Value }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Value>(null, true, 0, -0, 1.5, "text"),
    fc.array(tie("tree"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom("a", "b", "c"), tie("tree"), { noNullPrototype: true }),
  ),
})).tree;

test("there are no changes exactly where values are equal", () => {
  fc.assert(
    fc.property(value, value, (one, other) => {
      expect(changesBetween(one, structuredClone(one))).toEqual([]);
      const equal = JSON.stringify(one) === JSON.stringify(other);
      if (!equal) expect(changesBetween(one, other).length).toBeGreaterThan(0);
    }),
  );
});

test("more changes than anybody reads are cut off", () => {
  const long = Array.from({ length: 10_000 }, (_, i) => i);
  expect(changesBetween([], long)).toHaveLength(200);
});
