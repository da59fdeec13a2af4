/** Honest answers are believed: headers, votes, and authorities who hand over to the next. */
import { describe, expect, test } from "vitest";
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from "#enclave/ledger/proof/checkpoint.ts";
import { advance, demandNotOlder } from "#enclave/ledger/proof/finality.ts";
import { thresholdOf, verifyJustification } from "#enclave/ledger/proof/justification.ts";
import { advanceParachain } from "#enclave/ledger/proof/parachain.ts";
import { decodeTime, laterTime } from "#enclave/ledger/proof/time.ts";
import { strengths } from "#enclave/ledger/proof/strength.ts";
import {
  authoritySet,
  checkpointAt,
  finalizedAt,
  handoverOf,
  justify,
  littleEndian,
  ModelChain,
  names,
  prefixed,
  prove,
  scheduled,
  stepTo,
  timeOf,
  voter,
  votersOf,
} from "../support/model-chain.ts";

describe("a block is final", () => {
  const chain = new ModelChain();
  const known = chain.last;
  const blocks = Array.from({ length: 3 }, () => chain.grow());
  const last = chain.last;

  test("by the votes of all", () => {
    const { finalized, headers } = advance(finalizedAt(known), stepTo(blocks));
    expect(finalized.block).toEqual({ hash: last.hash, number: last.number });
    expect(headers.map(({ hash }) => hash)).toEqual(blocks.map(({ hash }) => hash));
    expect(() => demandNotOlder(finalized, last)).not.toThrow();
  });

  test("by three of four", () => {
    expect(() => advance(finalizedAt(known), stepTo(blocks, { voters: votersOf(0).slice(1) }))).not.toThrow();
  });

  test("by votes for blocks above it", () => {
    const above = chain.child(last);
    const top = chain.child(above);
    const votes = { votedFor: [last, above, top], ancestry: [above, top] };
    expect(() => advance(finalizedAt(known), stepTo(blocks, votes))).not.toThrow();
  });

  test("even if one of those who voted has voted twice", () => {
    const [a, b, c] = votersOf(0);
    const above = chain.child(last);
    const votes = { voters: [a!, b!, c!, c!], votedFor: [last, last, last, above], ancestry: [above] };
    expect(() => advance(finalizedAt(known), stepTo(blocks, votes))).not.toThrow();
  });

  test("by weight, not by heads", () => {
    const heavy = voter("heavy", 9);
    const set = authoritySet(0, [...votersOf(0), heavy]);
    expect(() => verifyJustification(justify(last, { voters: [heavy] }), last, set)).not.toThrow();
  });

  test("because a trusted node says so, where nobody can prove it", () => {
    const { finalized } = advance({ ...finalizedAt(known), handover: undefined }, stepTo(blocks, { voters: [] }));
    expect(finalized).toEqual({ block: { hash: last.hash, number: last.number }, handover: undefined });
  });
});

test.for<readonly [bigint, bigint]>([
  [1n, 1n],
  [2n, 2n],
  [3n, 3n],
  [4n, 3n],
  [6n, 5n],
  [7n, 5n],
  [1000n, 667n],
])("of %s authorities %s are enough", ([total, enough]) => {
  expect(thresholdOf(total)).toBe(enough);
  // More than two thirds, and one less is not.
  expect(enough * 3n > total * 2n && (enough - 1n) * 3n <= total * 2n).toBe(true);
});

describe("authorities hand over", () => {
  test.for([0, 1, 3])("%s blocks after they were announced", (delay) => {
    const chain = new ModelChain();
    let finalized = finalizedAt(chain.last);
    const first = [chain.grow(), chain.grow({ logs: [scheduled(votersOf(1), delay)] })];
    for (let left = delay; left > 0; left--) first.push(chain.grow());
    ({ finalized } = advance(finalized, stepTo(first)));
    expect(finalized.handover?.set).toEqual(authoritySet(1, votersOf(1)));
    ({ finalized } = advance(finalized, stepTo([chain.grow()], { voters: votersOf(1), setId: 1 })));
    expect(finalized.block.hash).toBe(chain.last.hash);
  });

  test("again and again, in steps of any size", () => {
    const chain = new ModelChain();
    let finalized = finalizedAt(chain.last);
    for (let setId = 0; setId < 5; setId++) {
      const votes = { voters: votersOf(setId), setId };
      ({ finalized } = advance(finalized, stepTo([chain.grow(), chain.grow()], votes)));
      ({ finalized } = advance(finalized, stepTo([chain.grow({ logs: [scheduled(votersOf(setId + 1), 2)] })], votes)));
      expect(finalized.handover?.coming?.after).toBe(chain.last.number + 2);
      ({ finalized } = advance(finalized, stepTo([chain.grow()], votes)));
      ({ finalized } = advance(finalized, stepTo([chain.grow()], votes)));
      expect(finalized.handover).toEqual(handoverOf(setId + 1));
    }
  });

  test("to the first of two sets that one header announces", () => {
    const chain = new ModelChain();
    const from = finalizedAt(chain.last);
    const block = chain.grow({ logs: [scheduled(votersOf(1), 0), scheduled(votersOf(2), 0)] });
    expect(advance(from, stepTo([block])).finalized.handover).toEqual(handoverOf(1));
  });
});

