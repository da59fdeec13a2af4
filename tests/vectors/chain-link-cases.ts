/** One example of every question to a chain, and of its answers. */
import {
  decodeChainAnswer,
  decodeChainQuestion,
  encodeChainAnswer,
  encodeChainOffer,
  encodeChainQuestion,
  type ChainAnswer,
  type ChainQuestion,
} from "#protocol/chain-link.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import type { Case } from "./protocol-cases.ts";

const run = (first: number, length = 32): Uint8Array => Uint8Array.from({ length }, (_, i) => (first + i) & 0xff);
const block = { hash: bytesToHex(run(0x10)), number: 1_234_567 };
const relay = { block: { hash: bytesToHex(run(0x40)), number: 0xffff_fffe }, headKey: run(0x90, 20) };
const finality = { headers: [run(1, 5), run(6, 3)], justification: run(0x20, 9) };

const exchanges: readonly (readonly [ChainQuestion, ...ChainAnswer[]])[] = [
  [{ name: "next", block, relay: undefined }, { value: undefined }, { value: finality }, { failure: "chain-away" }],
  [
    { name: "next", block, relay },
    { value: { relay: finality, headProof: [run(3, 4)], headers: [run(0x70, 6)] } },
    { failure: "chain-failed" },
  ],
  [{ name: "body", block: block.hash }, { value: [run(5, 2), run(9, 1)] }, { value: [] }],
  [{ name: "storage", block: block.hash, keys: [run(1, 16), run(2, 48)] }, { value: [run(0x60, 40)] }],
  [{ name: "metadata", block: block.hash }, { value: run(0x6d, 12) }],
  [
    { name: "submit", transaction: run(0x84, 30) },
    { value: "waiting" },
    { value: "in-block" },
    { failure: "chain-refused" },
  ],
  [{ name: "newer", number: 7 }, { value: true }, { value: false }],
  [{ name: "keys", block: block.hash, prefix: run(3, 48) }, { value: [run(3, 88)] }, { value: [] }],
];

export function chainLinkCases(): readonly Case[] {
  const cases: Case[] = [{ name: "offer", input: null, bytes: encodeChainOffer() }];
  exchanges.forEach(([question, ...answers], i) => {
    const asked = encodeChainQuestion(question);
    const name = `${i + 1} ${question.name}`;
    cases.push({ name, input: question, bytes: asked, read: decodeChainQuestion(asked) });
    answers.forEach((answer, number) => {
      const bytes = encodeChainAnswer(question.name, answer);
      const read = decodeChainAnswer(question.name, bytes);
      cases.push({ name: `${name}, answer ${number + 1}`, input: answer, bytes, read });
    });
  });
  return cases;
}
