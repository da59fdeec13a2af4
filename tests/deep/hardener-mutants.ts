/** Broken modules: each is refused with a code, or is valid and does what plain V8 does with it. */
import { HardenError, type HardenErrorCode } from "#enclave/sandbox/hardener/errors.ts";
import type { Hardened } from "#enclave/sandbox/hardener/harden.ts";
import { instructionsOf } from "../support/wasm/counting.ts";
import { mutated } from "../support/wasm/mutate.ts";
import { difference, observeHardened, observePlain, type PlannedCall } from "../support/wasm/observe.ts";
import { randomModule } from "../support/wasm/random-module.ts";
import { SeededNumbers } from "./deep.ts";
import { randomArgument } from "../support/wasm/random-values.ts";
import { hardenRandom } from "./hardener-differential.ts";

export class MutantFigures {
  /** By code. */
  readonly refused = new Map<HardenErrorCode, number>();
  accepted = 0;
  run = 0;

  get figures(): { readonly [name: string]: number | string } {
    const refused = [...this.refused].sort(([, a], [, b]) => b - a).map(([code, count]) => `${code} ${count}`);
    return { mutantsRefused: refused.join(", "), mutantsAccepted: this.accepted, mutantsRun: this.run };
  }
}

const pagesMax = 6;
const budget = { fuel: 50_000, depth: 20_000 };

/** @throws Error saying what one of them did. */
export function tryMutants(seed: number, count: number, figures: MutantFigures): void {
  const numbers = new SeededNumbers(seed ^ 0x0bad);
  const module = randomModule(seed, { pagesMax, features: { floats: false, vectors: false } });
  const other = donor(seed % 16);
  for (let i = 0; i < count; i++) {
    const mutant = mutated(numbers, module.bytes, other);
    const hardened = hardenMutant(mutant);
    if (typeof hardened === "string") {
      figures.refused.set(hardened, (figures.refused.get(hardened) ?? 0) + 1);
      continue;
    }
    figures.accepted += 1;
    if (!WebAssembly.validate(mutant as Uint8Array<ArrayBuffer>)) throw new Error("accepted what is not valid");
    if (!WebAssembly.validate(hardened.bytes as Uint8Array<ArrayBuffer>)) throw new Error("made what is not valid");
    if (runMutant(mutant, hardened, callsOf(numbers, mutant))) figures.run += 1;
  }
}

const donors = new Map<number, Uint8Array>();

/** Parts of it are put into others. */
function donor(seed: number): Uint8Array {
  let module = donors.get(seed);
  if (module === undefined) {
    module = randomModule(seed, { pagesMax }).bytes;
    donors.set(seed, module);
  }
  return module;
}

/** Returns the code of the refusal otherwise. */
function hardenMutant(mutant: Uint8Array): Hardened | HardenErrorCode {
  try {
    return hardenRandom(mutant);
  } catch (error) {
    if (!(error instanceof HardenError) || error.code === "internal") throw error;
    return error.code;
  }
}

/** Whatever it exports, with arguments that may not fit. */
function callsOf(numbers: SeededNumbers, mutant: Uint8Array): PlannedCall[] {
  return WebAssembly.Module.exports(new WebAssembly.Module(mutant as Uint8Array<ArrayBuffer>))
    .filter(({ kind }) => kind === "function")
    .slice(0, 6)
    .map(({ name }) => ({
      name,
      args: [randomArgument(numbers, "i32"), randomArgument(numbers, numbers.pick(["i32", "i64"])), 7],
    }));
}

/** Returns whether there was something to compare. */
function runMutant(mutant: Uint8Array, hardened: Hardened, calls: readonly PlannedCall[]): boolean {
  const seen = observeHardened(hardened, calls, budget);
  if (seen.stillborn !== undefined || seen.outcomes.some(({ overrun }) => overrun !== undefined)) return false;
  // Plain, NaNs have bits of their own, and memory has another end.
  if (instructionsOf(mutant).some(({ opcode }) => isFloat(opcode) || opcode === memoryGrow)) return false;
  const different = difference(observePlain(mutant, calls, 0), { ...seen, globals: [] });
  if (different !== undefined) throw new Error(`a mutant differs: ${different}`);
  return true;
}

const memoryGrow = 0x40;

/** Vectors count as floats. */
const isFloat = (opcode: number): boolean =>
  opcode === 0xfd ||
  [0x2a, 0x2b, 0x38, 0x39, 0x43, 0x44].includes(opcode) ||
  (opcode >= 0x5b && opcode <= 0x66) ||
  (opcode >= 0x8b && opcode <= 0xbf && ![0xa7, 0xac, 0xad].includes(opcode));
