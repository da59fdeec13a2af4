import * as v from "valibot";
import { expect, test, vi } from "vitest";
import { accept, refuse, type Contract } from "#contract/contract.ts";
import { inProcess } from "#testing/in-process.ts";
import { secrecyTest, type SecrecyOptions } from "#testing/secrecy.ts";
import type { SecrecyError } from "#testing/secrecy-error.ts";
import { cardLeaks } from "../contracts/leaks/card-leaks.ts";
import { cards, cardSecrecy, type CardMove, type Cards, type CardView } from "../contracts/leaks/cards.ts";

/** These count steps, not seconds; a busy machine may take long. */
vi.setConfig({ testTimeout: 300_000 });

const failureOf = (run: () => unknown): SecrecyError => {
  try {
    run();
  } catch (error) {
    return error as SecrecyError;
  }
  throw new Error("nothing was found");
};

test("an honest game passes, and everybody was compared in it", () => {
  const report = secrecyTest(cards, { ...cardSecrecy, steps: 1500 });
  expect(report).toMatchObject({ seed: "secrecy", steps: 1500 });
  expect(report.gamesVaried).toBeGreaterThan(report.games / 2);
  expect(Math.min(...Object.values(report.framesCompared))).toBeGreaterThan(100);
});

test("the same seed plays the same games", () => {
  const report = secrecyTest(cards, { ...cardSecrecy, steps: 300, seed: "again" });
  expect(secrecyTest(cards, { ...cardSecrecy, steps: 300, seed: "again" })).toEqual(report);
  expect(secrecyTest(cards, { ...cardSecrecy, steps: 300, seed: "other" })).not.toEqual(report);
});

test.for(Object.entries(cardLeaks))("a leak %s is found", ([, leaky]) => {
  const { code } = failureOf(() => secrecyTest(leaky, { ...cardSecrecy, steps: 20_000 }));
  expect(code).toMatch(/^(leak|host-trace)$/);
});

test("a failure says what, to whom and when, and how to see it again", () => {
  const leaky = cardLeaks["of a length: a diary shown as stars"]!;
  const found = failureOf(() => secrecyTest(leaky, { ...cardSecrecy, seed: "words", steps: 20_000 }));
  expect(found).toMatchObject({ code: "leak", repeat: { seed: "words" } });
  expect(found.leak!.to).toMatch(/^(seat \d|a spectator)$/);
  expect(found.leak!.where).toContain("diaries");
  expect(found.message).toContain("second run:");
  const again = failureOf(() => secrecyTest(leaky, { ...cardSecrecy, ...found.repeat }));
  expect(again.leak).toEqual(found.leak);
});

// One-player toys, each wrong in one way that is no leak.

interface Toy {
  count: number;
  list: number[];
}

const toy: Contract<Toy, { readonly add: number }, unknown> = {
  name: "toy",
  players: { min: 1, max: 1 },
  moves: v.strictObject({ add: v.number() }),
  open: () => ({ count: 0, list: [] }),
  apply(state, { add }) {
    state.count += add;
    return accept(state);
  },
  view: ({ count }) => ({ count }),
};

const toySecrecy: SecrecyOptions<Toy, { readonly add: number }, unknown> = {
  knows: () => null,
  move: ({ random }) => ({ add: random.below(10) }),
  redeal: ({ state, random }) => void (state.list = [random.below(1000)]),
  steps: 500,
};

test("the toy itself passes", () => {
  expect(secrecyTest(toy, toySecrecy).steps).toBe(500);
});

test.for<[string, Partial<typeof toy>, RegExp]>([
  ["a view that changes state", { view: (state) => ({ count: state.count++ }) }, /view changed the state/],
  [
    "a refusal after the first write",
    {
      apply(state, { add }) {
        state.list.push(add);
        return add === 3 ? refuse("no threes") : accept(state);
      },
    },
    /refuse before the first write/,
  ],
  ["a view with undefined in it", { view: () => ({ nothing: undefined }) }, /undefined/],
  ["a view that is not a number", { view: () => ({ ratio: 0 / 0 }) }, /finite/],
  ["a view with a class instance", { view: () => ({ at: new Map() }) }, /plain/],
  [
    "a rule that throws",
    {
      apply() {
        throw new RangeError("oh no");
      },
    },
    /RangeError: oh no/,
  ],
  [
    "a state that cannot be compared",
    { open: () => ({ count: 0, list: [], next: () => 1 }) as Toy },
    /cannot be compared/,
  ],
])("%s is a fault, with the author's own words", ([, wrong, words]) => {
  const found = failureOf(() => secrecyTest({ ...toy, ...wrong }, toySecrecy));
  expect(found).toMatchObject({ code: "fault", repeat: { game: 0 } });
  expect(found.message).toMatch(words);
});

test("a test in which no secret ever differs is refused", () => {
  const { redeal: _, ...nothing } = toySecrecy;
  const found = failureOf(() => secrecyTest(toy, { ...nothing, vary: () => null }));
  expect(found.code).toBe("vacuous");
});

test("a test in which everybody may know everything is refused", () => {
  const open: SecrecyOptions<Cards, CardMove, CardView> = { ...cardSecrecy, knows: (state) => state, steps: 300 };
  expect(failureOf(() => secrecyTest(cards, open)).code).toBe("vacuous");
});

test("an engine that answers otherwise than plain Node is noticed", () => {
  const engine = inProcess({ ...toy, view: ({ count }) => ({ count: count % 5 }) });
  const found = failureOf(() => secrecyTest(toy, { ...toySecrecy, engine }));
  expect(found.code).toBe("fault");
  expect(found.message).toMatch(/engine and plain Node differ/);
});
