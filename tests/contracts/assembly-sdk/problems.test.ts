/** Moves that are none are refused by contracts in AssemblyScript in the words of the SDK for TypeScript. */
import fc from "fast-check";
import * as v from "valibot";
import { beforeAll, describe, expect, test } from "vitest";
import { parseMove } from "#contract/parse-move.ts";
import type { Instance, LoadedContract } from "#enclave/sandbox/sandbox.ts";
import type { Value } from "#protocol/value.ts";
import { ann, buildTimeoutMs, loadProbe, openedRoom } from "./probe.ts";

let probe: LoadedContract;
beforeAll(async () => {
  probe = await loadProbe();
}, buildTimeoutMs);

const opened = (): Instance => openedRoom(probe);

describe("a move that is none", () => {
  const whole = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
  const thing = v.strictObject({
    name: v.pipe(v.string(), v.maxLength(5)),
    side: v.picklist(["left", "right"]),
    only: v.picklist(["one"]),
    on: v.boolean(),
    count: whole(-3, 3),
    share: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
    key: v.pipe(v.instance(Uint8Array), v.maxLength(2)),
    list: v.pipe(v.array(whole(0, 9)), v.maxLength(3)),
    pair: v.strictTuple([v.boolean(), v.string()]),
    nested: v.strictObject({ deep: v.number() }),
    maybe: v.optional(v.boolean()),
  });
  const right = {
    name: "abc",
    side: "left",
    only: "one",
    on: true,
    count: 2,
    share: 0.5,
    key: Uint8Array.of(1),
    list: [1, 2],
    pair: [true, "x"],
    nested: { deep: 1e9 },
    maybe: false,
  };
  const words = (move: Value): string | null => {
    const parsed = parseMove(v.object({ schema: thing }), { schema: move });
    return parsed.ok ? null : parsed.reason;
  };
  const said = (room: Instance, move: Value): string | null => {
    const answer = room.call({ call: "move", tick: 2, player: ann, move: { schema: move } });
    return answer.answer === "done" ? answer.reason : "no answer";
  };

  test("is refused in valibot's words, the first of them and how many more there are", () => {
    const room = opened();
    const anyWrong = fc.oneof(
      fc.constantFrom<Value>(
        null,
        true,
        "",
        "left",
        "toolong",
        0,
        -1,
        7,
        1.5,
        1e300,
        -2.25,
        [],
        [1, 2, 3],
        [1, 2, 3, 4],
      ),
      fc.constantFrom<Value>(
        {},
        { deep: 1 },
        { deep: "x" },
        { deep: 1, more: 2 },
        new Uint8Array(1),
        new Uint8Array(3),
      ),
      fc.constantFrom<Value>([true, "x"], [true], [1, 2], [true, "x", null], [1.5, 10, null], [[]]),
    );
    const anyThing = fc
      .tuple(
        fc.subarray(Object.keys(right)),
        fc.subarray([...Object.keys(right), "extra", "another"], { maxLength: 4 }),
      )
      .chain(([keys, changed]) =>
        fc.tuple(...changed.map(() => anyWrong)).map((wrong) => {
          const kept = Object.entries(right).filter(([key]) => keys.length % 2 === 0 || keys.includes(key));
          return Object.fromEntries([...kept, ...changed.map((key, i) => [key, wrong[i]!] as const)]) as Value;
        }),
      );
    fc.assert(
      fc.property(fc.oneof({ weight: 9, arbitrary: anyThing }, anyWrong), (move) => {
        // Where a list is too long and its items are wrong as well, valibot names the items first.
        const list = (move as { list?: unknown } | null)?.list;
        fc.pre(!Array.isArray(list) || list.length <= 3);
        expect(said(room, move)).toBe(words(move));
      }),
      { numRuns: 1500 },
    );
  });

  test("is refused where a list is too long", () => {
    const long = { ...right, list: [1, 2, 3, 4] };
    expect(said(opened(), long)).toBe(words(long));
  });

  test("is let through where all is right", () => {
    expect(said(opened(), right)).toBeNull();
    expect(words(right)).toBeNull();
  });
});
