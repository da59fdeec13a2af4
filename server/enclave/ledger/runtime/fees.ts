/**
 * What transactions cost. Of a fee (`pallet-transaction-payment`) one part is for every transaction the same, one is for its
 * length, and one for its work, times a multiplier that rises while blocks are full. The first two and the work are fixed by the
 * pinned runtime; the multiplier stands in the state.
 */
import { demand } from "../proof/errors.ts";
import { ScaleReader } from "../proof/scale.ts";

/** A multiplier of one. */
export const feeMultiplierOne = 10n ** 18n;

/** @param value proven; undefined: the runtime has not set it yet, which means one. @throws ProofError "fee-malformed". */
export function decodeFeeMultiplier(value: Uint8Array | undefined): bigint {
  if (value === undefined) return feeMultiplierOne;
  demand(value.length === 16, "fee-malformed");
  return new ScaleReader(value, "fee-malformed").integer(16);
}
