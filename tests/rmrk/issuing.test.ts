/** Collections, bases and MINT: what their issuers may do, and nobody else. */
import { describe, expect, test } from "vitest";
import type { Interaction } from "#rmrk/codec/interaction.ts";
import type { AccountId } from "#rmrk/account.ts";
import { baseIdOf, collectionIdOf, nftIdOf, type BaseId, type CollectionId } from "#rmrk/ids.ts";
import { Ledger } from "./support/ledger.ts";
import { fixed, metadata, mintOf, properties, slot } from "./support/making.ts";
import { alice, bob, eve } from "./support/people.ts";

const unknown = collectionIdOf(alice, "UNKNOWN");
const theme = { inherit: true, colours: new Map([["main", "red"]]) };

/** A collection with one NFT, and a base with a slot. */
function world(): { ledger: Ledger; gold: CollectionId; base: BaseId } {
  const ledger = new Ledger();
  const gold = ledger.create("GOLD");
  const base = ledger.base("body", [fixed("skin", 0), slot("hand", 1, [gold]), slot("head", 2, "*")], ["default"]);
  ledger.mint(gold, 1, bob);
  return { ledger, gold, base };
}

type Case = readonly [
  title: string,
  caller: AccountId,
  said: (w: ReturnType<typeof world>) => Interaction,
  code: string,
];

describe("refused", () => {
  const createAgain = (id: CollectionId): Interaction => ({
    op: "CREATE",
    id,
    issuer: alice,
    symbol: "GOLD",
    max: 0,
    metadata,
  });
  const equippable = (base: BaseId, change: object): Interaction => ({
    op: "EQUIPPABLE",
    base,
    part: "hand",
    change: "set",
    collections: "*",
    ...change,
  });
  test.for<Case>([
    ["a collection that exists", alice, ({ gold }) => createAgain(gold), "collection-exists"],
    ["a lock of nothing", alice, () => ({ op: "LOCK", collection: unknown }), "collection-unknown"],
    ["a lock by a stranger", eve, ({ gold }) => ({ op: "LOCK", collection: gold }), "not-issuer"],
    ["the end of what is in use", alice, ({ gold }) => ({ op: "DESTROY", collection: gold }), "collection-in-use"],
    ["the end of another's", eve, ({ gold }) => ({ op: "DESTROY", collection: gold }), "not-issuer"],
    ["a new issuer of nothing", alice, () => ({ op: "CHANGEISSUER", of: unknown, issuer: bob }), "collection-unknown"],
    [
      "a new issuer of no base",
      alice,
      () => ({ op: "CHANGEISSUER", of: baseIdOf(1, "x"), issuer: bob }),
      "base-unknown",
    ],
    ["a new issuer by a stranger", eve, ({ gold }) => ({ op: "CHANGEISSUER", of: gold, issuer: eve }), "not-issuer"],
    [
      "a new issuer of another's base",
      eve,
      ({ base }) => ({ op: "CHANGEISSUER", of: base, issuer: eve }),
      "not-issuer",
    ],
    [
      "a second base of one name in a block",
      alice,
      () => ({
        op: "BASE",
        issuer: alice,
        symbol: "body",
        type: "svg",
        parts: [],
        themes: new Map(),
        metadata: undefined,
      }),
      "base-exists",
    ],
    [
      "a base whose themes lack the default",
      alice,
      () => ({
        op: "BASE",
        issuer: alice,
        symbol: "b",
        type: "svg",
        parts: [],
        themes: new Map([["dark", theme]]),
        metadata: undefined,
      }),
      "theme-default-missing",
    ],
    ["a slot of no base", alice, () => equippable(baseIdOf(1, "x"), {}), "base-unknown"],
    ["a slot of another's base", eve, ({ base }) => equippable(base, {}), "not-issuer"],
    ["a slot that is not there", alice, ({ base }) => equippable(base, { part: "tail" }), "part-unknown"],
    ["a slot that is none", alice, ({ base }) => equippable(base, { part: "skin" }), "part-fixed"],
    [
      "more of everything",
      alice,
      ({ base, gold }) => equippable(base, { part: "head", change: "add", collections: [gold] }),
      "equippable-all",
    ],
    [
      "less of everything",
      alice,
      ({ base, gold }) => equippable(base, { part: "head", change: "remove", collections: [gold] }),
      "equippable-all",
    ],
    [
      "a theme of no base",
      alice,
      () => ({ op: "THEMEADD", base: baseIdOf(1, "x"), name: "default", theme }),
      "base-unknown",
    ],
    ["a theme of one name", alice, ({ base }) => ({ op: "THEMEADD", base, name: "default", theme }), "theme-exists"],
    ["an NFT of no collection", alice, () => mintOf(unknown, 2), "collection-unknown"],
    ["an NFT of another's collection", eve, ({ gold }) => mintOf(gold, 2), "not-issuer"],
  ])("%s", ([, caller, said, code]) => {
    const w = world();
    expect(w.ledger.refusal(caller, said(w))).toBe(code);
  });
});

test("a new issuer issues, and the old one does not any more", () => {
  const { ledger, gold, base } = world();
  ledger.do(alice, { op: "CHANGEISSUER", of: gold, issuer: bob });
  ledger.do(alice, { op: "CHANGEISSUER", of: base, issuer: bob });
  expect(ledger.refusal(alice, mintOf(gold, 2))).toBe("not-issuer");
  expect(ledger.refusal(bob, mintOf(gold, 2))).toBeUndefined();
  expect(ledger.refusal(alice, { op: "THEMEADD", base, name: "dark", theme })).toBe("not-issuer");
  expect(ledger.refusal(bob, { op: "THEMEADD", base, name: "dark", theme })).toBeUndefined();
});

