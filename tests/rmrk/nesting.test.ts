/** SEND, ACCEPT and BURN: an NFT has one owner, and lies in itself nowhere. */
import { describe, expect, test } from "vitest";
import { collectionIdOf, nftIdOf, type NftId } from "#rmrk/ids.ts";
import { treeDepthMax, treeSizeMax, treeWaitingMax } from "#rmrk/limits.ts";
import { rootOwnerOf } from "#rmrk/queries/inventory.ts";
import { Ledger } from "./support/ledger.ts";
import { mintOf } from "./support/making.ts";
import { alice, bob, charlie, dave, eve } from "./support/people.ts";
import type { AccountId } from "#rmrk/account.ts";

function world() {
  const ledger = new Ledger();
  const gold = ledger.create("GOLD");
  const [chest, sword, gem] = [1, 2, 3].map((serial) => ledger.mint(gold, serial, bob)) as [NftId, NftId, NftId];
  const bag = ledger.mint(gold, 4, charlie);
  const send = (caller: AccountId, nft: NftId, recipient: AccountId | NftId) =>
    ledger.refusal(caller, { op: "SEND", nft, recipient });
  const accept = (caller: AccountId, nft: NftId, child: NftId) =>
    ledger.refusal(caller, { op: "ACCEPT", nft, entity: "NFT", child });
  const burn = (caller: AccountId, nft: NftId) => ledger.refusal(caller, { op: "BURN", nft });
  const rootOwner = (nft: NftId) => rootOwnerOf(ledger.state, nft);
  return { ledger, gold, chest, sword, gem, bag, send, accept, burn, rootOwner };
}

const unknown = nftIdOf(1, collectionIdOf(alice, "X"), "x", "00000001");

test("to an account an NFT goes at once, with all that is in it", () => {
  const { chest, sword, send, rootOwner } = world();
  expect(send(bob, sword, chest)).toBeUndefined();
  expect(send(bob, chest, dave)).toBeUndefined();
  expect([chest, sword].map(rootOwner)).toEqual([dave, dave]);
  expect(send(dave, sword, eve)).toBeUndefined();
  expect([chest, sword].map(rootOwner)).toEqual([dave, eve]);
});

test("into somebody else's NFT it goes when that one accepts it", () => {
  const { sword, bag, send, accept, rootOwner } = world();
  expect(send(bob, sword, bag)).toBeUndefined();
  expect(rootOwner(sword)).toBe(charlie);
  expect(send(charlie, sword, charlie)).toBe("nft-pending");
  expect(accept(bob, bag, sword)).toBe("not-owner");
  expect(accept(charlie, bag, sword)).toBeUndefined();
  expect(accept(charlie, bag, sword)).toBe("nothing-pending");
  expect(send(charlie, sword, charlie)).toBeUndefined();
});

test("what is not accepted is rejected by burning it, and by nobody else", () => {
  const { ledger, sword, gem, bag, send, burn } = world();
  send(bob, gem, sword);
  send(bob, sword, bag);
  expect(burn(bob, sword)).toBe("not-owner");
  expect(burn(charlie, gem)).toBe("nft-pending");
  expect(burn(charlie, sword)).toBeUndefined();
  expect([ledger.state.nfts.has(sword), ledger.state.nfts.has(gem), ledger.state.nfts.has(bag)]).toEqual([
    false,
    false,
    true,
  ]);
});

test("what lies in something that is not accepted stays there", () => {
  const { sword, gem, chest, bag, send, rootOwner } = world();
  send(bob, gem, sword);
  send(bob, sword, bag);
  expect(rootOwner(gem)).toBe(charlie);
  expect(send(charlie, gem, charlie)).toBe("nft-pending");
  expect(send(bob, gem, bob)).toBe("not-owner");
  expect(send(bob, chest, sword)).toBe("nft-pending");
});

test("burning an NFT burns everything in it, once", () => {
  const { ledger, chest, sword, gem, send, burn } = world();
  send(bob, sword, chest);
  send(bob, gem, sword);
  const outcome = ledger.say(bob, { op: "BURN", nft: chest });
  expect(outcome).toMatchObject({ accepted: true, events: [{ nft: gem }, { nft: sword }, { nft: chest }] });
  expect(burn(bob, chest)).toBe("nft-unknown");
  expect(ledger.state.collections.get(collectionIdOf(alice, "GOLD"))!.live).toBe(1);
});

