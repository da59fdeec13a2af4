/** What calls of the specification's tests do, plain and hardened, and whether it is what was wanted. */
import { depthMax } from "#enclave/sandbox/hardener/harden.ts";
import type { List } from "./wast.ts";

export type Value = number | bigint | null;

const fuel = 100_000_000;

/** Values, or why there are none. */
export type Outcome = readonly unknown[] | string;

export function callPlain(exports: WebAssembly.Exports, name: string, args: readonly Value[]): Outcome {
  try {
    const result = (exports[name] as (...args: Value[]) => unknown)(...args);
    return result === undefined ? [] : Array.isArray(result) ? result : [result];
  } catch (error) {
    if (error instanceof RangeError) return "stack";
    if (error instanceof WebAssembly.RuntimeError) return error.message;
    throw error;
  }
}

export function callHardened(exports: WebAssembly.Exports, name: string, args: readonly Value[]): Outcome {
  const budget = {
    fuel: exports["phatroom_fuel"] as WebAssembly.Global<"i32">,
    depth: exports["phatroom_depth"] as WebAssembly.Global<"i32">,
  };
  budget.fuel.value = fuel;
  budget.depth.value = depthMax;
  const outcome = callPlain(exports, name, args);
  if (typeof outcome !== "string") return outcome;
  return budget.fuel.value < 0 ? "fuel" : budget.depth.value < 0 ? "depth" : outcome;
}

/** Whether an assertion is about the bits of a NaN. */
export const saysNaN = (action: List, wanted: readonly unknown[]): boolean =>
  action.text.includes("nan") || wanted.some((value) => isNaNPattern(value));

function isNaNPattern(value: unknown): boolean {
  if (typeof value === "bigint") return (BigInt.asUintN(64, value) & nonSign64) > infinity64;
  return typeof value === "number" && (value & 0x7fffffff) > 0x7f800000;
}

const nonSign64 = 0x7fffffffffffffffn;
const infinity64 = 0x7ff0000000000000n;

/** The bits of the canonical NaN, or a value whose sign came from it. */
export const isOfCanonicalNaN = (outcome: Outcome, [wanted]: readonly unknown[]): boolean =>
  typeof outcome !== "string" &&
  (outcome[0] === 0x7fc00000 ||
    outcome[0] === 0x7ff8000000000000n ||
    Object.is(outcome[0], typeof wanted === "number" ? Math.abs(wanted) : undefined));

export const globalOf = (exports: WebAssembly.Exports, name: string): Outcome => [
  (exports[name] as WebAssembly.Global<"i32">).value,
];

export const same = (outcome: Outcome, wanted: readonly unknown[]): boolean =>
  typeof outcome !== "string" &&
  outcome.length === wanted.length &&
  outcome.every((value, i) => Object.is(value, wanted[i]));

export const show = (outcome: Outcome): string =>
  typeof outcome === "string" ? outcome : outcome.map(String).join(" ");
