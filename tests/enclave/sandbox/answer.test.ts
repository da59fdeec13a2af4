import { expect, test } from "vitest";
import type { Call } from "#contract/abi.ts";
import { checkAnswer } from "#enclave/sandbox/answer.ts";

const ann = { id: "a".repeat(32), seat: 0 };
const done = { answer: "done", reason: null, effects: [] };
const calls = {
  describe: { call: "describe" },
  open: { call: "open", tick: 5, key: new Uint8Array(32), options: {} },
  move: { call: "move", tick: 5, player: ann, move: null },
  view: { call: "view", tick: 5, viewers: [{ kind: "spectator" }] },
  abandon: { call: "abandon", tick: 5, absent: [ann] },
} as const satisfies Record<string, Call>;

const get = { url: "https://a.example/", method: "GET" };
const asking = (fields: object): unknown => ({ effect: "request", id: "x", request: { ...get, ...fields } });
const withEffect = (effect: unknown): unknown => ({ ...done, effects: [effect] });

test("whatever a contract may say comes through as it was said", () => {
  const effects = [
    { effect: "send", to: "players", message: { a: [1] } },
    { effect: "send", to: { player: ann.id }, message: null },
    { effect: "schedule", name: "x", tick: 6, payload: "p" },
    { effect: "cancel", name: "x" },
    { effect: "award", player: ann.id, item: { name: "cup" }, once: "winner" },
    { effect: "touch", who: "everyone" },
    { effect: "touch", who: { player: ann.id } },
    { effect: "request", id: "best", request: { url: "https://a.example/", method: "GET" } },
    {
      effect: "request",
      id: "new",
      request: { url: "https://a.example/x", method: "POST", body: new Uint8Array(16_384), contentType: "text/plain" },
    },
    { effect: "end", result: { winner: 0 } },
  ];
  expect(checkAnswer(calls.open, { ...done, effects })).toEqual({ ...done, effects });
  expect(checkAnswer(calls.move, { ...done, reason: "not yours" })).toEqual({ ...done, reason: "not yours" });
  expect(checkAnswer(calls.abandon, { ...done, result: 1 })).toEqual({ ...done, result: 1 });
  expect(checkAnswer(calls.view, { answer: "views", views: [1] })).toEqual({ answer: "views", views: [1] });
  const described = { answer: "described", manifest: { name: "x" } };
  expect(checkAnswer(calls.describe, described)).toEqual(described);
});

test.for<[string, keyof typeof calls, unknown]>([
  ["a number", "open", 3],
  ["an array", "open", []],
  ["the answer to another call", "open", { answer: "views", views: [] }],
  ["done where views are due", "view", done],
  ["two views for one viewer", "view", { answer: "views", views: [1, 2] }],
  ["no view for a viewer", "view", { answer: "views", views: [] }],
  ["no effects at all", "open", { answer: "done", reason: null }],
  ["a refusal of what is no move", "open", { ...done, reason: "no" }],
  ["a refusal without text", "move", { ...done, reason: 3 }],
  ["a refusal that is too long", "move", { ...done, reason: "n".repeat(201) }],
  ["a refusal with effects", "move", { ...done, reason: "no", effects: [{ effect: "end", result: null }] }],
  ["a result where none is due", "open", { ...done, result: 1 }],
  ["no result where one is due", "abandon", done],
  [
    "too many effects",
    "open",
    { ...done, effects: Array.from({ length: 257 }, () => ({ effect: "end", result: null })) },
  ],
  ["an effect that is no map", "open", withEffect(1)],
  ["a request without a name", "open", withEffect({ effect: "request", id: "", request: get })],
  ["a request that is none", "open", withEffect({ effect: "request", id: "x", request: null })],
  ["a request of another kind", "open", withEffect(asking({ method: "DELETE" }))],
  ["a request to no address", "open", withEffect(asking({ url: 7 }))],
  ["a request to an address that is too long", "open", withEffect(asking({ url: `https://${"a".repeat(1100)}` }))],
  ["a body where none is taken", "open", withEffect(asking({ body: "x" }))],
  ["a body that is neither text nor bytes", "open", withEffect(asking({ method: "POST", body: [1] }))],
  ["a body that is too long", "open", withEffect(asking({ method: "POST", body: "é".repeat(8193) }))],
  ["a content type of nothing", "open", withEffect(asking({ method: "POST", contentType: "text/plain" }))],
  [
    "a content type with another header in it",
    "open",
    withEffect(asking({ method: "POST", body: "", contentType: "text/plain\r\ncookie: a=b" })),
  ],
  ["an effect that does not exist", "open", withEffect({ effect: "pay" })],
  ["a message to nobody", "open", withEffect({ effect: "send", to: "host", message: 1 })],
  ["a message to a player without a name", "open", withEffect({ effect: "send", to: { player: "" }, message: 1 })],
  ["no message", "open", withEffect({ effect: "send", to: "everyone" })],
  ["a timer without a name", "open", withEffect({ effect: "schedule", name: "", tick: 6, payload: null })],
  ["a timer now", "open", withEffect({ effect: "schedule", name: "x", tick: 5, payload: null })],
  ["a timer at no whole tick", "open", withEffect({ effect: "schedule", name: "x", tick: 6.5, payload: null })],
  [
    "a timer that carries too much",
    "open",
    withEffect({ effect: "schedule", name: "x", tick: 6, payload: "p".repeat(17_000) }),
  ],
  [
    "an award for a reason that is too long",
    "open",
    withEffect({ effect: "award", player: ann.id, item: 1, once: "x".repeat(65) }),
  ],
  ["a touch of spectators", "open", withEffect({ effect: "touch", who: "spectators" })],
  ["a description where done is due", "open", { answer: "described", manifest: {} }],
  ["done where a description is due", "describe", done],
  ["a view that is no value", "view", { answer: "views", views: [undefined] }],
])("%s is no answer", ([, call, value]) => {
  expect(() => checkAnswer(calls[call], value)).toThrow(/./);
});
