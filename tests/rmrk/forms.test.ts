/** Resources, priorities, properties, slots and emotes: what an NFT is, and what it wears. */
import { describe, expect, test } from "vitest";
import type { AccountId } from "#rmrk/account.ts";
import type { Resource } from "#rmrk/codec/resource.ts";
import { baseIdOf, slotIdOf, type NftId, type SlotId } from "#rmrk/ids.ts";
import { wornIn } from "#rmrk/state/state.ts";
import { Ledger } from "./support/ledger.ts";
import { fixed, properties, resourceOf, slot } from "./support/making.ts";
import { alice, bob, charlie, eve } from "./support/people.ts";

function world() {
  const ledger = new Ledger();
  const heroes = ledger.create("HERO");
  const swords = ledger.create("SWORD");
  const parts = [fixed("skin", 0), slot("hand", 1, [swords]), slot("head", 2, "*"), slot("back", 3, [])];
  const base = ledger.base("body", parts, ["default"]);
  const hero = ledger.mint(heroes, 1, bob);
  const [sword, spare] = [1, 2].map((serial) => ledger.mint(swords, serial, bob)) as [NftId, NftId];
  const accept = (caller: AccountId, nft: NftId, resource: string) =>
    ledger.refusal(caller, { op: "ACCEPT", nft, entity: "RES", resource });
  const equip = (caller: AccountId, nft: NftId, to: SlotId | undefined) =>
    ledger.refusal(caller, { op: "EQUIP", nft, slot: to });
  const give = (nft: NftId, more: Partial<Resource> & { readonly id: string }) => {
    ledger.resource(nft, more);
    expect(accept(bob, nft, more.id)).toBeUndefined();
  };
  const [hand, head, back] = ["hand", "head", "back"].map((part) => slotIdOf(base, part)) as [SlotId, SlotId, SlotId];
  return { ledger, heroes, swords, base, hero, sword, spare, accept, equip, give, hand, head, back };
}

/** A hero that can wear, and swords in it that can be worn. */
function dressed() {
  const w = world();
  w.give(w.hero, { id: "body", src: undefined, base: w.base, parts: ["skin", "hand", "head"] });
  for (const nft of [w.sword, w.spare]) {
    w.give(nft, { id: "held", slot: w.hand });
    w.give(nft, { id: "hat", slot: w.head });
    w.give(nft, { id: "cape", slot: w.back });
    w.ledger.do(bob, { op: "SEND", nft, recipient: w.hero });
  }
  return w;
}

