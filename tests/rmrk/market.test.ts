/** LIST and BUY: what is bought was paid for, once, with its royalty, at the price that was seen. */
import { describe, expect, test } from "vitest";
import { encodeAddress, type AccountId } from "#rmrk/account.ts";
import type { NftId } from "#rmrk/ids.ts";
import { paymentsFor } from "#rmrk/queries/inventory.ts";
import type { Transfer } from "#rmrk/remark.ts";
import { Ledger } from "./support/ledger.ts";
import { properties } from "./support/making.ts";
import { alice, bob, charlie, dave, eve, prefix } from "./support/people.ts";

const royalty = (receiver: AccountId, percent: number) => ({
  properties: properties({
    royaltyInfo: {
      type: "royalty",
      value: { receiver: encodeAddress(receiver, prefix), royaltyPercentFloat: percent },
    },
  }),
});

function world() {
  const ledger = new Ledger();
  const gold = ledger.create("GOLD");
  const [ring, crown] = [1, 2].map((serial) => ledger.mint(gold, serial, bob)) as [NftId, NftId];
  const list = (who: AccountId, nft: NftId, price: bigint) => ledger.refusal(who, { op: "LIST", nft, price });
  const buy = (who: AccountId, nft: NftId, transfers: readonly Transfer[], recipient?: AccountId | NftId) =>
    ledger.refusal(who, { op: "BUY", nft, recipient }, transfers);
  const owner = (nft: NftId) => ledger.state.nfts.get(nft)!.owner;
  return { ledger, gold, ring, crown, list, buy, owner };
}

const pay = (from: AccountId, to: AccountId, amount: bigint): Transfer => ({ from, to, amount });

test("what is paid is bought, and is not for sale any more", () => {
  const { ring, list, buy, owner } = world();
  expect(list(bob, ring, 100n)).toBeUndefined();
  expect(buy(dave, ring, [pay(dave, bob, 100n)])).toBeUndefined();
  expect(owner(ring)).toBe(dave);
  expect(buy(eve, ring, [pay(eve, dave, 100n)])).toBe("not-for-sale");
});

describe("a payment", () => {
  test.for<readonly [string, readonly Transfer[]]>([
    ["that is missing", []],
    ["that is too small", [pay(dave, bob, 99n)]],
    ["to somebody else", [pay(dave, charlie, 100n)]],
    ["by somebody else", [pay(eve, bob, 100n)]],
    ["to oneself", [pay(dave, dave, 100n)]],
  ])("%s buys nothing", ([, transfers]) => {
    const { ring, list, buy, owner } = world();
    list(bob, ring, 100n);
    expect(buy(dave, ring, transfers)).toBe("payment-missing");
    expect(owner(ring)).toBe(bob);
  });

  test("may come in parts, and be more than the price", () => {
    const { ring, crown, list, buy } = world();
    for (const nft of [ring, crown]) list(bob, nft, 100n);
    expect(buy(dave, ring, [pay(dave, bob, 60n), pay(dave, bob, 40n)])).toBeUndefined();
    expect(buy(dave, crown, [pay(dave, bob, 150n)])).toBeUndefined();
  });

  test("buys one thing, not two", () => {
    const { ledger, ring, crown, list } = world();
    for (const nft of [ring, crown]) list(bob, nft, 100n);
    const once = [pay(dave, bob, 150n)];
    expect(ledger.say(dave, { op: "BUY", nft: ring, recipient: undefined }, once)).toMatchObject({ accepted: true });
    expect(ledger.sayAgain(dave, { op: "BUY", nft: crown, recipient: undefined }, once)).toEqual({
      accepted: false,
      code: "payment-missing",
    });
    // Two that are paid are bought in one transaction.
    ledger.block += 1;
    const twice = [pay(eve, bob, 50n), pay(eve, bob, 50n)];
    expect(ledger.say(eve, { op: "BUY", nft: crown, recipient: undefined }, twice)).toMatchObject({ accepted: true });
  });

  test("that was refused is not used up", () => {
    const { ledger, ring, list } = world();
    list(bob, ring, 100n);
    const paid = [pay(dave, bob, 100n)];
    const missing = { op: "BUY", nft: ring, recipient: `9${ring}` as NftId } as const;
    expect(ledger.say(dave, missing, paid)).toEqual({ accepted: false, code: "recipient-unknown" });
    expect(ledger.sayAgain(dave, { ...missing, recipient: undefined }, paid)).toMatchObject({ accepted: true });
  });
});

