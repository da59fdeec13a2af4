/** Origins of Shell: what a body grows from. How they are sold, preordered, drawn and given away. */
import { KeystreamRandom } from "#contract/random.ts";
import { isOpen } from "./clock.ts";
import { bytesOf } from "./hex.ts";
import type { Career, Race, Rarity } from "./kinds.ts";
import {
  accountOf,
  hold,
  numbered,
  originsOf,
  restock,
  type Account,
  type Loop,
  type Origin,
  type Preorder,
  type PublishedDraw,
  type Stock,
} from "./loop.ts";
import { originsEach, preordersMax, prices } from "./numbers.ts";
import type { Refusal } from "./refusals.ts";
import { hasTicket, useTicket } from "./spirits.ts";

export interface Wish {
  readonly race: Race;
  readonly career: Career;
}

/** Legendary and Magic, at the rare sale. */
export function buyRare(loop: Loop, player: string, rarity: Rarity, wish: Wish, era: number): Origin | Refusal {
  if (!isOpen("rare", era)) return "RareOriginOfShellPurchaseNotAvailable";
  if (rarity === "prime") return "InvalidPurchase";
  return buy(loop, player, rarity, wish, era);
}

/** Prime, with a ticket; on the last day of sale for everybody. */
export function buyPrime(loop: Loop, player: string, wish: Wish, era: number): Origin | Refusal {
  const account = accountOf(loop, player);
  if (isOpen("last-day", era)) return buy(loop, player, "prime", wish, era);
  if (!isOpen("prime", era)) return "PrimeOriginOfShellPurchaseNotAvailable";
  if (!hasTicket(account, "prime", era)) return "WhitelistVerificationFailed";
  const bought = buy(loop, player, "prime", wish, era);
  if (typeof bought !== "string") useTicket(account, "prime", era);
  return bought;
}

/** Puts the price aside until the draw. */
export function preorder(loop: Loop, player: string, wish: Wish, era: number): Preorder | Refusal {
  const account = accountOf(loop, player);
  if (!isOpen("preorder", era) || loop.waiting[player] !== undefined) return "PreorderOriginOfShellNotAvailable";
  if (Object.keys(loop.preorders).length >= preordersMax) return "PreordersFull";
  if (!account.spirit) return "MustOwnSpiritToPurchase";
  if (originsOf(loop, player).length > 0) return "OriginOfShellAlreadyPurchased";
  if (account.pha < prices.prime) return "NotEnoughMoney";
  account.pha -= prices.prime;
  const order: Preorder = { id: numbered(loop), owner: player, race: wish.race, career: wish.career };
  loop.preorders[order.id] = order;
  loop.waiting[player] = order.id;
  return order;
}

/**
 * Who of those that wait comes first: their numbers in ascending order, shuffled by the ChaCha20 stream of the seed.
 * With the published seed anybody can do it again.
 */
export const orderOfDraw = (preorders: readonly number[], seed: Uint8Array): readonly number[] =>
  new KeystreamRandom(seed).shuffle(preorders.toSorted((a, b) => a - b));

/** Draws among all preorders. Whoever's race has none left by then gets the money back. */
export function drawPreorders(loop: Loop, era: number): PublishedDraw {
  const { seed } = loop.lot;
  const preorders = Object.keys(loop.preorders)
    .map(Number)
    .sort((a, b) => a - b);
  const chosen: number[] = [];
  for (const id of orderOfDraw(preorders, bytesOf(seed))) {
    const order = loop.preorders[id]!;
    const stock = loop.stock[order.race].prime;
    if (stock.sale > 0) {
      mint(loop, order.owner, "prime", order, stock, "sale");
      chosen.push(id);
    } else {
      accountOf(loop, order.owner).pha += prices.prime;
    }
    delete loop.preorders[id];
    delete loop.waiting[order.owner];
  }
  const draw: PublishedDraw = { era, seed, preorders, chosen };
  loop.draws.push(draw);
  return draw;
}

/** Given away by the world's keeper, from what was put aside for that. */
export function gift(
  loop: Loop,
  player: string,
  rarity: Rarity,
  wish: Wish,
  from: "giveaway" | "reserved",
): Origin | Refusal {
  if (!accountOf(loop, player).spirit) return "MustOwnSpiritToPurchase";
  if (originsOf(loop, player).length >= originsEach) return "OriginsFull";
  const stock = loop.stock[wish.race][rarity];
  if (stock[from] === 0) return from === "giveaway" ? "NoAvailableRaceGiveawayLeft" : "NoAvailableRaceReservedLeft";
  return mint(loop, player, rarity, wish, stock, from);
}

/** What the beginning of an era brings. */
export function beginEra(loop: Loop, era: number): PublishedDraw | undefined {
  if (isOpen("preorder", era)) restock(loop);
  const drawn = !isOpen("preorder", era) && Object.keys(loop.preorders).length > 0;
  return drawn ? drawPreorders(loop, era) : undefined;
}

function buy(loop: Loop, player: string, rarity: Rarity, wish: Wish, era: number): Origin | Refusal {
  const account: Account = accountOf(loop, player);
  const owned = originsOf(loop, player).length;
  const stock = loop.stock[wish.race][rarity];
  if (!account.spirit) return "MustOwnSpiritToPurchase";
  if (owned > 0 && !isOpen("last-day", era)) return "OriginOfShellAlreadyPurchased";
  if (owned >= originsEach) return "OriginsFull";
  if (stock.sale === 0) return "RaceMintMaxReached";
  if (account.pha < prices[rarity]) return "NotEnoughMoney";
  account.pha -= prices[rarity];
  return mint(loop, player, rarity, wish, stock, "sale");
}

function mint(
  loop: Loop,
  owner: string,
  rarity: Rarity,
  { race, career }: Wish,
  stock: Stock,
  from: keyof Stock,
): Origin {
  stock[from] -= 1;
  const origin: Origin = { id: numbered(loop), owner, rarity, race, career, energy: 0, since: null, lot: null };
  hold(loop, "origins", origin);
  return origin;
}
