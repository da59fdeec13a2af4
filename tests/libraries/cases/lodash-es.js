import { chunk, cloneDeep, groupBy, intersection, isEqual, merge, orderBy, sortedIndexBy, template } from "lodash-es";

export function run() {
  const cards = [
    { suit: "s", rank: 3 },
    { suit: "h", rank: 9 },
    { suit: "s", rank: 1 },
  ];
  return {
    groups: groupBy(cards, "suit"),
    sorted: orderBy(cards, ["suit", "rank"], ["asc", "desc"]),
    chunks: chunk([1, 2, 3, 4, 5], 2),
    both: intersection([1, 2, 3], [2, 3, 4]),
    merged: merge({ a: { b: 1 } }, { a: { c: [2] } }),
    equal: isEqual(cloneDeep(cards), cards),
    at: sortedIndexBy([{ x: 4 }, { x: 5 }], { x: 4 }, "x"),
    // What needs text to become code does not work in the sandbox; the library is there for everything else.
    template: typeof template,
  };
}