test("a locked collection issues nothing more, not even an empty one", () => {
  const { ledger, gold } = world();
  const empty = ledger.create("EMPTY");
  for (const collection of [gold, empty]) {
    ledger.do(alice, { op: "LOCK", collection });
    expect(ledger.refusal(alice, mintOf(collection, 2))).toBe("collection-locked");
    expect(ledger.refusal(alice, { op: "LOCK", collection })).toBe("collection-locked");
  }
});

test("a destroyed collection is gone, and never comes back", () => {
  const { ledger, gold } = world();
  ledger.do(bob, { op: "BURN", nft: nftIdOf(100, gold, "item", "00000001") });
  ledger.do(alice, { op: "DESTROY", collection: gold });
  expect(ledger.refusal(alice, mintOf(gold, 2))).toBe("collection-unknown");
  expect(ledger.refusal(alice, { op: "DESTROY", collection: gold })).toBe("collection-unknown");
  expect(ledger.refusal(alice, { op: "CREATE", id: gold, issuer: alice, symbol: "GOLD", max: 0, metadata })).toBe(
    "collection-exists",
  );
});

test("a slot's collections are set, added and taken away", () => {
  const { ledger, gold, base } = world();
  const silver = ledger.create("SILVER");
  const now = () => {
    const part = ledger.state.bases.get(base)!.parts.get("hand")!;
    return part.kind === "slot" ? part.equippable : undefined;
  };
  const change = (how: "add" | "remove" | "set", collections: "*" | readonly CollectionId[]) =>
    ledger.refusal(alice, { op: "EQUIPPABLE", base, part: "hand", change: how, collections });
  expect(change("add", [silver, gold])).toBeUndefined();
  expect(now()).toEqual([gold, silver]);
  expect(change("remove", [gold])).toBeUndefined();
  expect(now()).toEqual([silver]);
  expect(change("set", "*")).toBeUndefined();
  expect(change("set", [gold])).toBeUndefined();
  expect(now()).toEqual([gold]);
  const many = (from: number, count: number) =>
    Array.from({ length: count }, (_, at) => collectionIdOf(alice, `N${from + at}`));
  expect(change("add", many(0, 255))).toBeUndefined();
  expect(change("add", many(255, 1))).toBe("equippable-too-many");
});

test("a base begins with its default theme and has at most 32", () => {
  const ledger = new Ledger();
  const base = ledger.base("plain", []);
  expect(ledger.refusal(alice, { op: "THEMEADD", base, name: "dark", theme })).toBe("theme-default-missing");
  ledger.do(alice, { op: "THEMEADD", base, name: "default", theme });
  for (let at = 1; at < 32; at++) ledger.do(alice, { op: "THEMEADD", base, name: `t${at}`, theme });
  expect(ledger.refusal(alice, { op: "THEMEADD", base, name: "t32", theme })).toBe("themes-too-many");
});

describe("a voucher", () => {
  const voucher = "ab".repeat(32);
  const of = (value: string) => ({ properties: properties({ voucher: { value } }) });

  test("is redeemed once, whatever it is redeemed for", () => {
    const { ledger, gold } = world();
    const silver = ledger.create("SILVER");
    const nft = ledger.mint(gold, 2, bob, of(voucher));
    expect(ledger.refusal(alice, mintOf(gold, 3, bob, of(voucher)))).toBe("voucher-used");
    expect(ledger.refusal(alice, mintOf(silver, 3, eve, of(voucher)))).toBe("voucher-used");
    ledger.do(bob, { op: "BURN", nft });
    expect(ledger.refusal(alice, mintOf(gold, 4, bob, of(voucher)))).toBe("voucher-used");
    expect(ledger.refusal(alice, mintOf(gold, 5, bob, of("cd".repeat(32))))).toBeUndefined();
  });

  test("that was refused is not used up", () => {
    const { ledger, gold } = world();
    expect(ledger.refusal(alice, mintOf(gold, 1, bob, of(voucher)))).toBe("serial-used");
    expect(ledger.refusal(alice, mintOf(gold, 2, bob, of(voucher)))).toBeUndefined();
  });

  test("cannot be used up by a stranger in a collection of his own", () => {
    const { ledger, gold } = world();
    const trap = ledger.create("TRAP", { issuer: eve });
    ledger.mint(trap, 1, eve, of(voucher));
    expect(ledger.refusal(alice, mintOf(gold, 2, bob, of(voucher)))).toBeUndefined();
  });

  test("stays used when the collection has another issuer", () => {
    const { ledger, gold } = world();
    ledger.mint(gold, 2, bob, of(voucher));
    ledger.do(alice, { op: "CHANGEISSUER", of: gold, issuer: bob });
    expect(ledger.refusal(bob, mintOf(gold, 3, bob, of(voucher)))).toBe("voucher-used");
  });

  test.for([
    ["is too short", { value: "ab" }],
    ["has upper-case digits", { value: "AB".repeat(32) }],
    ["is no text", { type: "int", value: 1 }],
    ["could be changed", { value: voucher, writer: "issuer" as const }],
  ])("that %s is none", ([, property]) => {
    const { ledger, gold } = world();
    const given = { properties: properties({ voucher: property as { value: string } }) };
    expect(ledger.refusal(alice, mintOf(gold, 2, bob, given))).toBe("voucher-malformed");
  });

  test("is not written later", () => {
    const { ledger, gold } = world();
    const nft = ledger.mint(gold, 2, bob);
    for (const who of [alice, bob]) {
      expect(ledger.refusal(who, { op: "SETPROPERTY", nft, key: "voucher", value: voucher, freeze: true })).toBe(
        "property-reserved",
      );
    }
  });
});
