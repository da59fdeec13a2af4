/** What a contract declares, what is filled in for it, and what its author is told is wrong. */
import { expect, test } from "vitest";
import type { AnyContract } from "#contract/contract.ts";
import { ContractRuntime } from "#contract/runtime.ts";
import { checkManifest } from "#protocol/manifest.ts";
import { highCard } from "../fixtures/high-card.ts";
import { anything, tiny } from "./tiny.ts";

test("defaults fill a manifest that the host accepts", () => {
  const described = new ContractRuntime(highCard).answer({ call: "describe" });
  expect(described).toEqual({
    answer: "described",
    manifest: {
      abi: "room-wasm v1",
      name: "high-card",
      players: { min: 2, max: 2 },
      spectators: 100,
      pace: "turns",
      hz: 50,
      presence: "all",
      graceMs: 60_000,
      pauseMs: 180_000,
      options: { deck: ["short", "long"] },
      frameBytes: 1024,
      memoryPages: 256,
      fuel: 20_000_000,
      tables: [],
    },
  });
  if (described.answer !== "described") throw new Error("described");
  expect(checkManifest(described.manifest)).toEqual(described.manifest);
});

test.for([
  [undefined, undefined],
  [[], undefined],
  [["https://b.example/"], ["https://b.example/"]],
] as const)("a contract that asks %j declares %j", ([requests, declared]) => {
  const described = new ContractRuntime({ ...tiny, ...(requests === undefined ? {} : { requests }) }).answer({
    call: "describe",
  });
  expect(described.answer === "described" && checkManifest(described.manifest).requests).toEqual(declared);
});

test.for([
  [undefined, undefined],
  ["never", undefined],
  ["at-end", "at-end"],
] as const)("a contract that says %s about its log declares %s", ([reveal, declared]) => {
  const described = new ContractRuntime({ ...tiny, ...(reveal === undefined ? {} : { reveal }) }).answer({
    call: "describe",
  });
  expect(described.answer === "described" && checkManifest(described.manifest).reveal).toBe(declared);
});

test("rooms that tick get another pace, rooms of more than eight seats go on without the absent", () => {
  const arena = { ...tiny, pace: "ticks" as const, players: { min: 1, max: 9 } };
  expect(new ContractRuntime(arena).answer({ call: "describe" })).toMatchObject({
    manifest: { pace: "ticks", hz: 20, presence: "any", frameBytes: 0 },
  });
});

test("an asynchronous schema is refused when the contract is described", () => {
  const later = { "~standard": { ...anything["~standard"], validate: async (value: unknown) => ({ value }) } };
  expect(() => new ContractRuntime({ ...tiny, moves: later }).answer({ call: "describe" })).toThrow(/asynchronous/);
});

test.for([
  ["no rule", { ...tiny, apply: undefined }, /function apply/],
  ["a rule that is no function", { ...tiny, join: 3 }, /join must be a function/],
  ["no schema", { ...tiny, moves: {} }, /Standard Schema/],
  ["nothing", undefined, /an object/],
] as const)("an author is told about %s", ([, contract, message]) => {
  expect(() => new ContractRuntime(contract as unknown as AnyContract)).toThrow(message);
});
