/**
 * Which calls of an extrinsic were executed, and as whom. The only witness are the events, and they are read from the
 * last to the first: a batch says how it ended behind everything that its calls said, and calls that failed said
 * nothing, for their events were rolled back. So each end tells what to look for in front of it.
 *
 * Calls that dispatch others in ways that are not read here (sudo, derivative accounts, contracts, XCM, whatever a
 * runtime may yet invent) say the same words. What they say is left over or stands where something else should, because
 * no dispatched call ends with "ItemCompleted": then nothing in that extrinsic counts.
 */
import type { AccountId } from "../account.ts";
import { RmrkError } from "../errors.ts";
import { callDepthMax } from "../limits.ts";
import type { Call, Extrinsic } from "./call.ts";
import { multisigAccount } from "./multisig.ts";
import { Witness } from "./witness.ts";

export interface ExecutedCall {
  readonly call: Call;
  readonly origin: AccountId;
}

/**
 * Executed calls that hold no others, in the order in which they were executed.
 *
 * @throws RmrkError "calls-too-deep" for what no runtime decodes.
 */
export function executedCalls({ signer, call, events, itemEvents }: Extrinsic): readonly ExecutedCall[] {
  if (signer === undefined) return [];
  const witness = new Witness(events);
  if (!witness.succeeded) return [];
  if (!itemEvents) return withoutItemEvents(call, signer, witness);
  const executed: ExecutedCall[] = [];
  visit(call, signer, witness, 0, executed);
  return witness.exhausted ? executed.reverse() : [];
}

/** Adds executed calls, the last one first. The call itself is known to have succeeded. */
function visit(call: Call, origin: AccountId, witness: Witness, depth: number, executed: ExecutedCall[]): void {
  if (depth > callDepthMax) throw new RmrkError("calls-too-deep");
  const into = (inner: unknown, as: AccountId): void => {
    if (isCall(inner)) visit(inner, as, witness, depth + 1, executed);
  };
  const { section, method, args } = call;
  switch (`${section}.${method}`) {
    case "utility.batch":
    case "utility.batchAll":
    case "utility.forceBatch":
      for (const item of executedItems(call, witness)) into(item, origin);
      return;
    case "proxy.proxy":
    case "proxy.proxyAnnounced": {
      // The chain knows that the caller may act for `real`; otherwise it would have failed. A proxy without an end is none.
      const { real, call: inner } = args;
      if (witness.demand("proxy", "ProxyExecuted")?.data["ok"] === true && isText(real)) into(inner, real);
      return;
    }
    case "multisig.asMulti": {
      // Anybody may propose what a multisig should do. It counts once it was done, by the last who approves.
      const group = groupOf(call, origin);
      if (witness.takeMultisig(group)?.data["ok"] === true) into(args["call"], group);
      return;
    }
    case "multisig.asMultiThreshold1": {
      const group = groupOf(call, origin);
      // Newer runtimes say so; in older ones its success is the call's own.
      if (witness.takeMultisig(group)?.data["ok"] !== false) into(args["call"], group);
      return;
    }
    default:
      executed.push({ call, origin });
  }
}

/** The calls of a batch that succeeded, the last one first. Each is visited before the next one is asked for. */
function* executedItems(call: Call, witness: Witness): Generator<unknown> {
  const calls = callsOf(call);
  const end = witness.demandEnd();
  const count = end?.method === "BatchInterrupted" ? Math.min(Number(end.data["index"]), calls.length) : calls.length;
  const mixed = end?.method === "BatchCompletedWithErrors";
  for (let index = count - 1; index >= 0; index--) {
    if (mixed && witness.take("utility", "ItemFailed") !== undefined) continue;
    if (witness.demand("utility", "ItemCompleted") === undefined) return;
    yield calls[index];
  }
}

/**
 * Runtimes before 2022 say only how a batch ended. That is enough for a batch of calls that hold no others, as the
 * outermost end is the last; anything more could be read in two ways, and does not count.
 */
function withoutItemEvents(call: Call, origin: AccountId, witness: Witness): readonly ExecutedCall[] {
  if (!dispatches(call)) return [{ call, origin }];
  const calls = callsOf(call);
  if (call.section !== "utility" || !calls.every((item) => isCall(item) && !dispatches(item))) return [];
  const end = witness.demandEnd();
  if (end === undefined || end.method === "BatchCompletedWithErrors") return [];
  const count = end.method === "BatchInterrupted" ? Number(end.data["index"]) : calls.length;
  return calls.slice(0, count).map((item) => ({ call: item as Call, origin }));
}

const dispatches = ({ section, method }: Call): boolean =>
  (section === "utility" && /batch/i.test(method)) || section === "proxy" || section === "multisig";

const callsOf = ({ args }: Call): readonly unknown[] => (Array.isArray(args["calls"]) ? args["calls"] : []);

function groupOf({ args }: Call, origin: AccountId): AccountId {
  const others = Array.isArray(args["otherSignatories"]) ? args["otherSignatories"].filter(isText) : [];
  const threshold = typeof args["threshold"] === "number" ? args["threshold"] : 1;
  return multisigAccount([...others, origin], threshold);
}

const isCall = (value: unknown): value is Call => typeof value === "object" && value !== null && "method" in value;
/** Accounts are checked by whoever decoded the call. */
const isText = (value: unknown): value is AccountId => typeof value === "string";
