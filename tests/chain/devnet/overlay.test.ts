/** What a block changes: transactions within transactions, lists that grow, prefixes that are cleared. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keyBytes, toHex, type StorageKey } from "#chain/devnet/hex.ts";
import { transactionsNestedMax } from "#chain/devnet/limits.ts";
import { prefixed, ScaleReader, vector } from "#chain/devnet/scale.ts";
import { Overlay } from "#chain/devnet/storage/overlay.ts";
import { Trie } from "#chain/devnet/trie/trie.ts";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const key = fc.constantFrom("a", "ab", "abc", "b", "ba", "c");
const step = fc.oneof(
  fc.record({ do: fc.constant("set" as const), key, value: fc.option(fc.uint8Array({ maxLength: 3 })) }),
  fc.record({ do: fc.constant("append" as const), key, value: fc.uint8Array({ maxLength: 3 }).map(prefixed) }),
  fc.record({ do: fc.constant("clear" as const), key, limit: fc.option(fc.nat({ max: 3 }), { nil: undefined }) }),
  fc.constantFrom({ do: "start" as const }, { do: "commit" as const }, { do: "rollback" as const }),
);

/** A list is what SCALE calls one, anything else counts as an empty one. */
function appended(value: Uint8Array | undefined, item: Uint8Array): Uint8Array {
  let items: Uint8Array[] = [];
  let rest = new Uint8Array(0);
  if (value !== undefined && value.length > 0) {
    const reader = new ScaleReader(value);
    try {
      const count = reader.compact();
      rest = Uint8Array.from(reader.take(reader.left));
      items = Array.from({ length: count }, () => new Uint8Array(0));
    } catch {
      // Not a list.
    }
  }
  return Uint8Array.from([...vector([...items, new Uint8Array(0)]), ...rest, ...item]);
}

test("an overlay does what a copy of everything in each transaction would do", () => {
  const base = Trie.empty.with(
    [
      ["a", bytes(4, 1)],
      ["ab", bytes(2)],
      ["b", bytes(3)],
    ],
    0,
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const overlay = new Overlay(base);
      let model = new Map<StorageKey, Uint8Array>([...base.keys("")].map((name) => [name, base.get(name)!]));
      const outer: Map<StorageKey, Uint8Array>[] = [];
      for (const one of steps) {
        if (one.do === "set") {
          overlay.set(one.key, one.value);
          if (one.value === null) model.delete(one.key);
          else model.set(one.key, one.value);
        } else if (one.do === "append") {
          model.set(one.key, appended(overlay.get(one.key), one.value));
          overlay.append(one.key, one.value);
        } else if (one.do === "clear") {
          let count = 0;
          const stored = [...base.keys(one.key)];
          for (const name of [...model.keys()].filter((name) => name.startsWith(one.key))) {
            // What the block wrote goes whatever the limit; of the rest so many, in order.
            const untouched = base.get(name) === model.get(name) && stored.indexOf(name) >= (one.limit ?? Infinity);
            if (!untouched || overlay.changes().has(name)) model.delete(name);
          }
          count = Math.min(stored.length, one.limit ?? Infinity);
          expect(overlay.clear(one.key, one.limit)).toEqual({ count, more: count < stored.length });
        } else if (one.do === "start") {
          overlay.start();
          outer.push(new Map(model));
        } else if (outer.length > 0) {
          overlay[one.do]();
          const before = outer.pop()!;
          if (one.do === "rollback") model = before;
        }
        for (const name of ["", "a", "ab", "abc", "b", "ba", "c"]) {
          expect(overlay.get(name)).toEqual(model.get(name));
          expect(overlay.next(name)).toBe([...model.keys()].sort().find((next) => next > name));
        }
      }
      expect(toHex(overlay.applied(1).root)).toBe(toHex(base.with(overlay.changes(), 1).root));
      expect([...overlay.applied(0).keys("")].map((name) => [name, overlay.applied(0).get(name)])).toEqual(
        [...model.entries()].sort(([a], [b]) => (a < b ? -1 : 1)),
      );
    }),
    { numRuns: 500 },
  );
});

describe("a list", () => {
  test("grows inside of a transaction without the one outside", () => {
    const overlay = new Overlay(Trie.empty);
    overlay.append("events", bytes(1));
    overlay.start();
    overlay.append("events", bytes(2));
    expect(overlay.get("events")).toEqual(bytes(8, 1, 2));
    overlay.rollback();
    expect(overlay.get("events")).toEqual(bytes(4, 1));
    overlay.append("events", bytes(3));
    expect(overlay.get("events")).toEqual(bytes(8, 1, 3));
  });

  test("that was read does not change afterwards", () => {
    const overlay = new Overlay(Trie.empty);
    overlay.append("events", bytes(1));
    const before = overlay.get("events")!;
    overlay.append("events", bytes(2));
    expect(before).toEqual(bytes(4, 1));
  });
});

describe("transactions", () => {
  test.for(["commit", "rollback"] as const)("%s without a start is the runtime's fault", (end) => {
    expect(() => new Overlay(Trie.empty)[end]()).toThrow(expect.objectContaining({ code: "runtime-trapped" }));
  });

  test("do not nest for ever", () => {
    const overlay = new Overlay(Trie.empty);
    for (let i = 0; i < transactionsNestedMax; i++) overlay.start();
    expect(() => overlay.start()).toThrow(expect.objectContaining({ code: "runtime-trapped" }));
  });
});

test("keys are bytes, whatever characters they look like", () => {
  const name = Buffer.from([0, 127, 128, 255]).toString("latin1");
  expect([...keyBytes(name)]).toEqual([0, 127, 128, 255]);
});
