import fc from "fast-check";
import { expect, test } from "vitest";
import { keepUnchanged, ViewStore } from "#client/view-store.ts";
import { valueNodesMax } from "#protocol/limits.ts";
import { decodeMsgpack, encodeMsgpack } from "#protocol/msgpack.ts";
import { diff } from "#protocol/patch.ts";
import { isRecord, type Value } from "#protocol/value.ts";
import { value, valuePair } from "../protocol/support/arbitraries.ts";

/** As it would arrive: through bytes. */
const sent = (patch: unknown): unknown => decodeMsgpack(encodeMsgpack(patch), 40);

test("a store that is fed the patches between views shows each of them", () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 6 }), (views) => {
      const store = new ViewStore(true);
      let last: Value | undefined;
      for (const view of views) {
        const patch = last === undefined ? ([0, view] as const) : diff(last, view);
        if (patch !== undefined) store.apply(sent(patch));
        expect(store.view).toEqual(view);
        last = view;
      }
    }),
  );
});

/** Asserts that every part of `next` that equals its counterpart in `previous` is the same object. */
function expectShared(previous: Value, next: Value): void {
  if (typeof next !== "object" || next === null) return;
  if (diff(previous, next) === undefined) expect(next).toBe(previous);
  else if (Array.isArray(previous) && Array.isArray(next)) {
    for (const [i, item] of next.entries()) if (i < previous.length) expectShared(previous[i] as Value, item as Value);
  } else if (isRecord(previous) && isRecord(next)) {
    for (const key of Object.keys(next)) if (Object.hasOwn(previous, key)) expectShared(previous[key]!, next[key]!);
  }
}

test("parts that did not change are the same objects, however the patch was written", () => {
  fc.assert(
    fc.property(valuePair, ([first, second]) => {
      const store = new ViewStore(true);
      store.apply(sent([0, first]));
      const before = store.view;
      const patch = diff(first, second);
      if (patch !== undefined) store.apply(sent(patch));
      expectShared(before, store.view);
    }),
  );
});

test("a new channel's first view is compared with the last one that was shown", () => {
  fc.assert(
    fc.property(valuePair, ([first, second]) => {
      const store = new ViewStore(true);
      store.apply(sent([0, first]));
      const before = store.view;
      store.rebase();
      expect(store.view).toBe(before);
      expect(store.apply(sent([0, second]))).toBe(diff(first, second) !== undefined);
      expect(store.view).toEqual(second);
      expectShared(before, store.view);
    }),
  );
});

test("a patch on a new channel cannot build on what the old one showed", () => {
  const store = new ViewStore(true);
  store.apply([0, { a: 1 }]);
  store.rebase();
  expect(() => store.apply([2, { b: [0, 2] }])).toThrow(expect.objectContaining({ code: "malformed" }));
  expect(store.view).toEqual({ a: 1 });
});

test("keeping what is unchanged changes nothing that can be seen", () => {
  fc.assert(
    fc.property(value, value, (previous, next) => {
      expect(keepUnchanged(previous, next)).toEqual(next);
      expect(keepUnchanged(next, structuredClone(next))).toBe(next);
    }),
  );
});

test("everything in a view is frozen, bytes excepted", () => {
  const isFrozen = (tree: Value): boolean => {
    if (typeof tree !== "object" || tree === null || tree instanceof Uint8Array) return true;
    return Object.isFrozen(tree) && Object.values(tree as { [key: string]: Value }).every(isFrozen);
  };
  fc.assert(
    fc.property(valuePair, ([first, second]) => {
      const store = new ViewStore(true);
      store.apply(sent([0, first]));
      const patch = diff(first, second);
      if (patch !== undefined) store.apply(sent(patch));
      expect(isFrozen(store.view)).toBe(true);
    }),
  );
});

test.for<[string, unknown]>([
  ["no patch at all", 7],
  ["an unknown kind", [9, 1]],
  ["a value that is not finite", [0, Number.POSITIVE_INFINITY]],
  ["a member patch of nothing", [2, { a: [2, { b: [0, 1] }] }]],
  ["a hole", [3, 3, { 2: [0, 1] }]],
  ["a key of another object's prototype", [0, JSON.parse('{"__proto__": 1}')]],
])("%s is refused, and the view stays", ([, patch]) => {
  const store = new ViewStore(true);
  store.apply([0, { a: 1 }]);
  const before = store.view;
  expect(() => store.apply(patch)).toThrow(expect.objectContaining({ code: "malformed" }));
  expect(store.view).toBe(before);
  store.apply([2, { b: [0, 2] }]);
  expect(store.view).toEqual({ a: 1, b: 2 });
});

test("patches that add up to more than a view may hold are refused", () => {
  const store = new ViewStore(false);
  store.apply([0, {}]);
  const row = Array.from({ length: 1000 }, () => 1);
  let rows = 0;
  expect(() => {
    for (; rows < 100; rows++) store.apply([2, { [`row${rows}`]: [0, row] }]);
  }).toThrow(expect.objectContaining({ code: "too-long" }));
  expect(rows).toBe(Math.floor((valueNodesMax - 1) / 1001));
});

test("patches that replace go on for as long as the game does", () => {
  const store = new ViewStore(false);
  store.apply([0, {}]);
  const row = Array.from({ length: 1000 }, () => 1);
  for (let i = 0; i < 1000; i++) store.apply([2, { row: [0, [...row, i]] }]);
  expect(store.view).toMatchObject({ row: expect.arrayContaining([999]) });
});
