/** Transfers of one extrinsic, each good for one purchase: whoever buys two things pays twice. */
import type { AccountId } from "../account.ts";
import type { Remark } from "../remark.ts";
import type { State } from "./state.ts";

export interface Purse {
  readonly block: number;
  readonly extrinsic: number;
  /** Used up so far, by payer and payee. */
  readonly spent: Map<string, bigint>;
}

/** Opens the purse of this remark's extrinsic, unless it is the one that is open. */
export function openPurse(state: State, { block, extrinsic }: Remark): void {
  const { purse } = state;
  if (purse.block === block && purse.extrinsic === extrinsic) return;
  if (purse.spent.size === 0) state.purse = { block, extrinsic, spent: purse.spent };
  else state.purse = { block, extrinsic, spent: new Map() };
}

const keyOf = (from: AccountId, to: AccountId): string => `${from}${to}`;

/** What the caller paid to this account in the remark's extrinsic and did not use yet. */
export function unspent({ purse }: State, { caller, transfers }: Remark, to: AccountId): bigint {
  let paid = -(purse.spent.get(keyOf(caller, to)) ?? 0n);
  for (const transfer of transfers) if (transfer.from === caller && transfer.to === to) paid += transfer.amount;
  return paid;
}

export function spend({ purse }: State, { caller }: Remark, to: AccountId, amount: bigint): void {
  const key = keyOf(caller, to);
  purse.spent.set(key, (purse.spent.get(key) ?? 0n) + amount);
}
