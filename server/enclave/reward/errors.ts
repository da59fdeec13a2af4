/** Why a voucher is no voucher, and why an item is not issued. Programs read the code; a player may be shown the sentence. */
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
export const waitingReasons = {
  "collection-unknown": "The collection of this item is not on the chain yet.",
  "not-issuer": "This collection is issued by somebody else.",
  "collection-locked": "Nothing more is issued in this collection.",
  "collection-full": "All items that this collection may ever have were issued.",
} as const;

export type WaitingReason = keyof typeof waitingReasons;
