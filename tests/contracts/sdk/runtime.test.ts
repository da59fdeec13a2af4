/** Calls into a contract: who is told what, what effects carry, and what a refusal leaves behind. */
import { expect, test } from "vitest";
import type { Call, Player } from "#contract/abi.ts";
import type { AnyContract, Context } from "#contract/contract.ts";
import { accept, refuse } from "#contract/index.ts";
import { ContractRuntime } from "#contract/runtime.ts";
import type { Value } from "#protocol/value.ts";
import { highCard } from "../fixtures/high-card.ts";
import { ann, ben, key, move, opened, rule, tiny, views } from "./tiny.ts";

test("a move that fits no schema is refused with a readable reason, and no rule sees it", () => {
  const runtime = opened(highCard);
  expect(move(runtime, ann, { kind: "guess", guess: "sideways" })).toEqual({
    answer: "done",
    reason: expect.stringMatching(/^guess: .*sideways/) as string,
    effects: [],
  });
  expect(move(runtime, ann, null)).toMatchObject({ reason: expect.stringContaining("null") as string });
});

test("a reason is cut at its limit, between characters", () => {
  const runtime = opened(rule(() => refuse("🂡".repeat(200))));
  const answer = move(runtime, ann, null);
  if (answer.answer !== "done" || answer.reason === null) throw new Error("refused");
  expect(answer.reason.length).toBeLessThanOrEqual(200);
  expect(answer.reason.isWellFormed()).toBe(true);
});

test("each viewer gets what view builds for them", () => {
  const runtime = opened(highCard);
  const [mine, theirs, spectator] = views(runtime, [ann, ben, null]) as { mine: number | null }[];
  expect(mine!.mine).toEqual(expect.any(Number));
  expect(theirs!.mine).toEqual(expect.any(Number));
  expect(spectator!.mine).toBeNull();
});

test("a refusal drops every effect, every draw and the state it was given", () => {
  let draws: number[] = [];
  const runtime = opened(
    rule((state, wanted, context) => {
      draws = [context.random.below(1000), context.random.below(1000)];
      context.send("everyone", "psst");
      context.award(context.player, { name: "medal" }, { once: "try" });
      return wanted === "ok" ? accept({ count: state.count + 1 }) : refuse("no");
    }),
  );
  const before = runtime.state;
  expect(move(runtime, ann, "try")).toEqual({ answer: "done", reason: "no", effects: [] });
  const refusedDraws = draws;
  expect(runtime.state).toBe(before);
  expect(move(runtime, ann, "ok")).toMatchObject({ reason: null, effects: [{ effect: "send" }, { effect: "award" }] });
  expect(draws).toEqual(refusedDraws);
  expect(runtime.state).toEqual({ count: 1 });
});

test("a rule knows how many items are left where that is fewer than one call can award", () => {
  const seen: unknown[] = [];
  const runtime = opened(
    rule((state, _move, context) => {
      seen.push(context.itemsLeft);
      return accept(state);
    }),
  );
  for (const more of [{}, { itemsLeft: 255 }, { itemsLeft: 0 }])
    runtime.answer({ call: "move", tick: 1, player: ann, move: null, ...more });
  expect(seen).toEqual([undefined, 255, 0]);
});

test("effects carry what the room needs to carry them out", () => {
  const runtime = opened(
    rule((state, _move, context) => {
      context.send(ben, { hello: 1 });
      context.schedule("later", context.seconds(1.1));
      context.schedule("at once", 0, [1]);
      context.cancel("later");
      context.award(ann, { name: "medal" }, { once: "first" });
      context.touch(ann);
      context.touch("everyone");
      context.end({ winner: 0 });
      return accept(state);
    }),
  );
  expect(move(runtime, ann, null, 100)).toEqual({
    answer: "done",
    reason: null,
    effects: [
      { effect: "send", to: { player: ben.id }, message: { hello: 1 } },
      { effect: "schedule", name: "later", tick: 155, payload: null },
      { effect: "schedule", name: "at once", tick: 101, payload: [1] },
      { effect: "cancel", name: "later" },
      { effect: "award", player: ann.id, item: { name: "medal" }, once: "first" },
      { effect: "touch", who: { player: ann.id } },
      { effect: "touch", who: "everyone" },
      { effect: "end", result: { winner: 0 } },
    ],
  });
});

