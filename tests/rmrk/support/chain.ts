/** Calls and events as whoever follows the chain would decode them. */
import type { AccountId } from "#rmrk/account.ts";
import { encodeRemark, type Interaction } from "#rmrk/codec/interaction.ts";
import type { Call, ChainEvent, Extrinsic } from "#rmrk/extrinsic/call.ts";
import { prefix } from "./people.ts";

export const success: ChainEvent = { section: "system", method: "ExtrinsicSuccess", data: {} };
export const failure: ChainEvent = { section: "system", method: "ExtrinsicFailed", data: {} };
export const itemCompleted: ChainEvent = { section: "utility", method: "ItemCompleted", data: {} };
export const itemFailed: ChainEvent = { section: "utility", method: "ItemFailed", data: {} };
export const completed: ChainEvent = { section: "utility", method: "BatchCompleted", data: {} };
export const completedWithErrors: ChainEvent = { section: "utility", method: "BatchCompletedWithErrors", data: {} };
export const interrupted = (index: number): ChainEvent => ({
  section: "utility",
  method: "BatchInterrupted",
  data: { index },
});

export const extrinsic = (
  signer: AccountId | undefined,
  call: Call,
  events: readonly ChainEvent[],
  itemEvents = true,
): Extrinsic => ({ block: 7, index: 3, signer, call, events, itemEvents });

export const remark = (interaction: Interaction): Call => ({
  section: "system",
  method: "remark",
  args: { remark: encodeRemark(interaction, prefix) },
});

export type BatchMethod = "batch" | "batchAll" | "forceBatch";

/**
 * A batch of which every call succeeded, and what the chain says of it.
 *
 * @param inner what each call said itself.
 */
export function inBatch(
  method: BatchMethod,
  calls: readonly Call[],
  inner: readonly (readonly ChainEvent[])[] = [],
): { readonly call: Call; readonly events: readonly ChainEvent[] } {
  return {
    call: { section: "utility", method, args: { calls } },
    events: [...calls.flatMap((_, index) => [...(inner[index] ?? []), itemCompleted]), completed],
  };
}
