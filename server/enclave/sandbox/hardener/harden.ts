/**
 * Rewrites a WebAssembly module so that it cannot overrun its budget of work, stack and memory, computes the same bits
 * on every machine, and has no state that the host cannot read.
 *
 * Follows the WebAssembly core specification 3.0; sections are cited by number. The same bytes and options give the same
 * bytes, everywhere.
 */
import { accept } from "./accept.ts";
import { addedExports, assemble, globalName } from "./assemble.ts";
import { demand } from "./errors.ts";
import { moduleLengthMax, pagesAddressable } from "./limits.ts";
import { readModule } from "./module.ts";
import { planFor } from "./plan.ts";
import { types } from "./types.ts";

export { HardenError } from "./errors.ts";
export { depthMax } from "./initial.ts";

/** Other numbers, checks or names: another version, and with it other contract hashes. */
export const hardenerVersion = "phatroom hardener 2";

export interface HardenOptions {
  /** "module.name" of the functions it may import. Nothing else can be imported. */
  readonly imports: ReadonlySet<string>;
  /** The most pages of 64 KiB its memory may ever have. */
  readonly pagesMax: number;
  /**
   * Most fuel that one check charges. Only for an interpreter of ours, whose loop holds the code of every instruction of
   * its language: work is then no longer bounded by fuel alone, but by fuel times its largest region.
   */
  readonly chargeMax?: number;
  /**
   * Most units of stack that a frame counts for what compilers keep beside parameters, locals and operands. Only for an
   * interpreter of ours, in whose largest functions that was measured.
   */
  readonly keptMax?: number;
  /**
   * Whether functions with loops hold the fuel in a local while they call nobody: half as dear for an interpreter. Only for
   * one of ours: after a trap that is not for want of fuel or depth, the fuel is what it was at the function's last call.
   */
  readonly fuelInLocals?: boolean;
}

export interface Hardened {
  readonly bytes: Uint8Array;
  /** Every mutable global of the module: with its memory, all that it can remember. Exported under these names. */
  readonly globals: readonly HardenedGlobal[];
}

export interface HardenedGlobal {
  readonly name: string;
  readonly type: "i32" | "i64" | "f32" | "f64";
}

const typeNames = new Map<number, HardenedGlobal["type"]>([
  [types.i32, "i32"],
  [types.i64, "i64"],
  [types.f32, "f32"],
  [types.f64, "f64"],
]);

/** @throws HardenError with a code and what in the module is the reason. */
export function harden(module: Uint8Array, options: HardenOptions): Hardened {
  demand(module.length <= moduleLengthMax, "module-too-large", `${module.length} bytes, at most ${moduleLengthMax}`);
  // Nothing may change the bytes between the check and the reading. The check comes first: an index of our own globals
  // and functions, which are not there yet, is an error in the module then.
  const input = module.slice();
  demand(WebAssembly.validate(input), "module-invalid", `${input.length} bytes`);
  const read = readModule(input);
  accept(read, options);
  const plan = planFor(read, {
    pagesMax: Math.min(options.pagesMax, pagesAddressable),
    chargeMax: options.chargeMax ?? Infinity,
    keptMax: options.keptMax ?? Infinity,
    fuelInLocals: options.fuelInLocals ?? false,
  });
  const mutable = read.globals.flatMap((global, index) => (global.mutable ? [{ ...global, index }] : []));
  const exports = addedExports(
    plan,
    mutable.map(({ index }) => index),
  );
  const bytes = assemble(plan, exports);
  demand(WebAssembly.validate(bytes as Uint8Array<ArrayBuffer>), "internal", "the hardened module is not valid");
  return {
    bytes,
    globals: mutable.map(({ index, type }) => ({ name: globalName(index), type: typeNames.get(type)! })),
  };
}
