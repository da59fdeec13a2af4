/** Where a contract wants to be spoken to: two windows and the tables in its memory, asked for once and then frozen. */
import { callInputMax, callOutputMax } from "#protocol/limits.ts";
import { NonsenseError } from "../answer.ts";

/** A half-open range of bytes in the contract's memory. */
export interface Window {
  readonly at: number;
  readonly length: number;
}

export interface Windows {
  /** Written before a call, and only then. */
  readonly input: Window;
  /** Read after it. */
  readonly output: Window;
  /** Read by the host between calls; empty if the contract has none. */
  readonly tables: Window;
}

/** Of the eight numbers that `room_windows` points to, the first. */
const abi = 1;

const numbers = 8;

/** Smallest output: an answer with a reason of `reasonLengthMax`, and what an author wants to know of a fault. */
const outputMin = 4096;

/** So that numbers of every width lie aligned in a window that is a table, or that the contract reads as one. */
const alignment = 8;

/**
 * Reads what `room_windows` (docs/room-wasm-v1.md, section 3) answered. Memory never shrinks, so that what lies inside
 * once stays inside.
 *
 * @throws NonsenseError naming what is wrong: an author reads it.
 */
export function readWindows(memory: Uint8Array, address: number): Windows {
  const at = address >>> 0;
  if (at % 4 !== 0 || at + numbers * 4 > memory.length) {
    throw new NonsenseError("room_windows answers with the address of eight numbers of 32 bits in its memory");
  }
  const view = new DataView(memory.buffer, memory.byteOffset + at, numbers * 4);
  const number = (i: number): number => view.getUint32(i * 4, true);
  if (number(0) !== abi || number(numbers - 1) !== 0) {
    throw new NonsenseError("of the numbers behind room_windows the first is 1 and the last is 0");
  }
  const input = { at: number(1), length: number(2) };
  const output = { at: number(3), length: number(4) };
  const tables = { at: number(5), length: number(6) };
  if (input.length < callInputMax) throw new NonsenseError(`the input window has at least ${callInputMax} bytes`);
  if (output.length < outputMin || output.length > callOutputMax) {
    throw new NonsenseError(`the output window has ${outputMin} to ${callOutputMax} bytes`);
  }
  const named = { input, output, tables };
  for (const [name, window] of Object.entries(named)) {
    if (window.at % alignment !== 0) throw new NonsenseError(`${name} does not begin at a multiple of ${alignment}`);
    if (window.at + window.length > memory.length) throw new NonsenseError(`${name} is not inside the memory`);
  }
  if (overlap(input, output) || overlap(input, tables) || overlap(output, tables)) {
    throw new NonsenseError("input, output and tables overlap");
  }
  return named;
}

const overlap = (one: Window, other: Window): boolean =>
  one.at < other.at + other.length && other.at < one.at + one.length;
