import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Answer, Call, Player } from "#contract/abi.ts";
import type { AnyContract, Context } from "#contract/contract.ts";
import { accept, refuse, textOf, type RequestTerms } from "#contract/index.ts";
import { ContractRuntime } from "#contract/runtime.ts";
import { checkManifest } from "#protocol/manifest.ts";
import type { Value } from "#protocol/value.ts";
import { highCard } from "../fixtures/high-card.ts";

const key = new Uint8Array(32).fill(7);
const ann: Player = { id: "a".repeat(32), seat: 0 };
const ben: Player = { id: "b".repeat(32), seat: 1 };

const anything = {
  "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) },
} as const;

const tiny: AnyContract = {
  name: "tiny",
  players: { min: 1, max: 2 },
  moves: anything,
  open: () => ({ count: 0 }),
  apply: (state) => accept(state),
  view: (state) => state,
};

function opened(contract: AnyContract, players: readonly Player[] = [ann, ben]): ContractRuntime {
  const runtime = new ContractRuntime(contract);
  runtime.answer({ call: "open", tick: 0, key, options: { deck: "short" } });
  for (const player of players) runtime.answer({ call: "join", tick: 1, key: key.map((b) => b + player.seat), player });
  return runtime;
}

const move = (runtime: ContractRuntime, player: Player, value: Value, tick = 2): Answer =>
  runtime.answer({ call: "move", tick, player, move: value });

const views = (runtime: ContractRuntime, viewers: (Player | null)[]): readonly Value[] => {
  const answer = runtime.answer({
    call: "view",
    tick: 3,
    viewers: viewers.map((viewer) => (viewer === null ? { kind: "spectator" } : { kind: "player", ...viewer })),
  });
  if (answer.answer !== "views") throw new Error(answer.answer);
  return answer.views;
};

/** What `apply` does, in a contract that does nothing else. */
const rule = (apply: AnyContract["apply"]): AnyContract => ({ ...tiny, apply });

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

describe("a request", () => {
  const url = "https://b.example/x";
  const asked = (terms: RequestTerms, id = "a"): unknown => {
    const answer = move(
      opened(rule((state, _move, context) => (context.request(id, terms), accept(state)))),
      ann,
      null,
    );
    return answer.answer === "done" && answer.effects;
  };

  test.for<[RequestTerms, object]>([
    [{ url }, { url, method: "GET" }],
    [
      { url, method: "POST" },
      { url, method: "POST" },
    ],
    [
      { url, body: "{}" },
      { url, method: "POST", body: "{}" },
    ],
    [
      { url, body: Uint8Array.of(1), contentType: "image/x" },
      { url, method: "POST", body: Uint8Array.of(1), contentType: "image/x" },
    ],
  ])("%j is asked for as it is written", ([terms, request]) => {
    expect(asked(terms)).toEqual([{ effect: "request", id: "a", request }]);
  });

  test.for<[string, RequestTerms, string?]>([
    ["without a name", { url }, ""],
    ["with a body and no place for it", { url, method: "GET", body: "x" }],
    ["that says what it does not carry", { url, contentType: "text/plain" }],
    ["that is too long", { url, body: "€".repeat(5462) }],
    ["to an address that is too long", { url: url + "x".repeat(1024) }],
    ["of another kind", { url, method: "PUT" as "POST" }],
  ])("%s ends the call", ([, terms, id]) => expect(() => asked(terms, id)).toThrow(TypeError));

  test("that is as long as it may be does not", () =>
    expect(() => asked({ url, body: "€".repeat(5461) })).not.toThrow());

  test("is answered by a call of its own", () => {
    const heard: unknown[] = [];
    const runtime = opened({ ...tiny, answer: (_state, answered) => void heard.push(answered) });
    runtime.answer({ call: "answer", tick: 3, id: "a", answer: { failed: "too-slow" } });
    expect(heard).toEqual([{ id: "a", answer: { failed: "too-slow" } }]);
    expect(opened(tiny).answer({ call: "answer", tick: 3, id: "a", answer: { failed: "too-slow" } })).toMatchObject({
      reason: null,
    });
  });
});

test("text from outside is what TextDecoder reads, where it is text, and never ends a call", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const bytes = new TextEncoder().encode(text);
      expect(textOf(bytes)).toBe(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(textOf(bytes).includes("\ufffd")).toBe(
        new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).includes("\ufffd"),
      );
    }),
    { numRuns: 1000 },
  );
  expect(textOf(Uint8Array.of(0x61, 0xed, 0xa0, 0x80, 0xf4, 0x90, 0x80, 0x80, 0xc0, 0xaf, 0xe2, 0x82))).toBe(
    `a${"\ufffd".repeat(11)}`,
  );
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
