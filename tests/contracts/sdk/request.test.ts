/** What a contract asks of servers outside, and what it hears of them as text. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accept, textOf, type RequestTerms } from "#contract/index.ts";
import { ann, move, opened, rule, tiny } from "./tiny.ts";

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
