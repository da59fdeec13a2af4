/** Calls as bytes, by the pinned description of a runtime. */
import { concatBytes } from "#protocol/bytes.ts";
import { accountBytes, type AccountId } from "#rmrk/account.ts";
import { compact, prefixed } from "../proof/scale.ts";
import { callIndex, type Metadata } from "./metadata.ts";

/** @throws ProofError "metadata-malformed" for a runtime that has none, as all here. */
export const remarkCall = (metadata: Metadata, remark: Uint8Array): Uint8Array =>
  concatBytes(callIndex(metadata, "System", "remark"), prefixed(remark));

/** Of the chain's own currency. The payer's account stays alive. */
export const transferCall = (metadata: Metadata, to: AccountId, amount: bigint): Uint8Array =>
  concatBytes(
    callIndex(metadata, "Balances", "transfer_keep_alive"),
    Uint8Array.of(addressIsAccount),
    accountBytes(to),
    compactAmount(amount),
  );

/** One call as it is, or several that stand or fall together. */
export function batchCall(metadata: Metadata, calls: readonly Uint8Array[]): Uint8Array {
  if (calls.length === 1) return calls[0]!;
  return concatBytes(callIndex(metadata, "Utility", "batch_all"), compact(calls.length), ...calls);
}

const addressIsAccount = 0;

/** A compact number of up to 128 bits. */
function compactAmount(amount: bigint): Uint8Array {
  if (amount < 2n ** 30n) return compact(Number(amount));
  const bytes: number[] = [];
  for (let rest = amount; rest > 0n; rest >>= 8n) bytes.push(Number(rest & 0xffn));
  return Uint8Array.of(((bytes.length - 4) << 2) | 3, ...bytes);
}
