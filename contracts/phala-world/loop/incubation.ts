/** Incubation: an Origin of Shell is fed for some days, by its owner and by friends, and then hatches. */
import { isOpen } from "./clock.ts";
import { accountOf, originsOf, type Account, type Loop, type Origin } from "./loop.ts";
import { lotOf } from "./lot.ts";
import { energy, feedsPerTarget, foodPerOrigin, incubationEras } from "./numbers.ts";
import type { Refusal } from "./refusals.ts";

/** The first era in which it may hatch; undefined while it is not in an incubator. */
export const hatchesAt = ({ since }: Origin): number | undefined =>
  since === null ? undefined : since + incubationEras;

/** @param seed of its parts, 32 bytes that nobody knows: they are settled now, whoever feeds it how much. */
export function startIncubation(
  loop: Loop,
  player: string,
  id: number,
  era: number,
  seed: Uint8Array,
): Origin | Refusal {
  const origin = loop.origins[id];
  if (!isOpen("incubation", era)) return "StartIncubationNotAvailable";
  if (origin === undefined) return "NoSuchThing";
  if (origin.owner !== player) return "NotOwner";
  if (origin.since !== null) return "HatchingInProgress";
  // Set once: nobody's closing and opening of the incubators moves it.
  origin.since = era;
  origin.lot = lotOf(seed);
  return origin;
}

/** Food somebody has left in this era. */
export function foodLeft(loop: Loop, player: string, era: number): number {
  const account = accountOf(loop, player);
  return account.feeding.era === era && Object.keys(account.feeding.given).length > 0
    ? account.feeding.food
    : foodPerOrigin * originsOf(loop, player).length;
}

export function feed(loop: Loop, player: string, id: number, era: number): Origin | Refusal {
  const own = originsOf(loop, player);
  const target = loop.origins[id];
  if (own.length === 0) return "NoPermission";
  if (target === undefined) return "NoSuchThing";
  const until = hatchesAt(target);
  if (until === undefined || era >= until) return "CannotSendFoodToOriginOfShell";
  const food = foodLeft(loop, player, era);
  if (food === 0) return "NoFoodLeftToFeedOriginOfShell";
  const feeding = feedingIn(accountOf(loop, player), era);
  const given = feeding.given[id] ?? 0;
  if (given >= feedsPerTarget) return "AlreadySentFoodTwice";
  feeding.given[id] = given + 1;
  feeding.food = food - 1;
  strengthen(target, own);
  return target;
}

/** What was given is counted anew in each era. */
function feedingIn(account: Account, era: number): Account["feeding"] {
  if (account.feeding.era !== era) account.feeding = { era, food: 0, given: {} };
  return account.feeding;
}

/** One's own grows most; kindness to others comes back to the oldest of one's own that is in an incubator. */
function strengthen(target: Origin, own: readonly Origin[]): void {
  if (own.includes(target)) {
    target.energy += energy.own;
    return;
  }
  target.energy += energy.received;
  const thanked = own.find(({ since }) => since !== null);
  if (thanked !== undefined) thanked.energy += energy.thanks;
}
