/** From a Spirit to a dressed Shell, by the numbers of Phala World, and every refusal on the way. */
import { sha256 } from "@noble/hashes/sha2.js";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eraAt, isOpen, opensAt } from "../../../contracts/phala-world/loop/clock.ts";
import { drawParts, hatch, openSlots } from "../../../contracts/phala-world/loop/hatching.ts";
import { bytesOf, hexOf } from "../../../contracts/phala-world/loop/hex.ts";
import { feed, foodLeft, hatchesAt, startIncubation } from "../../../contracts/phala-world/loop/incubation.ts";
import { careers, partKinds, partRarities, races, slots } from "../../../contracts/phala-world/loop/kinds.ts";
import {
  accountOf,
  newLoop,
  originsOf,
  partsOf,
  shellsOf,
  type Loop,
} from "../../../contracts/phala-world/loop/loop.ts";
import {
  energyPerSlot,
  incubationEras,
  originsEach,
  partChances,
  prices,
} from "../../../contracts/phala-world/loop/numbers.ts";
import {
  beginEra,
  buyPrime,
  buyRare,
  gift,
  orderOfDraw,
  preorder,
  type Wish,
} from "../../../contracts/phala-world/loop/origins.ts";
import { isRefusal, refusals, type Refusal } from "../../../contracts/phala-world/loop/refusals.ts";
import { claimSpirit, giveTicket, redeemSpirit } from "../../../contracts/phala-world/loop/spirits.ts";
import { takeOff, wear, withdraw } from "../../../contracts/phala-world/loop/wearing.ts";

const [ann, ben, cleo] = ["a1", "b2", "c3"] as const;
const wish: Wish = { race: "cyborg", career: "wizard" };
const seed = new Uint8Array(32).fill(7);
/** Everybody may buy. */
const lastDay = 3;

function made<Made extends object>(answer: Made | Refusal): Made {
  if (isRefusal(answer)) throw new Error(refusals[answer]);
  return answer;
}

/** Each with a Spirit and a purse that is never empty. */
function withSpirits(...players: readonly string[]): Loop {
  const loop = newLoop(seed);
  for (const player of players) {
    accountOf(loop, player).pha = 1_000_000;
    made(claimSpirit(loop, player, 0));
  }
  return loop;
}

/** Ann's Origin in its incubator since era 3, and the loop. */
function incubating(): { readonly loop: Loop; readonly id: number } {
  const loop = withSpirits(ann, ben, cleo);
  const { id } = made(buyPrime(loop, ann, wish, lastDay));
  made(startIncubation(loop, ann, id, lastDay, seed));
  return { loop, id };
}

test("a newcomer's purse is enough for a Spirit and a Prime Origin of Shell", () => {
  const loop = newLoop(seed);
  made(claimSpirit(loop, ann, lastDay));
  expect(made(buyPrime(loop, ann, wish, lastDay))).toMatchObject({ owner: ann, rarity: "prime", energy: 0 });
  expect(accountOf(loop, ann).pha).toBe(100);
});

describe("the clock", () => {
  test("counts eras from the opening of the room, however long nobody looked", () => {
    expect([0, 99, 100, 12_345].map((tick) => eraAt(tick, 100))).toEqual([0, 0, 1, 123]);
  });

  test("whoever comes late finds a Spirit, an Origin and an incubator", () => {
    for (const phase of ["spirits", "last-day", "incubation"] as const) expect(isOpen(phase, 1e6)).toBe(true);
    for (const phase of ["rare", "prime", "preorder"] as const) expect(isOpen(phase, 1e6)).toBe(false);
    expect(opensAt("preorder", 0)).toBe(2);
    expect(opensAt("rare", 5)).toBeUndefined();
  });
});