describe("a royalty", () => {
  test("is part of the price, paid beside it", () => {
    const { ledger, gold, list, buy } = world();
    const nft = ledger.mint(gold, 9, bob, royalty(charlie, 2.5));
    list(bob, nft, 1000n);
    expect(paymentsFor(ledger.state, nft, ledger.block)).toEqual([
      { to: bob, amount: 975n },
      { to: charlie, amount: 25n },
    ]);
    expect(buy(dave, nft, [pay(dave, bob, 1000n)])).toBe("royalty-missing");
    expect(buy(dave, nft, [pay(dave, charlie, 1000n)])).toBe("payment-missing");
    expect(buy(dave, nft, [pay(dave, bob, 974n), pay(dave, charlie, 26n)])).toBe("payment-missing");
    expect(buy(dave, nft, [pay(dave, bob, 975n), pay(dave, charlie, 25n)])).toBeUndefined();
  });

  test("to the seller is the seller's", () => {
    const { ledger, gold, list, buy } = world();
    const nft = ledger.mint(gold, 9, bob, royalty(bob, 10));
    list(bob, nft, 1000n);
    expect(paymentsFor(ledger.state, nft, ledger.block)).toEqual([{ to: bob, amount: 1000n }]);
    expect(buy(dave, nft, [pay(dave, bob, 900n)])).toBe("payment-missing");
    expect(buy(dave, nft, [pay(dave, bob, 1000n)])).toBeUndefined();
  });

  test("of everything leaves nothing", () => {
    const { ledger, gold, list, buy } = world();
    const nft = ledger.mint(gold, 9, bob, royalty(charlie, 100));
    list(bob, nft, 10n);
    expect(buy(dave, nft, [pay(dave, charlie, 10n)])).toBeUndefined();
  });

  test("is rounded down", () => {
    const { ledger, gold, list } = world();
    const nft = ledger.mint(gold, 9, bob, royalty(charlie, 33.3333));
    list(bob, nft, 10n);
    expect(paymentsFor(ledger.state, nft, ledger.block)).toEqual([
      { to: bob, amount: 7n },
      { to: charlie, amount: 3n },
    ]);
  });
});

describe("what is for sale", () => {
  test("stays as it is, with all that is in it", () => {
    const { ledger, ring, crown, list } = world();
    ledger.do(bob, { op: "SEND", nft: crown, recipient: ring });
    list(bob, ring, 100n);
    for (const nft of [ring, crown]) {
      expect(ledger.refusal(bob, { op: "SEND", nft, recipient: eve })).toBe("nft-listed");
      expect(ledger.refusal(bob, { op: "BURN", nft })).toBe("nft-listed");
      expect(ledger.refusal(bob, { op: "EQUIP", nft, slot: undefined })).toBe("nft-listed");
    }
  });

  test("can be rid of what somebody sent into it", () => {
    const { ledger, gold, ring, list } = world();
    const junk = ledger.mint(gold, 9, ring);
    list(bob, ring, 100n);
    expect(ledger.refusal(bob, { op: "BURN", nft: junk })).toBeUndefined();
  });

  test("is the owner's, of an account, transferable and not dearer from block to block", () => {
    const { ledger, gold, ring, crown, list } = world();
    expect(list(eve, ring, 1n)).toBe("not-owner");
    expect(list(bob, `9${ring}` as NftId, 1n)).toBe("nft-unknown");
    expect(list(bob, ring, 0n)).toBe("not-for-sale");
    expect(list(bob, ledger.mint(gold, 9, bob, { transferable: 0 }), 1n)).toBe("nft-not-transferable");
    expect(list(bob, ring, 100n)).toBeUndefined();
    ledger.block += 4;
    for (const price of [200n, 0n]) expect(list(bob, ring, price)).toBe("listed-too-recently");
    ledger.block += 1;
    expect(list(bob, ring, 0n)).toBeUndefined();
    ledger.do(bob, { op: "SEND", nft: crown, recipient: ring });
    expect(list(bob, crown, 1n)).toBe("nft-nested");
  });

  test("is bought by somebody else", () => {
    const { ring, list, buy } = world();
    expect(buy(dave, ring, [pay(dave, bob, 100n)])).toBe("not-for-sale");
    expect(buy(dave, `9${ring}` as NftId, [])).toBe("nft-unknown");
    list(bob, ring, 100n);
    expect(buy(bob, ring, [pay(bob, bob, 100n)])).toBe("buyer-is-owner");
  });

  test("is not bought once it cannot change hands", () => {
    const { ledger, gold, list, buy } = world();
    const nft = ledger.mint(gold, 9, bob, { transferable: -5 });
    list(bob, nft, 100n);
    ledger.block += 6;
    expect(paymentsFor(ledger.state, nft, ledger.block)).toBeUndefined();
    expect(buy(dave, nft, [pay(dave, bob, 100n)])).toBe("nft-not-transferable");
  });

  test("may be bought for somebody else, or into an NFT", () => {
    const { ledger, gold, ring, crown, list, buy, owner } = world();
    for (const nft of [ring, crown]) list(bob, nft, 100n);
    expect(buy(dave, ring, [pay(dave, bob, 100n)], eve)).toBeUndefined();
    expect(owner(ring)).toBe(eve);
    const own = ledger.mint(gold, 9, dave);
    expect(buy(dave, crown, [pay(dave, bob, 100n)], own)).toBeUndefined();
    expect(ledger.state.nfts.get(crown)).toMatchObject({ pending: false, listing: { price: 0n } });
    expect(ledger.refusal(alice, { op: "LIST", nft: crown, price: 1n })).toBe("not-owner");
  });
});