describe("refused", () => {
  test("what is not one's own, or is not there", () => {
    const { chest, sword, bag, send, accept, burn } = world();
    expect(send(eve, sword, eve)).toBe("not-owner");
    expect(burn(eve, sword)).toBe("not-owner");
    expect(send(bob, unknown, eve)).toBe("nft-unknown");
    expect(send(bob, sword, unknown)).toBe("recipient-unknown");
    expect(burn(bob, unknown)).toBe("nft-unknown");
    expect(accept(bob, unknown, sword)).toBe("nft-unknown");
    expect(accept(bob, chest, unknown)).toBe("nft-unknown");
    expect(accept(bob, chest, bag)).toBe("nothing-pending");
  });

  test("an NFT in itself, however far down", () => {
    const { chest, sword, gem, send } = world();
    expect(send(bob, chest, chest)).toBe("nests-in-itself");
    send(bob, sword, chest);
    send(bob, gem, sword);
    expect(send(bob, chest, sword)).toBe("nests-in-itself");
    expect(send(bob, chest, gem)).toBe("nests-in-itself");
    expect(send(bob, sword, gem)).toBe("nests-in-itself");
  });

  test("more levels than there may be, counted from both ends", () => {
    const { ledger, gold, send } = world();
    const chain = (from: number, length: number) => {
      const links = Array.from({ length }, (_, at) => ledger.mint(gold, from + at, bob));
      for (let at = 1; at < length; at++) expect(send(bob, links[at]!, links[at - 1]!)).toBeUndefined();
      return links;
    };
    const upper = chain(10, treeDepthMax - 3);
    const lower = chain(30, 4);
    expect(send(bob, lower[0]!, upper.at(-1)!)).toBe("nested-too-deep");
    expect(send(bob, lower[1]!, upper.at(-1)!)).toBeUndefined();
    expect(ledger.refusal(alice, mintOf(gold, 99, lower[3]))).toBe("nested-too-deep");
  });
});

test("a tree has a size, and strangers cannot use it up", () => {
  const ledger = new Ledger();
  const gold = ledger.create("GOLD");
  const silver = ledger.create("SILVER", { issuer: eve });
  const chest = ledger.mint(gold, 1, alice);
  // Waiting, as somebody else sends it.
  for (let at = 0; at < treeWaitingMax; at++) ledger.mint(silver, at, chest);
  expect(ledger.refusal(eve, mintOf(silver, 5000, chest))).toBe("tree-too-large");
  for (let at = 2; at <= treeSizeMax; at++) ledger.mint(gold, at, chest);
  expect(ledger.refusal(alice, mintOf(gold, 5000, chest))).toBe("tree-too-large");
  const waiting = ledger.state.nfts.get(chest)!.children!.find(({ pending }) => pending)!;
  expect(ledger.refusal(alice, { op: "ACCEPT", nft: chest, entity: "NFT", child: waiting.id })).toBe("tree-too-large");
  ledger.do(alice, { op: "BURN", nft: waiting.id });
  ledger.mint(silver, 5000, chest);
  ledger.do(alice, { op: "BURN", nft: chest });
  expect(ledger.state.nfts.size).toBe(0);
});

test.for([
  ["always", 1, { 100: true, 500: true }],
  ["never", 0, { 100: false, 500: false }],
  ["from block 300 on", 300, { 299: false, 300: true }],
  ["for five blocks", -5, { 100: true, 105: true, 106: false }],
] as const)("what is transferable %s", ([, transferable, expected]) => {
  for (const [block, allowed] of Object.entries(expected)) {
    const ledger = new Ledger();
    const nft = ledger.mint(ledger.create("GOLD"), 1, bob, { transferable });
    ledger.block = Number(block);
    const refusal = ledger.refusal(bob, { op: "SEND", nft, recipient: eve });
    expect(refusal).toBe(allowed ? undefined : "nft-not-transferable");
  }
});

test("what can never be sent can be burned", () => {
  const ledger = new Ledger();
  const nft = ledger.mint(ledger.create("GOLD"), 1, bob, { transferable: 0 });
  expect(ledger.refusal(bob, { op: "BURN", nft })).toBeUndefined();
});

test("minted into an NFT it waits, unless the issuer owns that", () => {
  const { ledger, gold, chest } = world();
  const waits = ledger.mint(gold, 10, chest);
  const own = ledger.mint(gold, 11, alice);
  const lies = ledger.mint(gold, 12, own);
  expect([waits, lies].map((id) => ledger.state.nfts.get(id)!.pending)).toEqual([true, false]);
});
