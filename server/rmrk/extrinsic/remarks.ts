/** From an extrinsic to the remarks that count: who said what, and what was paid beside it. */
import { isAccountId, type AccountId } from "../account.ts";
import { isRmrk } from "../codec/fields.ts";
import type { Remark, Transfer } from "../remark.ts";
import type { Extrinsic } from "./call.ts";
import { executedCalls, type ExecutedCall } from "./executed.ts";

const remarkMethods = new Set(["remark", "remarkWithEvent"]);
const transferMethods = new Set(["transfer", "transferAllowDeath", "transferKeepAlive"]);

/**
 * RMRK remarks of an extrinsic, in the order in which they were executed.
 *
 * @throws RmrkError "calls-too-deep" for what no runtime decodes.
 */
export function remarksOf(extrinsic: Extrinsic): readonly Remark[] {
  const executed = executedCalls(extrinsic);
  const remarks = executed.filter(isRmrkCall);
  if (remarks.length === 0) return [];
  const transfers = executed.flatMap(transferOf);
  return remarks.map(({ call, origin }) => ({
    block: extrinsic.block,
    extrinsic: extrinsic.index,
    caller: origin,
    bytes: call.args["remark"] as Uint8Array,
    transfers,
  }));
}

function isRmrkCall({ call: { section, method, args } }: ExecutedCall): boolean {
  if (section !== "system" || !remarkMethods.has(method)) return false;
  return args["remark"] instanceof Uint8Array && isRmrk(args["remark"]);
}

function transferOf({ call: { section, method, args }, origin }: ExecutedCall): readonly Transfer[] {
  if (section !== "balances" || !transferMethods.has(method)) return [];
  const { dest, value } = args;
  if (!isAccount(dest) || typeof value !== "bigint") return [];
  return [{ from: origin, to: dest, amount: value }];
}

const isAccount = (value: unknown): value is AccountId => typeof value === "string" && isAccountId(value);
