/** What people do with items happens as a whole; and what would not count is told before anybody pays for it. */
import { describe, expect, test } from "vitest";
import {
  acceptAct,
  burnAct,
  buyAct,
  emoteAct,
  equipAct,
  listAct,
  refusalOf,
  royaltyOn,
  sendAct,
  themeAct,
  unequipAct,
  wearAct,
  type Act,
} from "#rmrk/acts.ts";
import type { AccountId } from "#rmrk/account.ts";
import { slotIdOf, type NftId } from "#rmrk/ids.ts";
import { stateHash } from "#rmrk/state/snapshot.ts";
import { Ledger } from "./support/ledger.ts";
import { fixed, slot } from "./support/making.ts";
import { alice, bob, charlie, dave, prefix } from "./support/people.ts";

/** As a chain does: all of it, in one extrinsic. */
function happen(ledger: Ledger, caller: AccountId, { interactions, payments }: Act): readonly (string | undefined)[] {
  ledger.block += 1;
  const transfers = payments.map(({ to, amount }) => ({ from: caller, to, amount }));
  return interactions.map((interaction, i) => {
    const outcome = ledger[i === 0 ? "say" : "sayAgain"](caller, interaction, transfers);
    return outcome.accepted ? undefined : outcome.code;
  });
}

/** The trial says what the chain does, and changes nothing. */
function tried(ledger: Ledger, caller: AccountId, act: Act): string | undefined {
  const before = stateHash(ledger.state);
  const refused = refusalOf(ledger.state, caller, act, ledger.block + 1);
  expect(stateHash(ledger.state)).toEqual(before);
  expect(happen(ledger, caller, act).find((code) => code !== undefined)).toBe(refused);
  return refused;
}

function world() {
  const ledger = new Ledger();
  const [heroes, wear] = [ledger.create("HERO"), ledger.create("WEAR")];
  const base = ledger.base("body", [fixed("skin", 0), slot("hat", 1, [wear])], ["default"]);
  const hat = slotIdOf(base, "hat");
  const hero = ledger.mint(heroes, 1);
  ledger.resource(hero, { id: "body", src: undefined, base, parts: ["skin", "hat"] });
  const [crown, cap] = [1, 2].map((serial) => ledger.mint(wear, serial, hero)) as [NftId, NftId];
  for (const nft of [crown, cap]) ledger.resource(nft, { id: "worn", slot: hat });
  return { ledger, heroes, wear, base, hat, hero, crown, cap };
}

test("an item that its issuer has only just given a form is worn at once: accepted, put into its wearer, and on it", () => {
  const { ledger, wear, hat, hero, crown } = world();
  expect(tried(ledger, alice, equipAct(ledger.state, crown, hat))).toBeUndefined();
  expect(tried(ledger, alice, sendAct(hero, bob))).toBeUndefined();
  const won = ledger.mint(wear, 3, bob);
  ledger.resource(won, { id: "worn", slot: hat });
  expect(ledger.state.nfts.get(won)!.resources[0]!.pending).toBe(true);
  expect(tried(ledger, charlie, wearAct(ledger.state, won, hero, hat))).toBe("not-owner");
  expect(tried(ledger, bob, wearAct(ledger.state, won, hero, hat))).toBeUndefined();
  expect(ledger.state.nfts.get(won)!.equipped).toBe(hat);
  expect(ledger.state.nfts.get(crown)!.equipped).toBeUndefined();
});

test("what is put on takes the place of what was worn, in one transaction", () => {
  const { ledger, hat, crown, cap } = world();
  expect(tried(ledger, alice, equipAct(ledger.state, crown, hat))).toBeUndefined();
  expect(tried(ledger, alice, equipAct(ledger.state, cap, hat))).toBeUndefined();
  expect(ledger.state.nfts.get(cap)!.equipped).toBe(hat);
  expect(ledger.state.nfts.get(crown)!.equipped).toBeUndefined();
  expect(tried(ledger, alice, unequipAct(cap))).toBeUndefined();
  expect(tried(ledger, alice, unequipAct(cap))).toBe("not-equipped");
});

