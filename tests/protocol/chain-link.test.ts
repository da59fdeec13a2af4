/** What worker and chain say to each other is read as strictly on both ends as what players say. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  chainAnswerMax,
  chainFailures,
  chainLimits,
  chainQuestionMax,
  decodeChainAnswer,
  decodeChainOffer,
  decodeChainQuestion,
  encodeChainAnswer,
  encodeChainOffer,
  encodeChainQuestion,
  type ChainAnswer,
  type ChainQuestion,
} from "#protocol/chain-link.ts";
import { bytesOf } from "./support/arbitraries.ts";
import { mutation, refusalOf } from "./support/refusal.ts";

const hash = bytesOf(32).map((bytes) => Buffer.from(bytes).toString("hex"));
const u32 = fc.nat({ max: 0xffff_ffff });
const bytes = fc.uint8Array({ maxLength: 80 });
const list = fc.array(bytes, { maxLength: 5 });
const block = fc.record({ hash, number: u32 });
const finality = fc.record({ headers: list, justification: bytes });
const relay = fc.option(fc.record({ block, headKey: bytes }), { nil: undefined });
const value = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<ChainAnswer> => of.map((drawn) => ({ value: drawn as never }));
const failure: fc.Arbitrary<ChainAnswer> = fc.constantFrom(...chainFailures).map((drawn) => ({ failure: drawn }));

const exchange: fc.Arbitrary<readonly [ChainQuestion, ChainAnswer]> = fc.oneof(
  fc.tuple(
    fc.record({ name: fc.constant("next" as const), block, relay }),
    fc.oneof(
      failure,
      value(fc.oneof(fc.constant(undefined), finality, fc.record({ relay: finality, headProof: list, headers: list }))),
    ),
  ),
  fc.tuple(fc.record({ name: fc.constantFrom("body" as const), block: hash }), fc.oneof(failure, value(list))),
  fc.tuple(
    fc.record({
      name: fc.constant("storage" as const),
      block: hash,
      keys: fc.array(bytes, { minLength: 1, maxLength: 4 }),
    }),
    fc.oneof(failure, value(list)),
  ),
  fc.tuple(
    fc.record({ name: fc.constant("keys" as const), block: hash, prefix: bytes }),
    fc.oneof(failure, value(list)),
  ),
  fc.tuple(fc.record({ name: fc.constant("metadata" as const), block: hash }), fc.oneof(failure, value(bytes))),
  fc.tuple(
    fc.record({ name: fc.constant("submit" as const), transaction: bytes }),
    fc.oneof(failure, value(fc.constantFrom("waiting", "in-block"))),
  ),
  fc.tuple(fc.record({ name: fc.constant("newer" as const), number: u32 }), fc.oneof(failure, value(fc.boolean()))),
);

test("questions and answers come out as they went in, no longer than was said", () => {
  fc.assert(
    fc.property(exchange, ([question, answer]) => {
      const asked = encodeChainQuestion(question);
      expect(asked.length).toBeLessThanOrEqual(chainQuestionMax);
      expect(decodeChainQuestion(asked)).toEqual(question);
      const answered = encodeChainAnswer(question.name, answer);
      expect(answered.length).toBeLessThanOrEqual(chainAnswerMax(question.name));
      expect(decodeChainAnswer(question.name, answered)).toEqual(answer);
    }),
    { numRuns: 500 },
  );
});

test("any bytes are a question or a coded refusal, and what is read can be written again", () => {
  const some = fc.oneof(
    bytes,
    fc.tuple(exchange, mutation).map(([[question], change]) => change(encodeChainQuestion(question))),
  );
  fc.assert(
    fc.property(some, (body) => {
      let question: ChainQuestion | undefined;
      const refusal = refusalOf(() => (question = decodeChainQuestion(body)));
      expect([undefined, "malformed"]).toContain(refusal);
      if (question !== undefined) expect(encodeChainQuestion(question)).toEqual(body);
    }),
    { numRuns: 1000 },
  );
});

test("any bytes are an answer to a question or a coded refusal, and what is read can be written again", () => {
  const some = fc.oneof(
    fc.tuple(exchange, bytes).map(([[{ name }], body]) => ({ name, body })),
    fc
      .tuple(exchange, mutation)
      .map(([[{ name }, answer], change]) => ({ name, body: change(encodeChainAnswer(name, answer)) })),
    fc
      .tuple(exchange, exchange)
      .map(([[{ name }], [other, answer]]) => ({ name, body: encodeChainAnswer(other.name, answer) })),
  );
  fc.assert(
    fc.property(some, ({ name, body }) => {
      let answer: ChainAnswer | undefined;
      const refusal = refusalOf(() => (answer = decodeChainAnswer(name, body)));
      expect([undefined, "malformed"]).toContain(refusal);
      if (answer !== undefined) expect(encodeChainAnswer(name, answer)).toEqual(body);
    }),
    { numRuns: 1000 },
  );
});

test("a question cut short anywhere, or with something behind it, is refused", () => {
  fc.assert(
    fc.property(exchange, fc.nat(), ([question], cut) => {
      const whole = encodeChainQuestion(question);
      expect(refusalOf(() => decodeChainQuestion(whole.slice(0, cut % whole.length)))).toBe("malformed");
      expect(refusalOf(() => decodeChainQuestion(Uint8Array.of(...whole, 0)))).toBe("malformed");
    }),
    { numRuns: 50 },
  );
});

const zero = "00".repeat(32);

test.for<[string, ChainQuestion]>([
  [
    "keys by the thousand",
    { name: "storage", block: zero, keys: Array.from({ length: chainLimits.keys + 1 }, () => new Uint8Array(1)) },
  ],
  ["a key of kilobytes", { name: "storage", block: zero, keys: [new Uint8Array(chainLimits.keyLength + 1)] }],
  ["no key", { name: "storage", block: zero, keys: [] }],
  [
    "a transaction that no batch is as long as",
    { name: "submit", transaction: new Uint8Array(chainLimits.transaction + 1) },
  ],
])("nobody asks with %s", ([, question]) => {
  expect(refusalOf(() => decodeChainQuestion(encodeChainQuestion(question)))).toBe("malformed");
});

test("an offer is of this version and nothing else", () => {
  expect(refusalOf(() => decodeChainOffer(encodeChainOffer()))).toBe(undefined);
  for (const bad of [[], [2], [1, 1]])
    expect(refusalOf(() => decodeChainOffer(Uint8Array.from(bad)))).toBe("malformed");
});
