/** What a contract causes is remembered with its room, and within bounds, however long the room lives. */
import * as v from "valibot";
import { expect, test } from "vitest";
import { accept, refuse, type Contract } from "#contract/index.ts";
import { Effects, reasonsRemembered } from "#enclave/room/effects.ts";
import type { Happening } from "#enclave/room/happenings.ts";
import { inProcess } from "#testing/in-process.ts";
import { effectsMax, itemAwardsMax } from "#protocol/limits.ts";
import { manifestLimits } from "#protocol/manifest.ts";
import type { Value } from "#protocol/value.ts";
import { tally } from "./contracts.ts";
import { alice, bob, openRoom } from "./harness.ts";

const cup = { collection: "CUPS", symbol: "cup" };
const manifest = { ...inProcess(tally).manifest, collections: { CUPS: { max: 10, metadata: "ipfs://cups" } } };

const open = (saved?: ConstructorParameters<typeof Effects>[1]): Effects =>
  new Effects({ manifest, fail: () => undefined, end: () => undefined }, saved);

/** Gives as many cups as it is asked for, as long as there are any. */
const generous: Contract<{ given: number; left: number | null }, { readonly give: number }, { left: number | null }> = {
  name: "generous",
  players: { min: 2, max: 2 },
  collections: { CUPS: { max: 100_000, metadata: "ipfs://cups" } },
  moves: v.strictObject({ give: v.number() }),
  open: () => ({ given: 0, left: null }),
  apply(state, { give }, context) {
    if (give > (context.itemsLeft ?? give)) return refuse("All cups are given.");
    for (let i = 0; i < give; i++) context.award(context.player, cup, { once: `${(state.given += 1)}` });
    state.left = context.itemsLeft ?? null;
    return accept(state);
  },
  view: ({ left }) => ({ left }),
};

/** Whether it counted. */
function award(effects: Effects, item: Value, once: string): boolean {
  effects.apply({ effect: "award", player: alice, item, once }, 1);
  return effects.takeHappenings().some((happening: Happening) => happening.happening === "awarded");
}

test("a room remembers the newest reasons of its awards, and those of items for ever", () => {
  const effects = open();
  const first = [award(effects, cup, "a cup"), award(effects, "a leaf", "leaf 0")];
  for (let i = 1; i <= reasonsRemembered; i++) award(effects, "a leaf", `leaf ${i}`);
  const saved = effects.save();
  expect(saved.awarded.length).toBe(reasonsRemembered);
  for (const one of [effects, open(saved)]) {
    expect(["a cup", "leaf 1", `leaf ${reasonsRemembered}`].map((once) => award(one, cup, once))).toEqual([
      false,
      false,
      false,
    ]);
    expect(one.items).toEqual([{ player: alice, item: cup, once: "a cup" }]);
  }
  expect([...first, award(effects, "a leaf", "leaf 0")]).toEqual([true, true, true]);
});

test("a room goes on with reasons that were saved when those of items stood among the others", () => {
  const items = [{ player: alice, item: cup, once: "a cup" }];
  const effects = open({ timers: [], awarded: ["a cup", "a leaf"], items });
  expect(["a cup", "a leaf"].map((once) => award(effects, cup, once))).toEqual([false, false]);
  expect(effects.save()).toMatchObject({ awarded: ["a leaf"], items });
});

test("a room awards so many items and no more, says before how many are left, and goes on", () => {
  const effects = open();
  for (let i = 0; i < itemAwardsMax; i++) effects.apply({ effect: "award", player: alice, item: cup, once: `${i}` }, 1);
  expect([effects.takeHappenings().length, effects.itemsLeft]).toEqual([itemAwardsMax, 0]);
  const more = ["one more", "one more", "0"];
  for (const one of [effects, open(effects.save())]) {
    expect(more.map((once) => award(one, cup, once))).toEqual([false, false, false]);
    expect([one.items.length, one.itemsLeft, award(one, "a leaf", "one more")]).toEqual([itemAwardsMax, 0, true]);
  }
});

test("rules hear of the last items before they award them, and nobody else is disturbed when there are none", () => {
  const it = openRoom(generous);
  it.enter(1, alice);
  it.enter(2, bob);
  it.pass(20);
  let n = 0;
  for (let left = itemAwardsMax; left > 0; left -= effectsMax) {
    it.move(1, (n += 1), { give: left === effectsMax ? effectsMax - 1 : effectsMax });
    it.pass(20);
  }
  expect(it.view(2)).toEqual({ left: null });
  for (const give of [1, 1]) {
    it.move(1, (n += 1), { give });
    it.pass(20);
  }
  expect(it.outcomes(1).slice(-2)).toEqual([
    [n - 1, null],
    [n, "All cups are given."],
  ]);
  it.move(2, 1, { give: 0 });
  it.pass(20);
  expect([it.outcomes(2), it.view(2), it.faults]).toEqual([[[1, null]], { left: 0 }, []]);
});

test("rules that let strangers look fill no more than as many places as there are seats", () => {
  const effects = open();
  for (let i = 0; i < 3 * manifestLimits.seats; i++)
    effects.apply({ effect: "team", player: `stranger ${i}`, team: 1 }, 1);
  expect(effects.save().viewpoints?.length).toBe(manifestLimits.seats);
});
