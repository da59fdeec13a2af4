/** What the consolidator reads: a remark that counted on chain, who made it, and what was paid beside it. */
import type { AccountId } from "./account.ts";

export interface Remark {
  readonly block: number;
  /** Index of its extrinsic in the block. */
  readonly extrinsic: number;
  readonly caller: AccountId;
  readonly bytes: Uint8Array;
  /** Every transfer that was executed in the same extrinsic, whoever paid. */
  readonly transfers: readonly Transfer[];
}

/** Of the chain's own currency, in its smallest unit. */
export interface Transfer {
  readonly from: AccountId;
  readonly to: AccountId;
  readonly amount: bigint;
}
