/** What its issuer says is used up: worn nowhere, not for sale, for good; and all else is its owner's, who may burn it. */
import { describe, expect, test } from "vitest";
import type { Json } from "#rmrk/codec/json.ts";
import type { Interaction } from "#rmrk/codec/interaction.ts";
import { slotIdOf, type NftId } from "#rmrk/ids.ts";
import { compositeOf } from "#rmrk/queries/composite.ts";
import { itemOf, saysUsed } from "#rmrk/queries/inventory.ts";
import { isUsed, usedProperty } from "#rmrk/rules/properties.ts";
import { decodeSnapshot, encodeSnapshot } from "#rmrk/state/snapshot.ts";
import { Ledger } from "./support/ledger.ts";
import { fixed, slot } from "./support/making.ts";
import { alice, bob, eve, prefix } from "./support/people.ts";

const used = (nft: NftId, more: { readonly value?: Json; readonly freeze?: boolean } = {}): Interaction => ({
  op: "SETPROPERTY",
  nft,
  key: usedProperty,
  value: true,
  freeze: true,
  ...more,
});

/** Bob's hero, who is made of a base with a hand; and in it a sword made for that hand. */
function world() {
  const ledger = new Ledger();
  const gold = ledger.create("GOLD");
  const base = ledger.base("body", [fixed("skin", 0), slot("hand", 1, "*")]);
  const hand = slotIdOf(base, "hand");
  const hero = ledger.mint(gold, 1, bob);
  const sword = ledger.mint(gold, 2, bob);
  for (const [nft, form] of [
    [hero, { id: "body", base, parts: ["skin", "hand"] }],
    [sword, { id: "hand", slot: hand }],
  ] as const) {
    ledger.resource(nft, form);
    ledger.do(bob, { op: "ACCEPT", nft, entity: "RES", resource: form.id });
  }
  return { ledger, hero, sword, hand };
}

const isSaid = ({ state }: Ledger, nft: NftId): boolean => isUsed(state.nfts.get(nft)!);

describe("an item that is used up", () => {
  test("is not put on any more; what was on before is seen no more, and taken off", () => {
    const { ledger, hero, sword, hand } = world();
    ledger.do(bob, { op: "SEND", nft: sword, recipient: hero });
    ledger.do(bob, { op: "EQUIP", nft: sword, slot: hand });
    const drawn = () => compositeOf(ledger.state, hero)!.layers.map(({ nft }) => nft);
    expect(drawn()).toEqual([hero, sword]);
    ledger.do(alice, used(sword));
    expect(drawn()).toEqual([hero]);
    ledger.do(bob, { op: "EQUIP", nft: sword, slot: undefined });
    expect(ledger.refusal(bob, { op: "EQUIP", nft: sword, slot: hand })).toBe("nft-used");
  });

  test("is not offered for sale any more; what was offered before is taken off the list", () => {
    const { ledger, hero, sword } = world();
    ledger.do(bob, { op: "LIST", nft: sword, price: 5n });
    for (const nft of [hero, sword]) ledger.do(alice, used(nft));
    expect(ledger.refusal(bob, { op: "LIST", nft: hero, price: 5n })).toBe("nft-used");
    ledger.block += 5;
    ledger.do(bob, { op: "LIST", nft: sword, price: 0n });
  });

  test("is burned by its owner, and by nobody else", () => {
    const { ledger, sword } = world();
    ledger.do(alice, used(sword));
    for (const other of [alice, eve]) expect(ledger.refusal(other, { op: "BURN", nft: sword })).toBe("not-owner");
    ledger.do(bob, { op: "BURN", nft: sword });
    expect(ledger.state.nfts.has(sword)).toBe(false);
  });

  test("says so to pages, and to whoever goes on from a snapshot", () => {
    const { ledger, hero, sword } = world();
    ledger.do(alice, used(sword));
    const restored = decodeSnapshot(encodeSnapshot(ledger.state));
    expect([hero, sword].map((nft) => isUsed(restored.nfts.get(nft)!))).toEqual([false, true]);
    expect([hero, sword].map((nft) => saysUsed(itemOf(ledger.state, nft)!))).toEqual([false, true]);
    expect(restored.prefix).toBe(prefix);
  });
});

describe("that an item is used up", () => {
  test("nobody says but its issuer, and nobody takes back", () => {
    const { ledger, sword } = world();
    for (const other of [bob, eve]) expect(ledger.refusal(other, used(sword))).toBe("not-issuer");
    ledger.do(alice, used(sword));
    for (const by of [alice, bob, eve]) {
      expect(ledger.refusal(by, used(sword, { value: false }))).toBe("property-immutable");
    }
    expect(isSaid(ledger, sword)).toBe(true);
  });

  test.for<[string, { readonly value?: Json; readonly freeze?: boolean }]>([
    ["that can be taken back", { freeze: false }],
    ["that is not true", { value: false }],
    ["in words", { value: "true" }],
  ])("is not said by a property %s", ([, more]) => {
    const { ledger, sword } = world();
    ledger.do(alice, used(sword, more));
    expect(isSaid(ledger, sword)).toBe(false);
  });
});
