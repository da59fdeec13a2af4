/** A device remembers the newest judgement it has accepted, under each root and for each kind of machine. */
import { expect, test } from "vitest";
import { type Evaluations, type EvaluationStore, memoryEvaluations, storedEvaluations } from "#client/evaluations.ts";

const [intel, other] = ["44".repeat(32), "55".repeat(32)];

function store(): EvaluationStore & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return { kept, getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => void kept.set(name, value) };
}

test.for<readonly [string, () => Evaluations]>([
  ["in memory", memoryEvaluations],
  ["in a store", () => storedEvaluations(store())],
])("%s, rounds only grow, and each root and kind has its own", ([, open]) => {
  const evaluations = open();
  expect(evaluations.highest(intel, "tdx")).toBe(0);
  evaluations.keep(intel, "tdx", 17);
  evaluations.keep(intel, "tdx", 16);
  expect(evaluations.highest(intel, "tdx")).toBe(17);
  evaluations.keep(intel, "tdx", 18);
  expect(evaluations.highest(intel, "tdx")).toBe(18);
  expect(evaluations.highest(intel, "sgx")).toBe(0);
  expect(evaluations.highest(other, "tdx")).toBe(0);
});

test("what a store kept is still known by the next visit", () => {
  const drawer = store();
  storedEvaluations(drawer).keep(intel, "tdx", 17);
  expect(storedEvaluations(drawer).highest(intel, "tdx")).toBe(17);
});

test.for(["", "-1", "1e9", "NaN", "99999999999", "17 "])("a store in which somebody wrote %j has no round", (text) => {
  const drawer = store();
  storedEvaluations(drawer).keep(intel, "tdx", 17);
  for (const name of drawer.kept.keys()) drawer.kept.set(name, text);
  expect(storedEvaluations(drawer).highest(intel, "tdx")).toBe(0);
});
