/** What somebody is told before the rules of their room change. */
import { h } from "preact";
import { expect, test } from "vitest";
import { timeWords, UpgradeWords } from "#kit/parts/upgrade-notice.tsx";
import { readBuiltIn } from "#kit/built-in.ts";
import { developmentPolicy } from "#attestation/policy.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { show, withData, type Shown } from "./render.ts";

const contract = new Uint8Array(32).fill(7);

const words = (known: boolean, onLeave: (() => void) | undefined): readonly (Shown | string)[] =>
  show(h(UpgradeWords, { contract, known, leftMs: 90_000, onLeave }));

const textOf = (nodes: readonly (Shown | string)[]): string =>
  nodes.map((node) => (typeof node === "string" ? node : textOf(node.children))).join("");

test.for([
  [0, "less than a minute"],
  [60_000, "less than a minute"],
  [60_001, "2 minutes"],
  [3_600_001, "2 hours"],
  [86_400_000, "24 hours"],
  [7 * 86_400_000, "7 days"],
] as const)("%i ms are %s", ([ms, said]) => {
  expect(timeWords(ms)).toBe(said);
});

test.for([
  ["knows", true, "leave before"],
  ["does not know", false, "This page does not know the new rules"],
] as const)("a page that %s the rules to come says so, and which they are", ([, known, sentence]) => {
  const nodes = words(known, () => undefined);
  expect(textOf(nodes)).toContain("The rules change in 2 minutes of play.");
  expect(textOf(nodes)).toContain(sentence);
  expect(withData(nodes, "contract", bytesToHex(contract))).toHaveLength(1);
});

test("whoever has a seat may leave before", () => {
  let left = false;
  const [button] = withData(
    words(true, () => (left = true)),
    "action",
    "leave-before",
  );
  (button!.props["onClick"] as () => void)();
  expect(left).toBe(true);
  expect(withData(words(true, undefined), "action")).toEqual([]);
});

const builtIn = { world: "00".repeat(32), contracts: { dot4: "11".repeat(32) }, policy: developmentPolicy };

test("what a page knows of upgrades is built in, or nothing", () => {
  expect(readBuiltIn(builtIn).lineages).toEqual({});
  const dot4 = { lineage: "22".repeat(32), upgrades: ["33".repeat(32)] };
  expect(readBuiltIn({ ...builtIn, lineages: { dot4 } }).lineages).toEqual({
    dot4: { lineage: new Uint8Array(32).fill(0x22), upgrades: [new Uint8Array(32).fill(0x33)] },
  });
  for (const wrong of [{ ...dot4, upgrades: "33".repeat(32) }, { ...dot4, lineage: "" }, null]) {
    expect(() => readBuiltIn({ ...builtIn, lineages: { dot4: wrong } })).toThrow(/lineages\.dot4/);
  }
});