describe("a Spirit", () => {
  test("is there once for everybody, and costs nothing", () => {
    const loop = newLoop(seed);
    const before = accountOf(loop, ann).pha;
    made(claimSpirit(loop, ann, 0));
    expect(accountOf(loop, ann)).toMatchObject({ spirit: true, pha: before });
    expect(claimSpirit(loop, ann, 0)).toBe("SpiritAlreadyClaimed");
    expect(redeemSpirit(loop, ann, 0)).toBe("SpiritAlreadyClaimed");
  });

  test("wants ten PHA to be shown, or a ticket, which is used up", () => {
    const loop = newLoop(seed);
    accountOf(loop, ann).pha = 9;
    expect(claimSpirit(loop, ann, 0)).toBe("BelowMinimumBalanceThreshold");
    expect(redeemSpirit(loop, ann, 0)).toBe("InvalidSpiritClaim");
    giveTicket(loop, ann, "spirit", 1);
    expect(redeemSpirit(loop, ann, 2)).toBe("InvalidSpiritClaim");
    giveTicket(loop, ann, "spirit", 2);
    expect(made(redeemSpirit(loop, ann, 2)).tickets).toEqual({});
  });

  test("is not to be had before the world begins", () => {
    expect(claimSpirit(newLoop(seed), ann, -1)).toBe("SpiritClaimNotAvailable");
    expect(redeemSpirit(newLoop(seed), ann, -1)).toBe("SpiritClaimNotAvailable");
  });
});

describe("an Origin of Shell", () => {
  test.for([
    ["MustOwnSpiritToPurchase", (loop: Loop) => buyRare(loop, "nobody", "magic", wish, 0)],
    ["RareOriginOfShellPurchaseNotAvailable", (loop: Loop) => buyRare(loop, ann, "magic", wish, 1)],
    ["InvalidPurchase", (loop: Loop) => buyRare(loop, ann, "prime", wish, 0)],
    ["PrimeOriginOfShellPurchaseNotAvailable", (loop: Loop) => buyPrime(loop, ann, wish, 0)],
    ["WhitelistVerificationFailed", (loop: Loop) => buyPrime(loop, ann, wish, 1)],
    ["PreorderOriginOfShellNotAvailable", (loop: Loop) => preorder(loop, ann, wish, 1)],
    ["MustOwnSpiritToPurchase", (loop: Loop) => preorder(loop, "nobody", wish, 2)],
    ["MustOwnSpiritToPurchase", (loop: Loop) => gift(loop, "nobody", "magic", wish, "reserved")],
    ["NoAvailableRaceGiveawayLeft", (loop: Loop) => gift(loop, ann, "magic", wish, "giveaway")],
    ["NoAvailableRaceReservedLeft", (loop: Loop) => gift(loop, ann, "prime", wish, "reserved")],
  ] as const)("is refused: %s", ([refusal, attempt]) => {
    const loop = withSpirits(ann);
    const before = structuredClone(loop);
    expect(attempt(loop)).toBe(refusal);
    delete loop.accounts["nobody"];
    expect(loop).toEqual(before);
  });

  test("there are as many as there were: one Legendary of each race is sold, and one given away", () => {
    const loop = withSpirits(ann, ben, cleo);
    made(buyRare(loop, ann, "legendary", wish, 0));
    expect(accountOf(loop, ann).pha).toBe(1_000_000 - 15_000);
    expect(buyRare(loop, ben, "legendary", wish, 0)).toBe("RaceMintMaxReached");
    made(gift(loop, ben, "legendary", wish, "reserved"));
    expect(gift(loop, cleo, "legendary", wish, "reserved")).toBe("NoAvailableRaceReservedLeft");
    expect(Object.values(loop.stock).map(({ prime }) => prime.sale)).toEqual([1250, 1250, 1250, 1250]);
  });

  test("there is one for each until the last day, then as many as an account can own", () => {
    const loop = withSpirits(ann);
    made(buyRare(loop, ann, "magic", wish, 0));
    expect(buyRare(loop, ann, "magic", wish, 0)).toBe("OriginOfShellAlreadyPurchased");
    for (let i = 1; i < originsEach; i++) made(buyPrime(loop, ann, wish, lastDay));
    expect(buyPrime(loop, ann, wish, lastDay)).toBe("OriginsFull");
    expect(gift(loop, ann, "magic", wish, "reserved")).toBe("OriginsFull");
  });

  test("a ticket for a Prime is used by buying, and kept by a refusal", () => {
    const loop = withSpirits(ann);
    giveTicket(loop, ann, "prime", 1);
    accountOf(loop, ann).pha = prices.prime - 1;
    expect(buyPrime(loop, ann, wish, 1)).toBe("NotEnoughMoney");
    accountOf(loop, ann).pha = prices.prime;
    made(buyPrime(loop, ann, wish, 1));
    expect(accountOf(loop, ann)).toMatchObject({ pha: 0, tickets: {} });
  });
});

