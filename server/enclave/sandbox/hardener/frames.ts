/**
 * How much of the machine's stack a call of each function takes at most, in units of 8 bytes.
 *
 * A baseline compiler keeps a place for every parameter, local and operand. An optimizing one keeps what it would have
 * to compute again: at worst, a value for every few instructions, of the function and of what it inlines. Both were
 * measured in V8 against functions made for it (tests/enclave/sandbox/hardener/depth.test.ts).
 */
import {
  frameBase,
  inlinedBytesPerUnit,
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
  const inlined = measureInlined(summaries, imported);
  return Int32Array.from(summaries, ({ locals, operands, instructions }, index) => {
    const kept = Math.ceil(instructions / instructionsPerUnit) + Math.ceil(inlined[index]! / inlinedBytesPerUnit);
    return frameBase + locals + width * operands + Math.min(width * kept, keptMax);
  });
}

/** By own function: bytes of other functions, and of those within them, that a compiler may put into it. */
function measureInlined(summaries: readonly Summary[], imported: number): Int32Array {
  let inlined = new Int32Array(summaries.length);
  for (let nesting = 0; nesting < inlinedNestingMax; nesting++) {
    const inner = inlined;
    inlined = Int32Array.from(summaries, ({ length, callees }) => {
      const most = inlinedMax(length);
      let sum = 0;
      for (const callee of callees) {
        const own = callee - imported;
        if (own < 0 || summaries[own]!.length > inlinedLengthMax) continue;
        sum += summaries[own]!.length + inner[own]!;
        if (sum >= most) return most;
      }
      return sum;
    });
  }
  return inlined;
}

const inlinedMax = (length: number): number =>
  Math.min(inlinedGrowthMax * length, Math.max(inlinedTotalMax - length, Math.ceil(length / 10)));