describe("a resource", () => {
  test("is added by the issuer, and accepted by the owner", () => {
    const { ledger, hero, accept } = world();
    const add = { op: "RESADD", nft: hero, resource: resourceOf({ id: "a" }), replaces: undefined } as const;
    expect(ledger.refusal(bob, add)).toBe("not-issuer");
    expect(ledger.refusal(alice, { ...add, nft: `9${hero}` as NftId })).toBe("nft-unknown");
    expect(ledger.refusal(alice, add)).toBeUndefined();
    expect(ledger.refusal(alice, add)).toBe("resource-exists");
    expect(accept(alice, hero, "a")).toBe("not-owner");
    expect(accept(bob, hero, "b")).toBe("nothing-pending");
    expect(ledger.state.nfts.get(hero)!.priority).toEqual([]);
    expect(accept(bob, hero, "a")).toBeUndefined();
    expect(accept(bob, hero, "a")).toBe("nothing-pending");
    expect(ledger.state.nfts.get(hero)!.priority).toEqual(["a"]);
  });

  test("is taken at once where the issuer is the owner", () => {
    const { ledger, heroes } = world();
    const own = ledger.mint(heroes, 9, alice);
    ledger.resource(own, { id: "a" });
    expect(ledger.state.nfts.get(own)!.priority).toEqual(["a"]);
  });

  test("takes the place of another when it is accepted, and keeps its own name", () => {
    const { ledger, hero, give, accept } = world();
    for (const id of ["a", "b", "c"]) give(hero, { id });
    expect(ledger.refusal(alice, { op: "RESADD", nft: hero, resource: resourceOf({ id: "x" }), replaces: "no" })).toBe(
      "resource-unknown",
    );
    ledger.resource(hero, { id: "d" }, "b");
    ledger.resource(hero, { id: "e" }, "b");
    expect(ledger.state.nfts.get(hero)!.priority).toEqual(["a", "b", "c"]);
    accept(bob, hero, "d");
    expect(ledger.state.nfts.get(hero)!.priority).toEqual(["a", "d", "c"]);
    // What it should have replaced is gone: it comes last.
    accept(bob, hero, "e");
    expect(ledger.state.nfts.get(hero)!.priority).toEqual(["a", "d", "c", "e"]);
  });

  test.for<readonly [string, Partial<Resource>, string]>([
    ["a base that is not there", { base: baseIdOf(1, "x"), parts: [] }, "base-unknown"],
    ["a part that is not there", { base: baseIdOf(100, "body"), parts: ["tail"] }, "part-unknown"],
    ["a theme that is not there", { base: baseIdOf(100, "body"), parts: [], themeId: "dark" }, "theme-unknown"],
    ["a slot of a base that is not there", { slot: slotIdOf(baseIdOf(1, "x"), "hand") }, "base-unknown"],
    ["a slot that is not there", { slot: slotIdOf(baseIdOf(100, "body"), "tail") }, "part-unknown"],
    ["a slot that is none", { slot: slotIdOf(baseIdOf(100, "body"), "skin") }, "part-fixed"],
  ])("is not made of %s", ([, more, code]) => {
    const { ledger, hero } = world();
    const resource = resourceOf({ id: "a", ...more });
    expect(ledger.refusal(alice, { op: "RESADD", nft: hero, resource, replaces: undefined })).toBe(code);
  });

  test("is one of at most 32", () => {
    const { ledger, hero } = world();
    for (let at = 0; at < 32; at++) ledger.resource(hero, { id: `r${at}` });
    expect(
      ledger.refusal(alice, { op: "RESADD", nft: hero, resource: resourceOf({ id: "x" }), replaces: undefined }),
    ).toBe("resources-too-many");
  });

  test("comes first if the owner says so, of all of them", () => {
    const { ledger, hero, give } = world();
    for (const id of ["a", "b", "c"]) give(hero, { id });
    ledger.resource(hero, { id: "pending" });
    const set = (caller: AccountId, resources: readonly string[]) =>
      ledger.refusal(caller, { op: "SETPRIORITY", nft: hero, resources });
    expect(set(eve, ["c", "b", "a"])).toBe("not-owner");
    for (const wrong of [["a", "b"], ["a", "b", "c", "pending"], ["a", "b", "x"], []])
      expect(set(bob, wrong)).toBe("priority-incomplete");
    expect(set(bob, ["c", "a", "b"])).toBeUndefined();
    expect(ledger.state.nfts.get(hero)!.priority).toEqual(["c", "a", "b"]);
    expect(ledger.refusal(bob, { op: "SETPRIORITY", nft: `9${hero}` as NftId, resources: [] })).toBe("nft-unknown");
  });
});