describe("the draw among preorders", () => {
  /** Twelve who want what there are five of. */
  function drawn(): { readonly loop: Loop; readonly players: readonly string[] } {
    const players = Array.from({ length: 12 }, (_, i) => `p${i}`);
    const loop = withSpirits(...players);
    beginEra(loop, 2);
    for (const player of players) made(preorder(loop, player, wish, 2));
    loop.stock.cyborg.prime.sale = 5;
    beginEra(loop, 3);
    return { loop, players };
  }

  test("gives everybody either an Origin of Shell or the money back", () => {
    const { loop, players } = drawn();
    for (const player of players) {
      const owned = originsOf(loop, player).length;
      expect(accountOf(loop, player).pha).toBe(1_000_000 - owned * prices.prime);
    }
    expect(players.flatMap((player) => originsOf(loop, player))).toHaveLength(5);
    expect(loop.preorders).toEqual({});
  });

  test("can be done again by anybody from what was published", () => {
    const [draw] = drawn().loop.draws;
    expect(hexOf(sha256(bytesOf(draw!.seed)))).toBe(newLoop(seed).lot.commitment);
    const bytes = Uint8Array.from(draw!.seed.match(/../g)!, (pair) => Number.parseInt(pair, 16));
    expect(orderOfDraw(draw!.preorders, bytes).slice(0, 5)).toEqual(draw!.chosen);
    expect(orderOfDraw(draw!.preorders.toReversed(), bytes).slice(0, 5)).toEqual(draw!.chosen);
  });

  test("comes once: nobody can preorder twice, and an era without preorders draws nothing", () => {
    const loop = withSpirits(ann);
    made(preorder(loop, ann, wish, 2));
    expect(preorder(loop, ann, wish, 2)).toBe("PreorderOriginOfShellNotAvailable");
    expect(beginEra(loop, 3)).toBeDefined();
    expect(beginEra(loop, 4)).toBeUndefined();
  });

  test("comes with more Primes, once", () => {
    const loop = newLoop(seed);
    for (const era of [2, 2]) beginEra(loop, era);
    expect(loop.stock.xgene.prime).toEqual({ sale: 2150, giveaway: 50, reserved: 0 });
  });

  test("money that is not there, and a second Origin, are refused", () => {
    const loop = withSpirits(ann, ben);
    accountOf(loop, ann).pha = 499;
    expect(preorder(loop, ann, wish, 2)).toBe("NotEnoughMoney");
    made(buyRare(loop, ben, "magic", wish, 0));
    expect(preorder(loop, ben, wish, 2)).toBe("OriginOfShellAlreadyPurchased");
  });
});

describe("incubation", () => {
  test("begins once, by the owner, and its end does not move", () => {
    const { loop, id } = incubating();
    expect(startIncubation(loop, ben, id, lastDay, seed)).toBe("NotOwner");
    expect(startIncubation(loop, ann, id, lastDay + 5, seed)).toBe("HatchingInProgress");
    expect(startIncubation(loop, ann, 999, lastDay, seed)).toBe("NoSuchThing");
    expect(startIncubation(loop, ann, id, -1, seed)).toBe("StartIncubationNotAvailable");
    expect(hatchesAt(loop.origins[id]!)).toBe(lastDay + incubationEras);
  });

  test("food is five for each Origin and era, two for one target, and not saved up", () => {
    const { loop, id } = incubating();
    expect(foodLeft(loop, ann, 3)).toBe(5);
    made(feed(loop, ann, id, 3));
    made(feed(loop, ann, id, 3));
    expect(feed(loop, ann, id, 3)).toBe("AlreadySentFoodTwice");
    expect(foodLeft(loop, ann, 3)).toBe(3);
    expect(foodLeft(loop, ann, 4)).toBe(5);
    made(feed(loop, ann, id, 4));
    expect(loop.origins[id]!.energy).toBe(9);
  });

  test("whoever has no Origin has no food; what is in no incubator takes none", () => {
    const { loop, id } = incubating();
    expect(feed(loop, ben, id, 3)).toBe("NoPermission");
    const other = made(buyPrime(loop, ben, wish, 3));
    expect(feed(loop, ben, other.id, 3)).toBe("CannotSendFoodToOriginOfShell");
    expect(feed(loop, ann, 999, 3)).toBe("NoSuchThing");
    expect(feed(loop, ann, id, lastDay + incubationEras)).toBe("CannotSendFoodToOriginOfShell");
  });

  test("feeding a friend's gives it two, and one's own one for it", () => {
    const { loop, id } = incubating();
    const bens = made(buyPrime(loop, ben, wish, 3));
    made(feed(loop, ben, id, 3));
    expect([loop.origins[id]!.energy, bens.energy]).toEqual([2, 0]);
    made(startIncubation(loop, ben, bens.id, 3, seed));
    made(feed(loop, ben, id, 3));
    expect([loop.origins[id]!.energy, bens.energy]).toEqual([4, 1]);
  });

  test("there is no food left at some time", () => {
    const { loop, id } = incubating();
    const others = [ben, cleo, "d4"].map((player) => {
      accountOf(loop, player).pha = 1_000_000;
      accountOf(loop, player).spirit = true;
      const origin = made(buyPrime(loop, player, wish, 3));
      made(startIncubation(loop, player, origin.id, 3, seed));
      return origin.id;
    });
    for (const target of [id, id, others[0]!, others[0]!, others[1]!]) made(feed(loop, ann, target, 3));
    expect(feed(loop, ann, others[2]!, 3)).toBe("NoFoodLeftToFeedOriginOfShell");
  });
});

