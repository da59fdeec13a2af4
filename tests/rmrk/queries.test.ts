/** What a page shows: what is owned, what is offered, and how it looks with what it wears. */
import { expect, test } from "vitest";
import { slotIdOf, type NftId } from "#rmrk/ids.ts";
import { compositeOf } from "#rmrk/queries/composite.ts";
import { itemOf, itemsOf, offersTo, rootOwnerOf } from "#rmrk/queries/inventory.ts";
import { Ledger } from "./support/ledger.ts";
import { fixed, properties, resourceOf, slot } from "./support/making.ts";
import { alice, bob, charlie, eve } from "./support/people.ts";

function world() {
  const ledger = new Ledger();
  const [heroes, swords, gems] = ["HERO", "SWORD", "GEM"].map((symbol) => ledger.create(symbol));
  const body = ledger.base(
    "body",
    [
      fixed("hair", 9),
      fixed("skin", 0),
      slot("hand", 5, [swords!], "ipfs://ipfs/fist"),
      slot("head", 5, "*"),
      slot("feet", -1, "*"),
      fixed("wings", 1),
    ],
    ["default", "night"],
  );
  const blade = ledger.base("blade", [fixed("steel", 1), slot("pommel", 2, [gems!])]);
  const [hand, pommel] = [slotIdOf(body, "hand"), slotIdOf(blade, "pommel")];
  const hero = ledger.mint(heroes!, 1, bob, { properties: properties({ name: { value: "Ada" } }) });
  const sword = ledger.mint(swords!, 1, bob);
  const gem = ledger.mint(gems!, 1, bob);
  const accept = (nft: NftId, resource: string) => ledger.do(bob, { op: "ACCEPT", nft, entity: "RES", resource });
  const send = (nft: NftId, recipient: NftId) => ledger.do(bob, { op: "SEND", nft, recipient });
  return { ledger, heroes: heroes!, body, blade, hand, pommel, hero, sword, gem, accept, send };
}

test("an inventory is trees in the order in which they were minted, with all that is known", () => {
  const { ledger, hero, sword, gem, send } = world();
  send(sword, hero);
  send(gem, sword);
  ledger.resource(hero, { id: "portrait" });
  ledger.do(eve, { op: "EMOTE", namespace: "RMRK2", nft: hero, emote: "1F389" });
  ledger.do(bob, { op: "LIST", nft: hero, price: 5n });
  const items = itemsOf(ledger.state, bob);
  expect(items).toMatchObject([
    {
      id: hero,
      symbol: "item",
      serial: "00000001",
      block: 100,
      pending: false,
      price: 5n,
      properties: [{ key: "name", type: "string", value: "Ada", writer: "nobody" }],
      resources: [{ pending: true, resource: { id: "portrait" } }],
      emotes: [{ emote: "1F389", count: 1 }],
      children: [{ id: sword, children: [{ id: gem, children: [] }] }],
    },
  ]);
  expect(itemOf(ledger.state, sword)).toEqual(items[0]!.children[0]);
  expect(rootOwnerOf(ledger.state, gem)).toBe(bob);
  expect(itemsOf(ledger.state, eve)).toEqual([]);
  expect([itemOf(ledger.state, `9${gem}` as NftId), rootOwnerOf(ledger.state, `9${gem}` as NftId)]).toEqual([
    undefined,
    undefined,
  ]);
});

test("offers are what waits for an account, and not what lies in that", () => {
  const { ledger, heroes, hero, sword, gem, send } = world();
  const bag = ledger.mint(heroes, 2, charlie);
  send(gem, sword);
  ledger.resource(gem, { id: "shine" });
  ledger.resource(hero, { id: "portrait" });
  send(sword, bag);
  expect(offersTo(ledger.state, charlie)).toEqual([{ entity: "NFT", nft: bag, child: sword }]);
  expect(offersTo(ledger.state, bob)).toEqual([
    { entity: "RES", nft: hero, resource: "portrait", replaces: undefined },
  ]);
  ledger.do(charlie, { op: "ACCEPT", nft: bag, entity: "NFT", child: sword });
  expect(offersTo(ledger.state, charlie)).toEqual([
    { entity: "RES", nft: gem, resource: "shine", replaces: undefined },
  ]);
});

test("parts are drawn from the lowest to the highest, equal ones in the order of the base, and empty slots as they say", () => {
  const { ledger, body, hero, accept } = world();
  ledger.resource(hero, { id: "body", src: undefined, base: body, parts: ["skin", "hair", "hand", "head", "feet"] });
  expect(compositeOf(ledger.state, hero)).toBeUndefined();
  accept(hero, "body");
  const drawn = compositeOf(ledger.state, hero)!;
  expect(drawn.resource).toBe("body");
  // No wings: the hero is made without them. No head and no feet: nothing is worn there, and nothing is drawn for it.
  expect(drawn.layers.map(({ part, z, src }) => [part, z, src])).toEqual([
    ["skin", 0, "ipfs://ipfs/skin"],
    ["hand", 5, "ipfs://ipfs/fist"],
    ["hair", 9, "ipfs://ipfs/hair"],
  ]);
});

test("what is worn is drawn in its slot, with what it wears itself", () => {
  const { ledger, body, blade, hand, pommel, hero, sword, gem, accept, send } = world();
  ledger.resource(hero, { id: "body", src: undefined, base: body, parts: ["skin", "hair", "hand"] });
  ledger.resource(sword, { id: "shop", src: "ipfs://ipfs/shop" });
  ledger.resource(sword, { id: "held", src: undefined, base: blade, parts: ["steel", "pommel"], slot: hand });
  ledger.resource(gem, { id: "set", src: "ipfs://ipfs/gem", slot: pommel });
  for (const [nft, resource] of [
    [hero, "body"],
    [sword, "shop"],
    [sword, "held"],
    [gem, "set"],
  ] as const)
    accept(nft, resource);
  send(gem, sword);
  send(sword, hero);
  ledger.do(bob, { op: "EQUIP", nft: sword, slot: hand });
  ledger.do(bob, { op: "EQUIP", nft: gem, slot: pommel });
  const layers = compositeOf(ledger.state, hero)!.layers;
  expect(layers.map(({ nft, part, z, src }) => [nft, part, z, src])).toEqual([
    [hero, "skin", 0, "ipfs://ipfs/skin"],
    [sword, "steel", 5, "ipfs://ipfs/steel"],
    [gem, "pommel", 5, "ipfs://ipfs/gem"],
    [hero, "hair", 9, "ipfs://ipfs/hair"],
  ]);
  // By itself the sword is what comes first.
  expect(compositeOf(ledger.state, sword)!.layers).toMatchObject([{ src: "ipfs://ipfs/shop", slot: undefined }]);
  ledger.do(bob, { op: "EQUIP", nft: sword, slot: undefined });
  expect(compositeOf(ledger.state, hero)!.layers.map(({ src }) => src)).toContain("ipfs://ipfs/fist");
});

test("an NFT is drawn in the colours of its theme, and in its own over them", () => {
  const { ledger, body, hero, accept } = world();
  const own = new Map([["eyes", "green"]]);
  ledger.do(alice, {
    op: "RESADD",
    nft: hero,
    resource: resourceOf({ id: "body", src: undefined, base: body, parts: ["skin"], themeId: "night", theme: own }),
    replaces: undefined,
  });
  accept(hero, "body");
  expect(compositeOf(ledger.state, hero)!.colours).toEqual(
    new Map([
      ["main", "night"],
      ["eyes", "green"],
    ]),
  );
});
