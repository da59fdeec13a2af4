/** Items get their forms once they are there: each once, whatever was there before, and only where the world's owner made a place. */
import { expect, test } from "vitest";
import { Dressing } from "#enclave/reward/dressing.ts";
import type { CollectionTerms } from "#protocol/award.ts";
import type { AccountId } from "#rmrk/account.ts";
import { decodeRemark } from "#rmrk/codec/interaction.ts";
import type { NftId } from "#rmrk/ids.ts";
import { decodeSnapshot, encodeSnapshot } from "#rmrk/state/snapshot.ts";
import { Ledger } from "../../rmrk/support/ledger.ts";
import { fixed, slot } from "../../rmrk/support/making.ts";
import { alice, bob, charlie, prefix } from "../../rmrk/support/people.ts";

const collections: { readonly [symbol: string]: CollectionTerms } = {
  CUPS: {
    max: 1000,
    metadata: "ipfs://cups",
    resources: [
      { id: "worn", of: "cup", src: "ipfs://cup", slot: "spirit.hat" },
      { id: "look", src: "ipfs://look" },
    ],
  },
};

/** Alice issues; Charlie owns the world. */
function story() {
  const ledger = new Ledger();
  const cups = ledger.create("CUPS");
  const dressing = new Dressing({ issuer: alice, collections, owner: charlie });
  /** All that is to be said is said and taken. Names of the forms, by items. */
  const dress = (one = dressing): readonly (readonly [NftId, string])[] =>
    one.next(ledger.state).map((bytes) => {
      const said = decodeRemark(bytes, prefix);
      if (said.op !== "RESADD") throw new Error("no form");
      ledger.do(alice, said);
      return [said.nft, said.resource.id] as const;
    });
  const mint = (serial: number, symbol = "cup") => ledger.mint(cups, serial, bob, { symbol });
  const baseBy = (issuer: AccountId): void => {
    ledger.block += 1;
    const parts = [fixed("skin", 0), slot("hat", 1, "*")];
    ledger.do(issuer, {
      op: "BASE",
      issuer,
      symbol: "spirit",
      type: "svg",
      parts,
      themes: new Map(),
      metadata: undefined,
    });
  };
  return { ledger, cups, dress, mint, baseBy };
}

test("a form that needs no place is offered at once, one that is worn when its owner's base is there; each once", () => {
  const { ledger, dress, mint, baseBy } = story();
  const cup = mint(1);
  expect(dress()).toEqual([[cup, "look"]]);
  expect(dress()).toEqual([]);
  // Everybody may make a base of that name.
  baseBy(bob);
  expect(dress()).toEqual([]);
  baseBy(charlie);
  expect(dress()).toEqual([[cup, "worn"]]);
  const medal = mint(2, "medal");
  expect(dress()).toEqual([[medal, "look"]]);
  const [, worn] = ledger.state.nfts.get(cup)!.resources;
  expect([worn!.pending, worn!.resource.slot]).toEqual([true, expect.stringMatching(/^base-\d+-spirit\.hat$/)]);
});

test("a worker that starts later, also from a snapshot, offers what is missing and nothing else", () => {
  const { ledger, dress, mint } = story();
  const first = mint(1);
  expect(dress()).toHaveLength(1);
  const second = mint(2);
  const fresh = () => new Dressing({ issuer: alice, collections, owner: charlie });
  const copy = decodeSnapshot(encodeSnapshot(ledger.state));
  expect(fresh().next(copy)).toEqual(fresh().next(ledger.state));
  expect(dress(fresh())).toEqual([[second, "look"]]);
  expect(ledger.state.nfts.get(first)!.resources).toHaveLength(1);
});

test("items that are gone are not waited for, the newest ones neither, and those behind them are found", () => {
  const { ledger, dress, mint } = story();
  const [first, second] = [mint(1), mint(2)];
  ledger.do(bob, { op: "BURN", nft: second });
  expect(dress()).toEqual([[first, "look"]]);
  const third = mint(3);
  expect(dress()).toEqual([[third, "look"]]);
});

test("a thousand items get their forms over several transactions, a hundred at a time", () => {
  const { dress, mint } = story();
  for (let serial = 1; serial <= 250; serial++) mint(serial);
  const counts = [dress(), dress(), dress(), dress()].map(({ length }) => length);
  expect(counts).toEqual([100, 100, 50, 0]);
});

test("nothing is offered for a collection that somebody else issues by now, or of rules that declare no forms", () => {
  const { ledger, cups, dress, mint } = story();
  mint(1);
  const plain = { CUPS: { max: 1000, metadata: "ipfs://cups" } };
  expect(dress(new Dressing({ issuer: alice, collections: plain, owner: charlie }))).toEqual([]);
  ledger.say(alice, { op: "CHANGEISSUER", of: cups, issuer: bob });
  expect(dress()).toEqual([]);
});