describe("hatching", () => {
  const hatchEra = lastDay + incubationEras;

  test("needs its owner and its time, and nobody else", () => {
    const { loop, id } = incubating();
    expect(hatch(loop, ann, id, hatchEra - 1)).toBe("CannotHatchOriginOfShell");
    expect(hatch(loop, ben, id, hatchEra)).toBe("NotOwner");
    expect(hatch(loop, ann, 999, hatchEra)).toBe("NoSuchThing");
    const shell = made(hatch(loop, ann, id, hatchEra));
    expect(shell).toMatchObject({ owner: ann, race: "cyborg", career: "wizard", rarity: "prime" });
    expect(loop.origins[id]).toBeUndefined();
    expect(hatch(loop, ann, id, hatchEra)).toBe("NoSuchThing");
  });

  test("two feeds a day open every slot; none open the first", () => {
    expect(openSlots(0)).toEqual(["head"]);
    expect(openSlots(energyPerSlot)).toEqual(["head", "chest"]);
    expect(openSlots(incubationEras * 2 * 3)).toEqual(slots);
  });

  test("its parts are what anybody draws from the published seed", () => {
    const { loop, id } = incubating();
    for (const era of [3, 4, 5, 6]) for (const _ of [1, 2]) made(feed(loop, ann, id, era));
    const origin = { ...loop.origins[id]! };
    const shell = made(hatch(loop, ann, id, hatchEra));
    expect(shell.seed).toBe(hexOf(seed));
    const drawn = drawParts(seed, origin);
    expect(drawn).toHaveLength(5);
    for (const { slot, name, rarity, gem } of drawn) {
      expect(loop.parts[shell.worn[slot]!]).toMatchObject({ name, rarity, gem, owner: ann, shell: shell.id });
    }
  });

  test("is settled when the incubation begins, shown by its hash, and told when it is over", () => {
    const { loop, id } = incubating();
    const { lot } = loop.origins[id]!;
    expect(lot).toEqual({ seed: hexOf(seed), commitment: hexOf(sha256(seed)) });
    made(feed(loop, ann, id, 3));
    expect(loop.origins[id]!.lot).toEqual(lot);
    const { seed: told } = made(hatch(loop, ann, id, hatchEra));
    expect(hexOf(sha256(bytesOf(told)))).toBe(lot!.commitment);
  });

  test("parts fit their slots, and what belongs to a career belongs to the Shell's", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.constantFrom(...careers),
        fc.constantFrom("prime", "magic", "legendary" as const),
        (bytes, career, rarity) => {
          for (const part of drawParts(bytes, { rarity, career, energy: 99 })) {
            const kind: { readonly slot: string; readonly career?: string } = partKinds[part.name];
            expect(kind.slot).toBe(part.slot);
            expect([undefined, career]).toContain(kind.career);
            expect(partChances[rarity][part.rarity]).toBeGreaterThan(0);
          }
        },
      ),
    );
  });

  test("chances add up to a hundred", () => {
    for (const chances of Object.values(partChances)) {
      expect(partRarities.reduce((sum, rarity) => sum + chances[rarity], 0)).toBe(100);
    }
  });
});