test("a parachain's block is final when the relay chain's state says so, and stays where it was if nothing is new", () => {
  const para = new ModelChain(7);
  const paraKnown = para.last;
  const blocks = [para.grow(), para.grow()];
  const relay = new ModelChain();
  const from = { relay: finalizedAt(relay.last), block: { hash: paraKnown.hash, number: paraKnown.number } };
  const storage = [[names.head(1000), prefixed(para.last.header)]] as const;
  const tops = [relay.grow({ storage }), relay.grow({ storage })] as const;
  const answer = (top: (typeof tops)[0], headers: readonly Uint8Array[]) => ({
    relay: stepTo([top]),
    headProof: prove(top, [names.head(1000)]),
    headers,
  });
  const first = advanceParachain(
    from,
    answer(
      tops[0],
      blocks.map(({ header }) => header),
    ),
    1000,
  );
  expect(first.finalized.block).toEqual({ hash: para.last.hash, number: para.last.number });
  const second = advanceParachain(first.finalized, answer(tops[1], []), 1000);
  expect(second.finalized.block).toEqual(first.finalized.block);
});

test("time is read, and goes on", () => {
  expect(decodeTime(littleEndian(timeOf(3), 8))).toBe(timeOf(3));
  expect(laterTime(timeOf(3), timeOf(3))).toBe(timeOf(3));
  expect(laterTime(timeOf(3), timeOf(4))).toBe(timeOf(4));
});

describe("a checkpoint", () => {
  const block = new ModelChain().last;
  const coming = { after: 200, authorities: authoritySet(1, votersOf(1)).authorities };
  const ref = { hash: block.hash, number: block.number };
  const honest: Checkpoint = { ...checkpointAt(block), finalized: finalizedAt(block) };
  const checkpoints: readonly Checkpoint[] = [
    honest,
    { ...honest, strength: "finality-proven", parachain: { id: 1000, block: ref } },
    { ...honest, strength: "trusted-node", finalized: { block: ref, handover: undefined } },
    { ...honest, finalized: finalizedAt(block, { ...handoverOf(3), coming }) },
  ];

  test.for(checkpoints)("of $strength is read as it was written", (checkpoint) => {
    expect(decodeCheckpoint(encodeCheckpoint(checkpoint))).toEqual(checkpoint);
    expect(strengths[checkpoint.strength]).toBeDefined();
  });

  const json = JSON.parse(encodeCheckpoint(checkpoints[0]!)) as Record<string, Record<string, unknown>>;
  const [one] = checkpoints[0]!.finalized.handover!.set.authorities;
  const authority = { key: one!.key, weight: "1" };
  const withSet = (set: unknown) => ({ ...json, finalized: { ...json["finalized"], set } });
  test.for<[string, unknown]>([
    ["no JSON", "{"],
    ["a list", []],
    ["nothing", null],
    ["a member too few", { genesis: json["genesis"] }],
    ["a member too many", { ...json, more: 1 }],
    ["a hash in upper case", { ...json, genesis: "AB".repeat(32) }],
    ["a strength that there is not", { ...json, strength: "certain" }],
    ["trust and a set of authorities", { ...json, strength: "trusted-node" }],
    ["neither trust nor a set", withSet(null)],
    ["a set of nobody", withSet({ id: "0", authorities: [] })],
    ["an authority twice", withSet({ id: "0", authorities: [authority, authority] })],
    ["an authority without weight", withSet({ id: "0", authorities: [{ ...authority, weight: "0" }] })],
    ["a set id beyond 64 bits", withSet({ id: "18446744073709551616", authorities: [authority] })],
    ["a number that is none", { ...json, parachain: { id: 1.5, block: json["finalized"]!["block"] } }],
  ])("with %s is none", ([, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    expect(() => decodeCheckpoint(text)).toThrow(expect.objectContaining({ code: "checkpoint-malformed" }));
  });

  test("of megabytes is not even read", () => {
    expect(() => decodeCheckpoint(" ".repeat(2_000_000))).toThrow(expect.objectContaining({ code: "too-long" }));
  });
});