test.for<[string, (context: Context) => void]>([
  ["too many effects", (context) => Array.from({ length: 300 }, () => context.cancel("x"))],
  ["a timer without a name", (context) => context.schedule("", 1)],
  ["a timer at no time", (context) => context.schedule("x", Number.NaN)],
  ["a message that is no value", (context) => context.send("everyone", new Map() as unknown as Value)],
  ["a message that holds NaN", (context) => context.send("everyone", { x: Number.NaN })],
  ["two ends", (context) => [context.end(1), context.end(2)]],
  ["an award for a reason without a name", (context) => context.award(ann, {}, { once: "" })],
])("%s stops the call", ([, ask]) => {
  const runtime = opened(
    rule((state, _move, context) => {
      ask(context);
      return accept(state);
    }),
  );
  expect(() => move(runtime, ann, null)).toThrow(/./);
});

test.for([
  ["undefined", undefined],
  ["a state without accept", { count: 1 }],
  ["an acceptance without a state", { accepted: true }],
  ["a refusal without a reason", { accepted: false }],
  ["a promise", Promise.resolve(accept({}))],
  ["an accepted promise", accept(Promise.resolve({}))],
])("apply must not return %s", ([, outcome]) => {
  const runtime = opened(rule(() => outcome as ReturnType<AnyContract["apply"]>));
  expect(() => move(runtime, ann, null)).toThrow(TypeError);
});

test("a context kept beyond its call asks for nothing", () => {
  let kept: Context | undefined;
  const runtime = opened({ ...tiny, join: (_state, _player, context) => void (kept = context) });
  expect(() => kept!.send("everyone", "late")).toThrow(/over/);
  expect(move(runtime, ann, null)).toMatchObject({ effects: [] });
});

test("the roster is by seat, with the newcomer and without who left", () => {
  const seen: number[][] = [];
  const note = (_state: unknown, _player: Player, context: Context): void => {
    seen.push(context.players.map(({ seat }) => seat));
  };
  const runtime = opened({ ...tiny, join: note, leave: note }, [ben, ann]);
  runtime.answer({ call: "leave", tick: 2, player: ann });
  expect(seen).toEqual([[1], [0, 1], [1]]);
});

test("rules that are not there are answered for", () => {
  const runtime = opened(tiny);
  const calls: Call[] = [
    { call: "dropped", tick: 2, player: ann },
    { call: "returned", tick: 3, player: ann },
    { call: "tick", tick: 4 },
    { call: "timer", tick: 5, name: "x", payload: null },
    { call: "leave", tick: 6, player: ann },
  ];
  for (const call of calls) expect(runtime.answer(call)).toEqual({ answer: "done", reason: null, effects: [] });
  expect(runtime.answer({ call: "abandon", tick: 7, absent: [ann] })).toEqual({
    answer: "done",
    reason: null,
    effects: [],
    result: null,
  });
});

test("a new key at each join makes new draws", () => {
  const draws: number[] = [];
  const contract: AnyContract = {
    ...tiny,
    open: (context) => draws.push(context.random.below(2 ** 32)),
    join: (_state, _player, context) => void draws.push(context.random.below(2 ** 32)),
  };
  opened(contract);
  opened(contract);
  expect(new Set(draws.slice(0, 3)).size).toBe(2); // seat 0 joins with the key the room opened with
  expect(draws.slice(3)).toEqual(draws.slice(0, 3));
});

test.for([
  ["a view that is no value", { ...tiny, view: () => ({ when: new Date(0) }) }],
  ["a view that is undefined", { ...tiny, view: () => undefined }],
])("%s stops the call", ([, contract]) => {
  expect(() => views(opened(contract as AnyContract), [ann])).toThrow(expect.objectContaining({ code: "malformed" }));
});

test("a room is opened once, and before anything else", () => {
  const runtime = new ContractRuntime(tiny);
  expect(() => runtime.answer({ call: "tick", tick: 1 })).toThrow(/not open/);
  runtime.answer({ call: "open", tick: 0, key, options: {} });
  expect(() => runtime.answer({ call: "open", tick: 0, key, options: {} })).toThrow(/already open/);
});
