import { circularDeepEqual, deepEqual, shallowEqual } from "fast-equals";

export function run() {
  const ring = { name: "ring" };
  ring.self = ring;
  const other = { name: "ring" };
  other.self = other;
  return [
    deepEqual(new Map([["a", new Set([1, { b: 2 }])]]), new Map([["a", new Set([1, { b: 2 }])]])),
    deepEqual([0, Number.NaN, new Date(7)], [-0, Number.NaN, new Date(7)]),
    deepEqual({ a: /x/g }, { a: /x/i }),
    circularDeepEqual(ring, other),
    shallowEqual({ a: [] }, { a: [] }),
  ];
}
