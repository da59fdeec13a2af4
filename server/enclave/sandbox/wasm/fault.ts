/** Why a call ended early, for the contract's author; or that it was the machine, which is no fault of anybody inside. */
import { NonsenseError } from "../answer.ts";
import { MachineError } from "../machine.ts";

/** Longest text read out of a contract's memory. */
const textLengthMax = 4096;

/** The contract gave up by itself: `env.abort`, or a negative answer. */
export class GivenUpError extends Error {}

/** How an instance stood when its call ended. */
export interface Remains {
  /** Below 0: it ran out. */
  readonly fuel: number;
  readonly fuelMax: number;
  /** Below 0: calls were nested too deeply. */
  readonly depth: number;
  readonly pages: number;
  /** Below 0: the machine refused memory that the contract may have. */
  readonly pagesMax: number;
}

/**
 * A sentence for the author. It may depend on the machine, as the text of a trap does; nothing else may.
 *
 * @param error what came out of the instance, or of looking at its answer.
 * @param remains undefined if there was no instance yet.
 * @throws MachineError if the machine gave out: then there is nothing to say to an author.
 */
export function faultSentence(error: unknown, remains: Remains | undefined): string {
  if (error instanceof MachineError) throw error;
  // V8's own stack ended, which the depth that is counted prevents unless the caller itself stood deep in it.
  if (error instanceof RangeError && /call stack/i.test(error.message)) throw new MachineError(error.message);
  if (remains !== undefined && remains.pagesMax < 0) throw new MachineError(`no memory beyond ${remains.pages} pages`);
  if (error instanceof GivenUpError || error instanceof NonsenseError) return error.message;
  if (error instanceof WebAssembly.RuntimeError && remains !== undefined) return trapSentence(error, remains);
  // Bytes that are no msgpack, a manifest that is none.
  return error instanceof Error ? `${error.name}: ${error.message}` : "something that is not an error";
}

function trapSentence(trap: Error, { fuel, fuelMax, depth, pages, pagesMax }: Remains): string {
  if (fuel < 0) {
    return `out of fuel: this call costs more than the ${fuelMax.toLocaleString("en")} it may. Raise \`fuel\` or do less.`;
  }
  if (depth < 0) return "calls are nested too deeply";
  const known = traps.find(([pattern]) => pattern.test(trap.message));
  return `${known?.[1] ?? trap.message}, with ${pages} of ${pagesMax} pages of memory in use`;
}

/** What engines call the traps of the specification (section 4.4: "then trap"). */
const traps: readonly (readonly [RegExp, string])[] = [
  [/unreachable/i, "an instruction that is never to be reached: the contract, or its memory allocator, gave up"],
  [/memory.*out of bounds|out of bounds.*memory/i, "an address outside the contract's memory"],
  [
    /\btable\b|null function|signature|indirect call|call_indirect|uninitialized element/i,
    "a call of a function that is not in the table, or of another type",
  ],
  [/(divi|remainder|modulo).*by zero/i, "a division by zero"],
  [/divide result|overflow/i, "a division whose result is too large"],
  [/unrepresentable|invalid conversion|trunc/i, "a number that does not fit the integer it is made into"],
];

/** Text of UTF-8 in a contract's memory, cut at a length; nothing if it is not in the memory. */
export function textAt(memory: Uint8Array, at: number, length: number): string {
  const start = at >>> 0;
  const bytes = length >>> 0;
  if (start + bytes > memory.length) return "";
  return new TextDecoder().decode(memory.slice(start, start + Math.min(bytes, textLengthMax)));
}

/**
 * What AssemblyScript says with `env.abort(message, file, line, column)`. Its strings are UTF-16 behind their length in
 * bytes; 0 is none.
 */
export function abortSentence(memory: Uint8Array, message: number, file: number, line: number, column: number): string {
  const place = assemblyText(memory, file);
  const where = place === "" ? "" : `\n    at ${place}:${line >>> 0}:${column >>> 0}`;
  return `${assemblyText(memory, message) || "the contract gave up"}${where}`;
}

function assemblyText(memory: Uint8Array, address: number): string {
  const at = address >>> 0;
  if (at < 4 || at > memory.length) return "";
  const view = new DataView(memory.buffer, memory.byteOffset, memory.length);
  const length = view.getUint32(at - 4, true);
  if (at + length > memory.length) return "";
  const units: number[] = [];
  for (let i = at; i + 1 < at + Math.min(length, textLengthMax); i += 2) units.push(view.getUint16(i, true));
  return String.fromCharCode(...units).toWellFormed();
}
