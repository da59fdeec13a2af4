/** Spirits: a soul for everybody, once, that cannot be given away. */
import { isOpen } from "./clock.ts";
import { accountOf, type Account, type Loop, type Purpose } from "./loop.ts";
import { spiritBalance } from "./numbers.ts";
import type { Refusal } from "./refusals.ts";

/** With something in the purse, which stays there. */
export function claimSpirit(loop: Loop, player: string, era: number): Account | Refusal {
  const account = accountOf(loop, player);
  if (!isOpen("spirits", era)) return "SpiritClaimNotAvailable";
  if (account.pha < spiritBalance) return "BelowMinimumBalanceThreshold";
  return giveSpirit(account);
}

/** With a ticket instead of a purse. */
export function redeemSpirit(loop: Loop, player: string, era: number): Account | Refusal {
  const account = accountOf(loop, player);
  if (!isOpen("spirits", era)) return "SpiritClaimNotAvailable";
  if (account.spirit) return "SpiritAlreadyClaimed";
  if (!useTicket(account, "spirit", era)) return "InvalidSpiritClaim";
  return giveSpirit(account);
}

function giveSpirit(account: Account): Account | Refusal {
  if (account.spirit) return "SpiritAlreadyClaimed";
  account.spirit = true;
  return account;
}

/** A ticket is somebody's own, for one purpose, until the end of an era, and for this world alone. */
export function giveTicket(loop: Loop, player: string, purpose: Purpose, untilEra: number): void {
  accountOf(loop, player).tickets[purpose] = untilEra;
}

/** Whether there was one that is still good; it is used up then. */
export function useTicket(account: Account, purpose: Purpose, era: number): boolean {
  const until = account.tickets[purpose];
  if (until === undefined || era > until) return false;
  delete account.tickets[purpose];
  return true;
}

export const hasTicket = (account: Account, purpose: Purpose, era: number): boolean =>
  era <= (account.tickets[purpose] ?? -1);
