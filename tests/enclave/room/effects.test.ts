/** What a contract causes is remembered with its room, and within bounds, however long the room lives. */
import { expect, test } from "vitest";
import { Effects, reasonsRemembered } from "#enclave/room/effects.ts";
import type { Happening } from "#enclave/room/happenings.ts";
import { inProcess } from "#testing/in-process.ts";
import { manifestLimits } from "#protocol/manifest.ts";
import type { Value } from "#protocol/value.ts";
import { tally } from "./contracts.ts";
import { alice } from "./harness.ts";

const cup = { collection: "CUPS", symbol: "cup" };
const manifest = { ...inProcess(tally).manifest, collections: { CUPS: { max: 10, metadata: "ipfs://cups" } } };

const open = (saved?: ConstructorParameters<typeof Effects>[1]): Effects =>
  new Effects({ manifest, fault: () => undefined, fail: () => undefined, end: () => undefined }, saved);

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

test("rules that let strangers look fill no more than as many places as there are seats", () => {
  const effects = open();
  for (let i = 0; i < 3 * manifestLimits.seats; i++)
    effects.apply({ effect: "team", player: `stranger ${i}`, team: 1 }, 1);
  expect(effects.save().viewpoints?.length).toBe(manifestLimits.seats);
});
