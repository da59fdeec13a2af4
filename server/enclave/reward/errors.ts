/** Why a voucher is no voucher, and why an item is not issued. Programs read the code; a player may be shown the sentence. */
import type { VoucherReason } from "#protocol/award.ts";

export const rewardErrors = {
  "voucher-malformed": "This is no award: something in it is missing, too long or none of what it should be.",
  "voucher-contradicted": "This was awarded before, as something else. The first award stands.",
  "journal-malformed": "What was kept of earlier awards cannot be read.",
} as const;

export type RewardErrorCode = keyof typeof rewardErrors;

export class RewardError extends Error {
  override readonly name = "RewardError";
  readonly code: RewardErrorCode;

  constructor(code: RewardErrorCode, detail?: string) {
    super(detail === undefined ? code : `${code}: ${detail}`);
    this.code = code;
  }
}

/** Why an item waits although it was earned. It is looked at again with each new block. */
export type WaitingReason = Extract<
  VoucherReason,
  | "collection-unknown"
  | "not-issuer"
  | "collection-locked"
  | "collection-full"
  | "issuer-unfunded"
  | "fee-too-high"
  | "ledger-unfit"
  | "mint-expired"
>;
