/** What worker and store say to each other is read as strictly on both ends as what players say. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  answerMax,
  decodeAnswer,
  decodeOffer,
  decodeQuestion,
  encodeAnswer,
  encodeOffer,
  encodeQuestion,
  storeMessageMax,
  type StoreAnswer,
  type StoreQuestion,
} from "#protocol/store-link.ts";
import { recordsBytesMax } from "#protocol/store-questions.ts";
import {
  batchMax,
  headsMax,
  listMax,
  recordMax,
  recordsMax,
  snapshotMax,
  type ChainId,
  type ChainState,
} from "#protocol/store.ts";
import { exchange } from "./support/store.ts";
import { mutation, refusalOf } from "./support/refusal.ts";

test("questions and answers come out as they went in, no longer than was said", () => {
  fc.assert(
    fc.property(exchange, ({ question, answer }) => {
      const asked = decodeQuestion(encodeQuestion(question));
      expect(asked).toEqual(question);
      const bytes = encodeAnswer(question, answer);
      expect(bytes.length).toBeLessThanOrEqual(answerMax(question));
      expect(decodeAnswer(asked, bytes)).toEqual(answer);
    }),
    { numRuns: 500 },
  );
});

test("any bytes are a question or a coded refusal", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.tuple(exchange, mutation).map(([{ question }, change]) => change(encodeQuestion(question))),
  );
  fc.assert(
    fc.property(bytes, (body) => {
      expect([undefined, "malformed"]).toContain(refusalOf(() => decodeQuestion(body)));
    }),
    { numRuns: 1000 },
  );
});

test("any bytes are an answer to a question or a coded refusal, and what is read can be written again", () => {
  const bytes = fc.oneof(
    fc.tuple(exchange, fc.uint8Array({ maxLength: 100 })).map(([{ question }, body]) => ({ question, body })),
    fc.tuple(exchange, mutation).map(([{ question, answer }, change]) => ({
      question,
      body: change(encodeAnswer(question, answer)),
    })),
    // An answer to something else.
    fc.tuple(exchange, exchange).map(([{ question }, other]) => ({
      question,
      body: encodeAnswer(other.question, other.answer),
    })),
  );
  fc.assert(
    fc.property(bytes, ({ question, body }) => {
      let answer: StoreAnswer | undefined;
      const refusal = refusalOf(() => (answer = decodeAnswer(question, body)));
      expect([undefined, "malformed"]).toContain(refusal);
      if (answer !== undefined) expect(encodeAnswer(question, answer)).toEqual(body);
    }),
    { numRuns: 1000 },
  );
});

test("a question cut short anywhere, or with something behind it, is refused", () => {
  fc.assert(
    fc.property(exchange, fc.nat(), ({ question }, cut) => {
      const bytes = encodeQuestion(question);
      expect(refusalOf(() => decodeQuestion(bytes.slice(0, cut % bytes.length)))).toBe("malformed");
      expect(refusalOf(() => decodeQuestion(Uint8Array.of(...bytes, 0)))).toBe("malformed");
    }),
    { numRuns: 50 },
  );
});

const chain = "room-1" as ChainId;
const head = new Uint8Array(32).fill(1);
const state: ChainState = { chain, length: 3, first: 0, head, changedAt: 5 };
const at = (index: number, length = 10) => ({ index, head, record: new Uint8Array(length) });
const asks = {
  append: { name: "append", given: [{ chain, expected: head, head, record: head }] },
  state: { name: "state", given: chain },
  snapshot: { name: "snapshot", given: { chain, below: 9 } },
  records: { name: "records", given: { chain, from: 4, bytesMax: 100 } },
  heads: { name: "heads", given: { chain, from: 0, count: 2 } },
  list: { name: "list", given: { prefix: "room-", after: "room-0", count: 2 } },
} as const satisfies Record<string, StoreQuestion>;
const listed = (...names: string[]) => names.map((name) => ({ ...state, chain: name }));

test.for<[string, keyof typeof asks, unknown]>([
  ["no answer for an append", "append", []],
  ["two answers for one append", "append", [{ answer: "conflict" }, { answer: "conflict" }]],
  ["another chain's state", "state", { ...state, chain: "room-2" }],
  ["a chain without records", "state", { ...state, length: 0 }],
  ["a chain that begins behind its end", "state", { ...state, first: 4 }],
  ["a snapshot of no record", "snapshot", { chain, index: 0, head, bytes: head }],
  ["a newer snapshot than was asked for", "snapshot", { chain, index: 9, head, bytes: head }],
  ["records from before", "records", [at(3)]],
  ["records that leave one out", "records", [at(4), at(6)]],
  ["records in another order", "records", [at(5), at(4)]],
  ["more bytes than were asked for", "records", [at(4, 60), at(5, 60)]],
  ["more heads than were asked for", "heads", new Uint8Array(96)],
  ["more chains than were asked for", "list", listed("room-1", "room-2", "room-3")],
  ["chains of another prefix", "list", listed("zoom-1")],
  ["chains that were seen before", "list", listed("room-0")],
  ["chains in another order", "list", listed("room-2", "room-1")],
  ["a chain twice", "list", listed("room-2", "room-2")],
])("%s: that does not answer the question", ([, name, value]) => {
  const question = asks[name];
  expect(refusalOf(() => decodeAnswer(question, encodeAnswer(question, { value })))).toBe("malformed");
});

test("a record that is longer than was asked for comes alone", () => {
  const answer = { value: [at(4, 500)] };
  expect(decodeAnswer(asks.records, encodeAnswer(asks.records, answer))).toEqual(answer);
});

const blob = (length: number): number[] => [length & 255, (length >> 8) & 255, (length >> 16) & 255, length >>> 24];
const word = (text: string): number[] => [text.length, ...new TextEncoder().encode(text)];
const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);

test.for<[string, number[]]>([
  ["nothing", []],
  ["a question that there is not", [0]],
  ["a question from later", [10, ...word("a")]],
  ["a batch of nothing", [1, 0, 0]],
  ["a batch of more than there may be", [1, (batchMax + 1) & 255, (batchMax + 1) >> 8]],
  ["a batch of which one is there", [1, 2, 0, ...word("a"), ...zeros(64), ...blob(0)]],
  ["a record of more than there may be", [1, 1, 0, ...word("a"), ...zeros(64), ...blob(recordMax + 1)]],
  ["a snapshot of more than there may be", [2, ...word("a"), 1, ...zeros(39), ...blob(snapshotMax + 1)]],
  ["a snapshot of no record", [2, ...word("a"), ...zeros(40), ...blob(0)]],
  ["a chain without a name", [3, 0]],
  ["a chain in capitals", [3, ...word("Room")]],
  ["a chain that is a path", [3, ...word("../a")]],
  ["a chain with a name too long", [3, ...word("a".repeat(81))]],
  ["an index beyond 2⁵³", [4, ...word("a"), ...zeros(6), 0x20, 0]],
  ["more bytes of records than there may be", [5, ...word("a"), ...zeros(8), ...blob(recordsBytesMax + 1)]],
  ["more heads than there may be", [6, ...word("a"), ...zeros(8), (headsMax + 1) & 255, (headsMax + 1) >> 8]],
  ["more chains than there may be", [8, 0, 0, (listMax + 1) & 255, (listMax + 1) >> 8]],
])("%s is no question", ([, bytes]) => {
  expect(refusalOf(() => decodeQuestion(Uint8Array.from(bytes)))).toBe("malformed");
});

test.for<[string, keyof typeof asks, number[]]>([
  ["nothing", "state", []],
  ["a failure that there is not", "state", [5]],
  ["a failure with words", "state", [1, 33]],
  ["neither yes nor no", "state", [0, 2]],
  ["more records than there may be", "records", [0, (recordsMax + 1) & 255, (recordsMax + 1) >> 8]],
])("%s is no answer", ([, name, bytes]) => {
  expect(refusalOf(() => decodeAnswer(asks[name], Uint8Array.from(bytes)))).toBe("malformed");
});

test("an offer is of this version", () => {
  for (const shared of [false, true]) expect(decodeOffer(encodeOffer(shared))).toEqual({ shared });
  for (const other of [[], [0], [2], [1, 0], [1, 2], [1, 1, 1], [2, 1]]) {
    expect(refusalOf(() => decodeOffer(Uint8Array.from(other)))).toBe("malformed");
  }
});

test("the longest snapshot fits one message, asked and answered", () => {
  const given = { chain: "a".repeat(80) as ChainId, index: 1, head, bytes: new Uint8Array(snapshotMax) };
  expect(encodeQuestion({ name: "save", given }).length).toBeLessThanOrEqual(storeMessageMax);
  const question: StoreQuestion = { name: "snapshot", given: { chain: given.chain, below: 2 } };
  const bytes = encodeAnswer(question, { value: given });
  expect(bytes.length).toBeLessThanOrEqual(Math.min(storeMessageMax, answerMax(question)));
});
