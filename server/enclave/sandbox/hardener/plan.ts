/** What is added to a module, and under which indices. Everything added comes last, so that no index of it changes. */
import { settle, type Charges } from "./call-graph.ts";
import type { OwnGlobals } from "./checks.ts";
import { demand } from "./errors.ts";
import { measureFrames } from "./frames.ts";
import { frameMax, joinBase, joinsMax, joinsOfModuleMax } from "./limits.ts";
import type { Module } from "./module.ts";
import { summarise, usesVectors, type Summary } from "./summary.ts";
import { types, type FunctionType, type ValueType } from "./types.ts";

export interface Plan {
  readonly module: Module;
  readonly charges: Charges;
  /** Most that one check charges. */
  readonly chargeMax: number;
  /** By own function: whether it holds the fuel in a local. */
  readonly holdsFuel: readonly boolean[];
  readonly globals: OwnGlobals;
  /** Functions of `helpers.ts`. */
  readonly helpers: { readonly payForBytes: number; readonly growMemory: number; readonly refuel: number };
  /** The type of all helpers: one i32 in, one i32 out. */
  readonly helperType: number;
  /** The most pages the memory may ever have. */
  readonly pagesMax: number;
  /** Types that are added: that of the helpers, then those of the blocks around functions with several results. */
  readonly addedTypes: readonly FunctionType[];
  /** By results, as `nameOfResults` writes them: the index of the type of a block that leaves these. */
  readonly blockTypes: ReadonlyMap<string, number>;
}

export interface PlanOptions {
  readonly pagesMax: number;
  readonly chargeMax: number;
  readonly keptMax: number;
  readonly fuelInLocals: boolean;
}

/** @throws HardenError "frame-too-large", "function-too-large" or "module-too-large". */
export function planFor(module: Module, { pagesMax, chargeMax, keptMax, fuelInLocals }: PlanOptions): Plan {
  const summaries = module.bodies.map((_, index) => summarise(module, index));
  const imported = module.imports.length;
  const frames = measureFrames(summaries, { imported, vectors: usesVectors(module), keptMax });
  frames.forEach((units, index) => {
    demand(units <= frameMax, "frame-too-large", `function ${imported + index}: ${units} units, at most ${frameMax}`);
  });
  limitJoins(summaries, imported);
  const functions = imported + module.functions.length;
  const globals = module.globals.length;
  const charges = settle(module, summaries, frames);
  const holdsFuel = summaries.map(({ loops }) => fuelInLocals && loops);
  const wrapped = typesOfBlocks(module, charges, holdsFuel);
  return {
    module,
    charges,
    chargeMax,
    holdsFuel,
    globals: { fuel: globals, depth: globals + 1, pages: globals + 2 },
    helpers: { payForBytes: functions, growMemory: functions + 1, refuel: functions + 2 },
    helperType: module.types.length,
    pagesMax: Math.min(pagesMax, module.memory.max ?? pagesMax),
    addedTypes: [{ parameters: [types.i32], results: [types.i32] }, ...wrapped.values()],
    blockTypes: new Map([...wrapped.keys()].map((name, i) => [name, module.types.length + 1 + i])),
  };
}

function limitJoins(summaries: readonly Summary[], imported: number): void {
  let all = 0;
  for (const [index, { joins, locals, operands }] of summaries.entries()) {
    const work = joins * (joinBase + locals + operands);
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

/** 5.4.1: a block that leaves several values names a type. Each once, in the order of the functions that need it. */
function typesOfBlocks(
  module: Module,
  { checkedUnits }: Charges,
  holdsFuel: readonly boolean[],
): ReadonlyMap<string, FunctionType> {
  const needed = new Map<string, FunctionType>();
  module.functions.forEach((type, index) => {
    const { results } = module.types[type]!;
    if ((checkedUnits[index]! === 0 && !holdsFuel[index]!) || results.length < 2) return;
    needed.set(nameOfResults(results), { parameters: [], results });
  });
  return needed;
}

export const nameOfResults = (results: readonly ValueType[]): string => results.join();