describe("a property", () => {
  const all = properties({
    fixed: { type: "int", value: 1 },
    xp: { type: "int", value: 1, writer: "issuer" },
    nickname: { value: "Bob", writer: "owner" },
  });
  const setup = () => {
    const { ledger, heroes } = world();
    const hero = ledger.mint(heroes, 9, bob, { properties: all });
    const set = (caller: AccountId, key: string, value: unknown, freeze = false) =>
      ledger.refusal(caller, { op: "SETPROPERTY", nft: hero, key, value: value as never, freeze });
    return { ledger, heroes, hero, set };
  };

  test.for<readonly [AccountId, string, string | undefined]>([
    [alice, "fixed", "property-immutable"],
    [bob, "fixed", "property-immutable"],
    [alice, "xp", undefined],
    [bob, "xp", "not-issuer"],
    [alice, "nickname", "not-owner"],
    [bob, "nickname", undefined],
    [eve, "nickname", "not-owner"],
    [eve, "new", "not-issuer"],
    [bob, "new", "not-issuer"],
    [alice, "new", undefined],
  ])("%s writes %s: %s", ([caller, key, code]) => {
    const { set } = setup();
    expect(set(caller, key, key === "nickname" ? "Robert" : 2)).toBe(code);
  });

  test("keeps its type", () => {
    const { set } = setup();
    for (const other of ["2", 1.5, true, null, [1], { a: 1 }]) expect(set(alice, "xp", other)).toBe("property-type");
    expect(set(alice, "list", [1])).toBeUndefined();
    expect(set(alice, "list", 1)).toBe("property-type");
    expect(set(alice, "nothing", null)).toBe("property-type");
    expect(set(alice, "long", "a".repeat(300))).toBe("property-type");
  });

  test("does not change once it is frozen", () => {
    const { ledger, hero, set } = setup();
    expect(set(alice, "xp", 3, true)).toBeUndefined();
    expect(set(alice, "xp", 4)).toBe("property-immutable");
    expect(ledger.state.nfts.get(hero)!.properties!.get("xp")!.value).toBe(3);
  });

  test("is one of at most 32", () => {
    const { set } = setup();
    for (let at = 3; at < 32; at++) expect(set(alice, `p${at}`, at)).toBeUndefined();
    expect(set(alice, "p32", 1)).toBe("properties-too-many");
    expect(set(alice, "p31", 1)).toBeUndefined();
  });

  test("of an NFT that is not there is none", () => {
    const { ledger, hero } = setup();
    expect(
      ledger.refusal(alice, { op: "SETPROPERTY", nft: `9${hero}` as NftId, key: "a", value: 1, freeze: false }),
    ).toBe("nft-unknown");
  });
});

