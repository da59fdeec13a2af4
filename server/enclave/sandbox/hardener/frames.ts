/**
 * How much of the machine's stack a call of each function takes at most, in units of 8 bytes.
 *
 * A baseline compiler keeps a place for every parameter, local and operand. An optimizing one keeps what it would have
 * to compute again: at worst, a value for every few instructions, of the function and of what it inlines. Both were
 * measured in V8 against functions made for it (tests/enclave/sandbox/hardener/depth.test.ts).
 */
import {
  frameBase,
  inlinedGrowthMax,
  inlinedLengthMax,
  inlinedNestingMax,
  inlinedTotalMax,
  instructionsPerUnit,
} from "./costs.ts";
import type { Summary } from "./summary.ts";

interface Options {
  readonly imported: number;
  /** Whether any value may be a vector, which takes two units. */
  readonly vectors: boolean;
  /** Most that counts for what an optimizing compiler keeps. */
  readonly keptMax: number;
}

/** By own function. */
export function measureFrames(summaries: readonly Summary[], { imported, vectors, keptMax }: Options): Int32Array {
  const width = vectors ? 2 : 1;
  const expanded = expand(summaries, imported);
  return Int32Array.from(summaries, ({ locals, operands }, index) => {
    const kept = width * Math.ceil(expanded[index]! / instructionsPerUnit);
    return frameBase + locals + width * operands + Math.min(kept, keptMax);
  });
}

/** By own function: its instructions and those it may inline, of functions within functions. */
function expand(summaries: readonly Summary[], imported: number): Int32Array {
  const limits = summaries.map(({ length }) => Math.min(inlinedGrowthMax * length, inlinedTotalMax));
  const small = summaries.map(({ length }) => length <= inlinedLengthMax);
  let expanded = Int32Array.from(summaries, ({ instructions }) => instructions);
  for (let nesting = 0; nesting < inlinedNestingMax; nesting++) {
    const inner = expanded;
    expanded = Int32Array.from(summaries, ({ instructions, callees }, index) => {
      let inlined = 0;
      for (const callee of callees) {
        const own = callee - imported;
        if (own >= 0 && small[own]!) inlined += inner[own]!;
        if (inlined >= limits[index]!) return instructions + limits[index]!;
      }
      return instructions + inlined;
    });
  }
  return expanded;
}
