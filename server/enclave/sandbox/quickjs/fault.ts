/** Why a call ended early, for the contract's author; or that it was the machine, which is no fault of anybody inside. */
import { NonsenseError } from "../answer.ts";
import { MachineError } from "../machine.ts";
import type { Host } from "./host.ts";

/** The contract threw. `message` may hold what it computed with. */
export class GuestError extends Error {}

/**
 * A sentence for the author, with a stack if there is one.
 *
 * @param host in which it happened; undefined if there was none.
 * @throws MachineError if the machine gave out: then there is nothing to say to an author.
 */
export function faultSentence(error: unknown, host: Host | undefined): string {
  if (error instanceof MachineError) throw error;
  // V8's own stack ended, which the depth that is counted prevents unless the caller itself stood deep in it.
  if (error instanceof RangeError && error.message.includes("call stack")) throw new MachineError(error.message);
  if (error instanceof GuestError) return withAdvice(error.message, host);
  if (error instanceof NonsenseError) return error.message;
  if (error instanceof WebAssembly.RuntimeError && host !== undefined) return trapSentence(error, host);
  // Bytes that are no msgpack, a manifest that is none.
  return error instanceof Error ? `${error.name}: ${error.message}` : "something that is not an error";
}

function trapSentence(trap: Error, { exports, fuelMax, pages, pagesMax }: Host): string {
  if (exports.phatroom_pages.value < 0) throw new MachineError(`no memory beyond ${pages} pages for this instance`);
  if (exports.phatroom_fuel.value < 0) {
    return `out of fuel: this call costs more than the ${fuelMax.toLocaleString("en")} it may. Raise \`fuel\` or do less.`;
  }
  if (exports.phatroom_depth.value < 0) {
    return "calls are nested too deeply: recursion without end, or a structure that is too deep. Nest less.";
  }
  return `the engine gave up (${trap.message}) with ${pages} of ${pagesMax} pages of memory in use`;
}

function withAdvice(message: string, host: Host | undefined): string {
  if (host === undefined || !message.startsWith("InternalError: out of memory")) return message;
  const advice = `the room may have ${host.pagesMax} pages of 64 KiB: raise \`memoryPages\` or keep less`;
  return message.replace("out of memory", `out of memory: ${advice}`);
}
