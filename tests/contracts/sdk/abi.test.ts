import { expect, test } from "vitest";
import { decodeCall, encodeAnswer, encodeCall, type Answer, type Call } from "#contract/abi.ts";
import { decodeFrom } from "#contract/guest/decode.ts";
import { encodeInto } from "#contract/guest/encode.ts";
import { checkAnswer } from "#enclave/sandbox/answer.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import { decodeMsgpack } from "#protocol/msgpack.ts";
import vectors from "../../vectors/abi.json" with { type: "json" };

/** Every call of the ABI, and an answer to it that uses all it may. The keys of the vectors. */
const ann = { id: "0123456789abcdef".repeat(2), seat: 0 };
const key = Uint8Array.from({ length: 32 }, (_, i) => i);
const done: Answer = { answer: "done", reason: null, effects: [] };

const calls: Record<string, [Call, Answer]> = {
  describe: [{ call: "describe" }, { answer: "described", manifest: { name: "x", players: { min: 1, max: 2 } } }],
  open: [{ call: "open", tick: 0, key, options: { clock: "30" } }, done],
  join: [{ call: "join", tick: 1, key, player: ann }, done],
  leave: [{ call: "leave", tick: 2, player: ann }, done],
  dropped: [{ call: "dropped", tick: 3, player: ann }, done],
  returned: [{ call: "returned", tick: 4, player: ann }, done],
  "move accepted": [
    { call: "move", tick: 70_000, player: ann, move: { kind: "drop", line: 4, at: [0.5, -1, null, true, "é"] } },
    {
      answer: "done",
      reason: null,
      effects: [
        { effect: "send", to: "everyone", message: { hello: key.slice(0, 3) } },
        { effect: "send", to: { player: ann.id }, message: null },
        { effect: "schedule", name: "turn", tick: 71_500, payload: [1] },
        { effect: "cancel", name: "turn" },
        { effect: "award", player: ann.id, item: { name: "cup" }, once: "winner" },
        { effect: "touch", who: "everyone" },
        { effect: "touch", who: { player: ann.id } },
        { effect: "end", result: { winner: 0 } },
      ],
    },
  ],
  "move refused": [
    { call: "move", tick: 5, player: ann, move: null },
    { ...done, reason: "it is not your turn" },
  ],
  "move with few items left": [{ call: "move", tick: 5, player: ann, move: null, itemsLeft: 3 }, done],
  tick: [{ call: "tick", tick: 6 }, done],
  "tick looking": [
    { call: "tick", tick: 10 },
    {
      ...done,
      effects: [
        { effect: "focus", player: ann.id, entity: { table: "Body", row: 5, generation: 2 } },
        { effect: "focus", player: ann.id, entity: null },
        { effect: "team", player: ann.id, team: 3 },
        { effect: "team", player: ann.id, team: null },
      ],
    },
  ],
  timer: [{ call: "timer", tick: 7, name: "turn", payload: [1] }, done],
  answer: [
    {
      call: "answer",
      tick: 8,
      id: "best",
      answer: { status: 200, contentType: "text/plain", body: Uint8Array.of(0x34, 0x30) },
    },
    {
      ...done,
      effects: [
        { effect: "request", id: "best", request: { url: "https://api.example/scores/best", method: "GET" } },
        {
          effect: "request",
          id: "new",
          request: { url: "https://api.example/scores/", method: "POST", body: "40", contentType: "text/plain" },
        },
      ],
    },
  ],
  "answer failed": [{ call: "answer", tick: 8, id: "best", answer: { failed: "interrupted" } }, done],
  items: [
    {
      call: "items",
      tick: 8,
      player: ann,
      items: [
        { id: "1-a-b-c-00000001", collection: "a-b", symbol: "c", metadata: null, inside: null, slot: "base-1-b.s" },
      ],
    },
    done,
  ],
  consumed: [
    { call: "consumed", tick: 8, owner: ann.id, item: "1-a-b-c-00000001", refused: "item-used" },
    { ...done, effects: [{ effect: "consume", player: ann.id, item: "1-a-b-c-00000002" }] },
  ],
  "consumed at last": [{ call: "consumed", tick: 9, owner: ann.id, item: "1-a-b-c-00000002", refused: null }, done],
  "items unknown": [{ call: "items", tick: 8, player: ann, items: null }, done],
  abandon: [
    { call: "abandon", tick: 8, absent: [ann] },
    { ...done, result: { winner: 1 } },
  ],
  view: [
    { call: "view", tick: 9, viewers: [{ kind: "player", ...ann }, { kind: "spectator" }] },
    { answer: "views", views: [{ hand: [1, 2] }, { hand: null }] },
  ],
  state: [
    { call: "state", tick: 11 },
    { answer: "state", state: { drops: 3 } },
  ],
  migrate: [{ call: "migrate", tick: 11, key, options: { clock: "30" }, players: [ann], state: { drops: 3 } }, done],
};

test("there is a vector for every call", () => {
  expect(Object.keys(vectors.calls).toSorted()).toEqual(Object.keys(calls).toSorted());
});

test.for(Object.entries(calls))("%s is the same bytes for ever, on both sides", ([name, [call, answer]]) => {
  const vector = vectors.calls[name as keyof typeof vectors.calls];
  expect(bytesToHex(encodeCall(call))).toBe(vector.in);
  expect(bytesToHex(encodeAnswer(answer))).toBe(vector.out);

  expect(decodeFrom(hexToBytes(vector.in))).toEqual(call);
  expect(decodeCall(hexToBytes(vector.in))).toEqual(call);
  const window = new Uint8Array(4096);
  expect(bytesToHex(window.slice(0, encodeInto(window, answer)))).toBe(vector.out);
  expect(checkAnswer(call, decodeMsgpack(hexToBytes(vector.out)))).toEqual(answer);
});