describe("equipping", () => {
  test("puts an NFT into a slot of the one it lies in, and takes it off", () => {
    const { ledger, hero, sword, equip, hand } = dressed();
    expect(equip(bob, sword, hand)).toBeUndefined();
    expect(wornIn(ledger.state.nfts.get(hero)!, hand)!.id).toBe(sword);
    expect(equip(eve, sword, undefined)).toBe("not-owner");
    expect(equip(bob, sword, undefined)).toBeUndefined();
    expect(equip(bob, sword, undefined)).toBe("not-equipped");
  });

  test("is its owner's, and not that of whoever has issued it", () => {
    const { sword, equip, hand } = dressed();
    expect(equip(alice, sword, hand)).toBe("not-owner");
    expect(equip(bob, sword, hand)).toBeUndefined();
    expect(equip(alice, sword, undefined)).toBe("not-owner");
  });

  test("takes one at a time, in one place at a time", () => {
    const { sword, spare, equip, hand, head } = dressed();
    expect(equip(bob, sword, hand)).toBeUndefined();
    expect(equip(bob, spare, hand)).toBe("slot-taken");
    expect(equip(bob, sword, hand)).toBe("slot-taken");
    expect(equip(bob, sword, head)).toBe("already-equipped");
    expect(equip(bob, spare, head)).toBeUndefined();
  });

  test("is refused where it does not fit", () => {
    const { ledger, base, hero, sword, equip, hand, back, heroes } = dressed();
    expect(equip(eve, sword, hand)).toBe("not-owner");
    expect(equip(bob, `9${sword}` as NftId, hand)).toBe("nft-unknown");
    expect(equip(bob, hero, hand)).toBe("base-not-used");
    expect(equip(bob, sword, slotIdOf(baseIdOf(1, "x"), "hand"))).toBe("base-unknown");
    expect(equip(bob, sword, slotIdOf(base, "tail"))).toBe("part-unknown");
    expect(equip(bob, sword, slotIdOf(base, "skin"))).toBe("part-fixed");
    // The hero's body is made without a back.
    expect(equip(bob, sword, back)).toBe("base-not-used");
    const other = ledger.mint(heroes, 5, bob);
    ledger.do(bob, { op: "SEND", nft: other, recipient: hero });
    expect(equip(bob, other, hand)).toBe("resource-for-slot-missing");
    ledger.resource(other, { id: "held", slot: hand });
    // Not accepted yet.
    expect(equip(bob, other, hand)).toBe("resource-for-slot-missing");
    ledger.do(bob, { op: "ACCEPT", nft: other, entity: "RES", resource: "held" });
    expect(equip(bob, other, hand)).toBe("collection-not-equippable");
  });

  test("needs a body that was accepted", () => {
    const { ledger, base, hero, sword, give, equip, hand } = world();
    give(sword, { id: "held", slot: hand });
    ledger.resource(hero, { id: "body", src: undefined, base, parts: ["hand"] });
    ledger.do(bob, { op: "SEND", nft: sword, recipient: hero });
    expect(equip(bob, sword, hand)).toBe("base-not-used");
    ledger.do(bob, { op: "ACCEPT", nft: hero, entity: "RES", resource: "body" });
    expect(equip(bob, sword, hand)).toBeUndefined();
  });

  test("holds an NFT where it is, until it is taken off or burned", () => {
    const { ledger, hero, sword, spare, equip, hand } = dressed();
    equip(bob, sword, hand);
    expect(ledger.refusal(bob, { op: "SEND", nft: sword, recipient: charlie })).toBe("nft-equipped");
    ledger.do(bob, { op: "BURN", nft: sword });
    expect(wornIn(ledger.state.nfts.get(hero)!, hand)).toBeUndefined();
    expect(equip(bob, spare, hand)).toBeUndefined();
  });

  test("goes with the wearer to its next owner", () => {
    const { ledger, hero, sword, equip, hand } = dressed();
    equip(bob, sword, hand);
    ledger.do(bob, { op: "SEND", nft: hero, recipient: charlie });
    expect(equip(bob, sword, undefined)).toBe("not-owner");
    expect(equip(charlie, sword, undefined)).toBeUndefined();
  });

  test("is refused for what waits to be accepted", () => {
    const { ledger, hero, sword, equip, hand } = dressed();
    ledger.do(bob, { op: "SEND", nft: sword, recipient: charlie });
    ledger.do(charlie, { op: "SEND", nft: sword, recipient: hero });
    expect(equip(bob, sword, hand)).toBe("nft-pending");
    expect(equip(charlie, sword, hand)).toBe("not-owner");
  });

  test("is for what can never be sent, too", () => {
    const { ledger, swords, hero, equip, hand } = dressed();
    const bound = ledger.mint(swords, 7, hero, { transferable: 0 });
    ledger.do(bob, { op: "ACCEPT", nft: hero, entity: "NFT", child: bound });
    ledger.resource(bound, { id: "held", slot: hand });
    ledger.do(bob, { op: "ACCEPT", nft: bound, entity: "RES", resource: "held" });
    expect(equip(bob, bound, hand)).toBeUndefined();
  });
});

describe("an emote", () => {
  test("is given and taken back, by each account for itself", () => {
    const { ledger, hero } = world();
    const emote = (who: AccountId) =>
      ledger.refusal(who, { op: "EMOTE", namespace: "RMRK2", nft: hero, emote: "1F389" });
    const count = () => ledger.state.nfts.get(hero)!.emotes?.get("1F389")?.size ?? 0;
    for (const [who, after] of [
      [bob, 1],
      [eve, 2],
      [bob, 1],
      [eve, 0],
    ] as const) {
      expect(emote(who)).toBeUndefined();
      expect(count()).toBe(after);
    }
  });

  test("is kept for NFTs that are here, and of 64 kinds", () => {
    const { ledger, hero } = world();
    const emote = (word: string, nft = hero) =>
      ledger.refusal(eve, { op: "EMOTE", namespace: "RMRK2", nft, emote: word });
    expect(ledger.refusal(eve, { op: "EMOTE", namespace: "RMRK1", id: "foo", emote: "1F389" })).toBe("emote-elsewhere");
    expect(ledger.refusal(eve, { op: "EMOTE", namespace: "PUBKEY", id: "0xab", emote: "1F389" })).toBe(
      "emote-elsewhere",
    );
    expect(emote("1F389", `9${hero}` as NftId)).toBe("nft-unknown");
    for (let at = 0; at < 64; at++) expect(emote((0x1f300 + at).toString(16).toUpperCase())).toBeUndefined();
    expect(emote("1F389")).toBe("emotes-too-many");
  });
});
