/** One example of every question to a store, of its answers, and of a message in fragments. */
import { concatBytes } from "#protocol/bytes.ts";
import { FragmentReader, FragmentSender } from "#protocol/store-fragments.ts";
import {
  decodeAnswer,
  decodeQuestion,
  encodeAnswer,
  encodeOffer,
  encodeQuestion,
  type StoreAnswer,
  type StoreQuestion,
} from "#protocol/store-link.ts";
import type { ChainId } from "#protocol/store.ts";
import type { Case } from "./protocol-cases.ts";

const run = (first: number, length = 32): Uint8Array => Uint8Array.from({ length }, (_, i) => (first + i) & 0xff);
const chain = "room-00112233445566778899" as ChainId;
const [head, next] = [run(0x10), run(0x40)];
const far = 2 ** 40 + 5;
const state = { chain, length: far, first: 7, changedAt: 1_800_000_000_000, head };
const snapshot = { chain, index: far, head, bytes: run(0xa0, 9) };

const exchanges: readonly (readonly [StoreQuestion, ...StoreAnswer[]])[] = [
  [
    {
      name: "append",
      given: [
        { chain, expected: run(0, 32), head, record: run(0x80, 5) },
        { chain: "a" as ChainId, expected: head, head: next, record: run(0, 0) },
      ],
    },
    { value: [{ answer: "stored", index: far }, { answer: "conflict" }] },
    { failure: "store-full" },
  ],
  [{ name: "save", given: snapshot }, { value: "stored" }, { value: "conflict" }, { failure: "store-refused" }],
  [{ name: "state", given: chain }, { value: state }, { value: undefined }, { failure: "store-failed" }],
  [{ name: "snapshot", given: { chain, below: 2 ** 53 - 1 } }, { value: snapshot }, { failure: "store-damaged" }],
  [
    { name: "records", given: { chain, from: 3, bytesMax: 1_000_000 } },
    {
      value: [
        { index: 3, head, record: run(1, 3) },
        { index: 4, head: next, record: run(4, 2) },
      ],
    },
  ],
  [{ name: "heads", given: { chain, from: 1, count: 8192 } }, { value: run(0, 64) }],
  [{ name: "compact", given: { chain, below: 300 } }, { value: "compacted" }, { value: "conflict" }],
  [{ name: "list", given: { prefix: "room-", after: "", count: 1000 } }, { value: [state] }, { value: [] }],
  [{ name: "remove", given: chain }, { value: undefined }],
];

function fragmented(): Case {
  const message = run(1, 70_000);
  const fragments: Uint8Array[] = [];
  new FragmentSender((some, done) => {
    fragments.push(...some);
    done();
  }).push(0x01020304, message, true);
  const reader = new FragmentReader({ bytesMax: message.length, admit: () => undefined });
  const [read] = fragments.flatMap((fragment) => reader.push(fragment) ?? []);
  // Where the second one begins, with its header, is all that is not the message.
  const headers = concatBytes(...fragments.map((fragment) => fragment.slice(0, 9)));
  const input = { question: 0x01020304, length: message.length, fragments: fragments.map(({ length }) => length) };
  return {
    name: "fragments, their first nine bytes",
    input,
    bytes: headers,
    read: { ...input, question: read!.question, length: read!.message.length },
  };
}

function answerCase(question: StoreQuestion, answer: StoreAnswer, number: number): Case {
  const bytes = encodeAnswer(question, answer);
  return { name: `${question.name}, answer ${number}`, input: answer, bytes, read: decodeAnswer(question, bytes) };
}

function questionCase(question: StoreQuestion): Case {
  const bytes = encodeQuestion(question);
  return { name: question.name, input: question, bytes, read: decodeQuestion(bytes) };
}

export const storeLinkCases = (): readonly Case[] => [
  { name: "offer", input: null, bytes: encodeOffer() },
  ...exchanges.map(([question]) => questionCase(question)),
  ...exchanges.flatMap(([question, ...answers]) => answers.map((answer, i) => answerCase(question, answer, i + 1))),
  fragmented(),
];
