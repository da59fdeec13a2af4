/** What an engine takes from the machine it runs on. All else is computation, so that engines run in browsers as well. */
import type { EqualRange } from "./pages.ts";

export interface Machine {
  /** SHA-256 over the parts, one after the other. 32 bytes. */
  sha256(...parts: readonly Uint8Array[]): Uint8Array;
  compress(bytes: Uint8Array): Uint8Array;
  /** @throws whatever it likes if the bytes are damaged or unpack to more than `lengthMax`. */
  decompress(bytes: Uint8Array, lengthMax: number): Uint8Array;
  /** Compares two memories, faster than a loop does. */
  comparing?(one: Uint8Array, other: Uint8Array): EqualRange;
  /** Reads a source map, version 3, for stacks that point into authors' files. Development only. */
  sourceMap?(json: string): PlaceOf;
}

/** `file:line:column` of where a place in a bundle came from. Lines and columns are counted from 1. */
export type PlaceOf = (line: number, column: number) => string | undefined;

/**
 * The machine gave out: no memory below the contract's own limit, no room left on the stack of whoever called. It says
 * nothing about the contract: what was asked did not happen, and may go well elsewhere.
 */
export class MachineError extends Error {
  constructor(detail: string) {
    super(detail);
    this.name = "MachineError";
  }
}