describe("wearing", () => {
  function dressed() {
    const { loop, id } = incubating();
    const shell = made(hatch(loop, ann, id, lastDay + incubationEras));
    const second = made(buyPrime(loop, ann, { race: "pandroid", career: "monk" }, lastDay));
    made(startIncubation(loop, ann, second.id, lastDay, new Uint8Array(32)));
    const other = made(hatch(loop, ann, second.id, lastDay + incubationEras));
    return { loop, shell, other, part: shell.worn.head! };
  }

  test("a part is taken off, put on again, taken out, and worn by another Shell", () => {
    const { loop, shell, other, part } = dressed();
    made(takeOff(loop, ann, shell.id, "head"));
    expect(takeOff(loop, ann, shell.id, "head")).toBe("WrongSlot");
    expect(made(wear(loop, ann, shell.id, part)).worn.head).toBe(part);
    expect(made(withdraw(loop, ann, part)).shell).toBeNull();
    expect(shell.worn.head).toBeUndefined();
    expect(withdraw(loop, ann, part)).toBe("NoSuchThing");
    const before = other.worn.head!;
    expect(made(wear(loop, ann, other.id, part)).worn.head).toBe(part);
    expect(loop.parts[before]).toMatchObject({ shell: other.id });
  });

  test("a part that another Shell wears is taken from it", () => {
    const { loop, shell, other, part } = dressed();
    made(wear(loop, ann, other.id, part));
    expect([shell.worn.head, other.worn.head]).toEqual([undefined, part]);
  });

  test("nobody dresses somebody else's Shell, or wears somebody else's part", () => {
    const { loop, shell, part } = dressed();
    expect(wear(loop, ben, shell.id, part)).toBe("NotOwner");
    expect(takeOff(loop, ben, shell.id, "head")).toBe("NotOwner");
    expect(withdraw(loop, ben, part)).toBe("NotOwner");
    expect(wear(loop, ann, 999, part)).toBe("NoSuchThing");
    expect(takeOff(loop, ann, 999, "head")).toBe("NoSuchThing");
  });
});

test("whatever players try, money and Origins add up, and what is worn is one's own", () => {
  const players = [ann, ben, cleo];
  const step = fc.record({
    by: fc.constantFrom(...players),
    what: fc.constantFrom("claim", "rare", "prime", "preorder", "start", "feed", "hatch", "wear", "off", "out", "era"),
    of: fc.nat(12),
    and: fc.nat(12),
    race: fc.constantFrom(...races),
    career: fc.constantFrom(...careers),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const loop = newLoop(seed);
      let era = 0;
      let spent = 0;
      for (const { by, what, of, and, race, career } of steps) {
        const money = (): number => Object.values(loop.accounts).reduce((sum, { pha }) => sum + pha, 0);
        players.forEach((player) => accountOf(loop, player));
        const before = money();
        if (what === "claim") claimSpirit(loop, by, era);
        if (what === "rare") buyRare(loop, by, "magic", { race, career }, era);
        if (what === "prime") buyPrime(loop, by, { race, career }, era);
        if (what === "preorder") preorder(loop, by, { race, career }, era);
        if (what === "start") startIncubation(loop, by, of, era, seed);
        if (what === "feed") feed(loop, by, of, era);
        if (what === "hatch") hatch(loop, by, of, era);
        if (what === "wear") wear(loop, by, of, and);
        if (what === "off") takeOff(loop, by, of, slots[and % slots.length]!);
        if (what === "out") withdraw(loop, by, of);
        if (what === "era") beginEra(loop, ++era);
        spent += before - money();
      }
      const minted = Object.keys(loop.origins).length + Object.keys(loop.shells).length;
      expect(spent).toBe(prices.prime * (minted + Object.keys(loop.preorders).length));
      for (const shell of Object.values(loop.shells)) {
        for (const [slot, part] of Object.entries(shell.worn)) {
          expect(loop.parts[part]).toMatchObject({ owner: shell.owner, shell: shell.id });
          expect(partKinds[loop.parts[part]!.name].slot).toBe(slot);
        }
      }
      const things = players.flatMap((player) => [...shellsOf(loop, player), ...partsOf(loop, player)]);
      expect(new Set(things.map(({ id }) => id)).size).toBe(things.length);
    }),
  );
});
