/** What fast-check draws of stores: every kind of question, and an answer that fits it. */
import fc from "fast-check";
import type { StoreAnswer, StoreQuestion } from "#protocol/store-link.ts";
import { recordsBytesMax } from "#protocol/store-questions.ts";
import { headLength, headsMax, listMax, type Appended, type ChainId, type ChainState } from "#protocol/store.ts";
import { bytesOf } from "./arbitraries.ts";

const word = fc.string({ unit: fc.constantFrom(...Array.from("abz019-")), minLength: 1, maxLength: 80 });
export const chain = word as fc.Arbitrary<ChainId>;
const count = fc.oneof(fc.nat(), fc.maxSafeInteger().map(Math.abs));
const head = bytesOf(headLength);
const bytes = fc.uint8Array({ maxLength: 400 });
const index = count.map((number) => Math.max(1, number));

const append = fc.record({ chain, expected: head, head, record: bytes });
const snapshot = fc.record({ chain, index, head, bytes });
const stateOf = (
  { head, changedAt }: Pick<ChainState, "head" | "changedAt">,
  name: ChainId,
  length: number,
  first: number,
): ChainState => ({ chain: name, length, first, head, changedAt });
const state: fc.Arbitrary<ChainState> = fc
  .record({ chain, length: index, first: count, head, changedAt: count })
  .map(({ length, first, ...drawn }) => stateOf(drawn, drawn.chain, length, first % (length + 1)));
const appended: fc.Arbitrary<Appended> = fc.oneof(
  fc.constant<Appended>({ answer: "conflict" }),
  count.map((number): Appended => ({ answer: "stored", index: number })),
);

export interface Exchange {
  readonly question: StoreQuestion;
  readonly answer: StoreAnswer;
}

/** A kind of question: what is asked, and what may be answered. */
const kind = <Given>(
  name: StoreQuestion["name"],
  given: fc.Arbitrary<Given>,
  answers: (given: Given) => fc.Arbitrary<unknown>,
): fc.Arbitrary<Exchange> =>
  given.chain((drawn) =>
    answers(drawn).map((value) => ({
      question: { name, given: drawn } as unknown as StoreQuestion,
      answer: { value },
    })),
  );

export const answered: fc.Arbitrary<Exchange> = fc.oneof(
  kind("append", fc.array(append, { minLength: 1, maxLength: 5 }), ({ length }) =>
    fc.array(appended, { minLength: length, maxLength: length }),
  ),
  kind("save", snapshot, () => fc.constantFrom("stored", "conflict")),
  kind("state", chain, (asked) =>
    fc.option(
      state.map((found) => stateOf(found, asked, found.length, found.first)),
      { nil: undefined },
    ),
  ),
  kind("snapshot", fc.record({ chain, below: index.filter((number) => number > 1) }), (asked) =>
    fc.option(
      snapshot.map(({ index: drawn, head: newest, bytes: content }) => ({
        chain: asked.chain,
        index: 1 + (drawn % (asked.below - 1)),
        head: newest,
        bytes: content,
      })),
      { nil: undefined },
    ),
  ),
  kind(
    "records",
    fc.record({ chain, from: fc.nat(), bytesMax: fc.integer({ min: 2000, max: recordsBytesMax }) }),
    (asked) =>
      fc
        .tuple(fc.nat(9), fc.array(fc.record({ head, record: bytes }), { maxLength: 5 }))
        .map(([skipped, found]) =>
          found.map(({ head: of, record }, i) => ({ index: asked.from + skipped + i, head: of, record })),
        ),
  ),
  kind("heads", fc.record({ chain, from: count, count: fc.integer({ min: 6, max: headsMax }) }), () =>
    fc.nat(6).chain((number) => bytesOf(number * headLength)),
  ),
  kind("compact", fc.record({ chain, below: count }), () => fc.constantFrom("compacted", "conflict")),
  kind(
    "list",
    fc.record({ prefix: fc.constantFrom("", "a", "b-"), after: fc.constantFrom("", "a"), count: fc.constant(listMax) }),
    (asked) =>
      fc
        .array(state, { maxLength: 4 })
        .map((found) =>
          found
            .map((each, i) => stateOf(each, `${asked.prefix}b${i}` as ChainId, each.length, each.first))
            .filter((each) => each.chain > asked.after),
        ),
  ),
  kind("remove", chain, () => fc.constant(undefined)),
);

export const failed: fc.Arbitrary<Exchange> = fc
  .tuple(answered, fc.constantFrom("store-full", "store-failed", "store-damaged", "store-refused"))
  .map(([{ question }, failure]) => ({ question, answer: { failure } }));

export const exchange = fc.oneof({ weight: 4, arbitrary: answered }, failed);
