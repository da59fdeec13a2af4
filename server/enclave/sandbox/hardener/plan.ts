/** What is added to a module, and under which indices. Everything added comes last, so that no index of it changes. */
import { settle, type Charges } from "./call-graph.ts";
import type { OwnGlobals } from "./checks.ts";
import { demand } from "./errors.ts";
import { measureFrames } from "./frames.ts";
import { frameMax, joinsMax, joinsOfModuleMax } from "./limits.ts";
import type { Module } from "./module.ts";
import { summarise, usesVectors, type Summary } from "./summary.ts";
import { types, type FunctionType } from "./types.ts";

export interface Plan {
  readonly module: Module;
  readonly charges: Charges;
  /** Most that one check charges. */
  readonly chargeMax: number;
  readonly globals: OwnGlobals;
  /** Functions of `helpers.ts`. */
  readonly helpers: { readonly payForBytes: number; readonly growMemory: number };
  /** The type of both helpers: one i32 in, one i32 out. */
  readonly helperType: number;
  /** The most pages the memory may ever have. */
  readonly pagesMax: number;
  /** Types that are added; `blockTypes` says which of them a body uses. */
  readonly addedTypes: FunctionType[];
  /** By the results of a function, the index of a type without parameters and with these results. */
  readonly blockTypes: Map<string, number>;
}

export interface PlanOptions {
  readonly pagesMax: number;
  readonly chargeMax: number;
  readonly keptMax: number;
}

/** @throws HardenError "frame-too-large", "function-too-large" or "module-too-large". */
export function planFor(module: Module, { pagesMax, chargeMax, keptMax }: PlanOptions): Plan {
  const summaries = module.bodies.map((_, index) => summarise(module, index));
  const imported = module.imports.length;
  const frames = measureFrames(summaries, { imported, vectors: usesVectors(module), keptMax });
  frames.forEach((units, index) => {
    demand(units <= frameMax, "frame-too-large", `function ${imported + index}: ${units} units, at most ${frameMax}`);
  });
  limitJoins(summaries, imported);
  const functions = imported + module.functions.length;
  const globals = module.globals.length;
  return {
    module,
    charges: settle(module, summaries, frames),
    chargeMax,
    globals: { fuel: globals, depth: globals + 1, pages: globals + 2 },
    helpers: { payForBytes: functions, growMemory: functions + 1 },
    helperType: module.types.length,
    pagesMax: Math.min(pagesMax, module.memory.max ?? pagesMax),
    addedTypes: [{ parameters: [types.i32], results: [types.i32] }],
    blockTypes: new Map(),
  };
}

function limitJoins(summaries: readonly Summary[], imported: number): void {
  let all = 0;
  for (const [index, { joins, locals, operands }] of summaries.entries()) {
    const work = joins * (locals + operands);
    const what = `function ${imported + index}: ${joins} blocks and branches with ${locals + operands} values`;
    demand(work <= joinsMax, "function-too-large", `${what}, at most ${joinsMax} together`);
    all += work;
  }
  demand(
    all <= joinsOfModuleMax,
    "module-too-large",
    `${all} values at blocks and branches, at most ${joinsOfModuleMax}`,
  );
}

/** The index of a block's type that leaves these results, of which there are several. Added when it is first asked for. */
export function blockTypeFor(plan: Plan, type: FunctionType): number {
  const name = type.results.join();
  const known = plan.blockTypes.get(name);
  if (known !== undefined) return known;
  const index = plan.module.types.length + plan.addedTypes.length;
  plan.addedTypes.push({ parameters: [], results: type.results });
  plan.blockTypes.set(name, index);
  return index;
}