test("who buys pays the seller and the royalty, as the act says, and less buys nothing", () => {
  const { ledger, wear } = world();
  const nft = ledger.mint(wear, 9, bob, { properties: new Map([["royalty", royaltyOn(alice, 2.5, prefix)]]) });
  expect(buyAct(ledger.state, nft, ledger.block + 1)).toBeUndefined();
  expect(tried(ledger, bob, listAct(nft, 1_000_001n))).toBeUndefined();
  const act = buyAct(ledger.state, nft, ledger.block + 1, charlie)!;
  expect(act.payments).toEqual([
    { to: bob, amount: 975_001n },
    { to: alice, amount: 25_000n },
  ]);
  const [seller, royalty] = act.payments;
  expect(tried(ledger, dave, { ...act, payments: [seller!] })).toBe("royalty-missing");
  expect(tried(ledger, dave, { ...act, payments: [{ ...seller!, amount: 975_000n }, royalty!] })).toBe(
    "payment-missing",
  );
  expect(tried(ledger, bob, act)).toBe("buyer-is-owner");
  expect(tried(ledger, dave, act)).toBeUndefined();
  expect(ledger.state.nfts.get(nft)!.owner).toBe(charlie);
  expect(tried(ledger, dave, act)).toBe("not-for-sale");
});

test("what lies on the list stays as it is, and is taken off it", () => {
  const { ledger, wear } = world();
  const nft = ledger.mint(wear, 9, bob);
  expect(tried(ledger, bob, listAct(nft, 5n))).toBeUndefined();
  expect(tried(ledger, bob, sendAct(nft, charlie))).toBe("nft-listed");
  expect(tried(ledger, bob, listAct(nft, 0n))).toBe("listed-too-recently");
  ledger.block += 5;
  expect(tried(ledger, bob, listAct(nft, 0n))).toBeUndefined();
  expect(tried(ledger, bob, sendAct(nft, charlie))).toBeUndefined();
  expect(tried(ledger, bob, burnAct(nft))).toBe("not-owner");
});

test("what is sent into somebody else's item waits, and is accepted", () => {
  const { ledger, heroes, wear, base } = world();
  const hero = ledger.mint(heroes, 2, bob);
  const gift = ledger.mint(wear, 3);
  expect(tried(ledger, alice, sendAct(gift, hero))).toBeUndefined();
  expect(tried(ledger, alice, acceptAct(hero, { child: gift }))).toBe("not-owner");
  expect(tried(ledger, bob, acceptAct(hero, { child: gift }))).toBeUndefined();
  ledger.resource(hero, { id: "body", src: undefined, base, parts: ["skin"] });
  expect(tried(ledger, bob, acceptAct(hero, { resource: "body" }))).toBeUndefined();
});

test("an emote is given and taken back, and a theme is added by whose the base is", () => {
  const { ledger, base, crown } = world();
  expect(tried(ledger, dave, emoteAct(crown, "🎉"))).toBeUndefined();
  expect(ledger.state.nfts.get(crown)!.emotes!.get("1F389")!.size).toBe(1);
  expect(tried(ledger, dave, emoteAct(crown, "🎉"))).toBeUndefined();
  const colours = { inherit: false, colours: new Map([["main", "#ff0088"]]) };
  expect(tried(ledger, bob, themeAct(base, "rose", colours))).toBe("not-issuer");
  expect(tried(ledger, alice, themeAct(base, "rose", colours))).toBeUndefined();
  expect(tried(ledger, alice, themeAct(base, "rose", colours))).toBe("theme-exists");
});

describe("what nobody can mean", () => {
  const nft = "1-d43593c715a56da27d-WEAR-item-00000001" as NftId;
  test.for<readonly [string, () => unknown]>([
    ["a price below nothing", () => listAct(nft, -1n)],
    ["a price beyond every balance", () => listAct(nft, 1n << 128n)],
    ["an emote of nothing", () => emoteAct(nft, "")],
    ["a sentence as an emote", () => emoteAct(nft, "this is far too long for an emote")],
    ["a royalty above everything", () => royaltyOn(alice, 100.1, prefix)],
    ["a royalty below nothing", () => royaltyOn(alice, -1, prefix)],
    ["a royalty with five decimals", () => royaltyOn(alice, 0.000_01, prefix)],
    ["a royalty that is no number", () => royaltyOn(alice, Number.NaN, prefix)],
  ])("%s", ([, say]) => {
    expect(say).toThrow(RangeError);
  });
});
