/**
 * Who pays for a function: itself, or its callers.
 *
 * A check costs more than a small function does. So a function that is done after a bounded number of steps, and calls
 * none but such functions, carries no check of fuel: each call to it is charged where the call is. Likewise a function
 * whose calls take a bounded piece of stack carries no check of depth: its callers count it with their own frame.
 *
 * Functions are settled once all that they call are settled (Kahn's order). What is left is on a circle or above one,
 * and carries its own checks.
 */
import { freeFuelMax, importedValueFuel, importFuel, shallowUnitsMax } from "./costs.ts";
import { kinds, type Module } from "./module.ts";
import { op } from "./opcodes.ts";
import { functionType } from "./operands.ts";
import type { Summary } from "./summary.ts";
import type { FunctionType } from "./types.ts";

export interface Charges {
  /** By function, imported ones included: what a call costs the caller beyond the instruction. */
  readonly callFuel: Int32Array;
  /** By type: the same for `call_indirect`, which may reach an imported function. */
  readonly indirectFuel: Int32Array;
  /** By own function: whether it checks fuel when it is entered. */
  readonly checksFuel: Uint8Array;
  /** By own function: units of stack that it checks for when it is entered, or zero. */
  readonly checkedUnits: Int32Array;
}

export function settle(module: Module, summaries: readonly Summary[], frames: Int32Array): Charges {
  const imported = module.imports.length;
  const callFuel = new Int32Array(imported + summaries.length);
  const checksFuel = new Uint8Array(summaries.length).fill(1);
  const checkedUnits = new Int32Array(summaries.length);
  /** By function: stack below its caller's frame that nobody has checked. */
  const uncheckedUnits = new Int32Array(imported + summaries.length);
  for (let index = 0; index < imported; index++) callFuel[index] = fuelOfImport(functionType(module, index));

  const named = namedFunctions(module);
  const entered = enteredFunctions(module);
  for (const own of order(imported, summaries)) {
    const { fuel, straight, callsIndirectly, callees } = summaries[own.index]!;
    const index = imported + own.index;
    const units = callees.reduce((most, callee) => Math.max(most, uncheckedUnits[callee]!), 0) + frames[own.index]!;
    // A function that is called through a table is charged by nobody else.
    const bounded = own.settled && !callsIndirectly && !named.has(index);
    const calm = bounded && callees.every((callee) => callee < imported || checkedUnits[callee - imported] === 0);
    if (!calm || units > shallowUnitsMax) {
      checkedUnits[own.index] = units;
      continue;
    }
    uncheckedUnits[index] = units;
    const total = callees.reduce((sum, callee) => sum + callFuel[callee]!, fuel);
    const free =
      straight &&
      total <= freeFuelMax &&
      !entered.has(index) &&
      callees.every((callee) => callee < imported || checksFuel[callee - imported] === 0);
    if (!free) continue;
    callFuel[index] = total;
    checksFuel[own.index] = 0;
  }
  return { callFuel, indirectFuel: indirectFuel(module, named), checksFuel, checkedUnits };
}

const fuelOfImport = ({ parameters, results }: FunctionType): number =>
  importFuel + importedValueFuel * (parameters.length + results.length);

/** A function of the module's own pays for itself when it is reached through a table; an imported one cannot. */
function indirectFuel(module: Module, named: ReadonlySet<number>): Int32Array {
  const reachable = new Set<string>();
  for (const index of named) if (index < module.imports.length) reachable.add(nameOf(functionType(module, index)));
  return Int32Array.from(module.types, (type) => (reachable.has(nameOf(type)) ? fuelOfImport(type) : 0));
}

/** Two types of functions are the same if they look the same (3.0, section 3.1.2, without subtypes). */
const nameOf = ({ parameters, results }: FunctionType): string => `${parameters.join()}>${results.join()}`;

/** Functions that a reference can be made to (3.1.1, "C.refs"): somebody may call them without naming them. */
function namedFunctions(module: Module): ReadonlySet<number> {
  const named = new Set(module.globalFunctions);
  for (const { functions } of module.elements) for (const index of functions) named.add(index);
  for (const { opcodes, operands } of module.bodies) {
    opcodes.forEach((opcode, i) => {
      if (opcode === op.refFunc) named.add(operands[i]!);
    });
  }
  return named;
}

/** Functions that the host calls: nobody else would pay for them. */
function enteredFunctions({ exports, start }: Module): ReadonlySet<number> {
  const entered = new Set<number>();
  for (const { kind, index } of exports) if (kind === kinds.function) entered.add(index);
  if (start !== undefined) entered.add(start);
  return entered;
}

interface Turn {
  /** Among the functions that are not imported. */
  readonly index: number;
  /** Whether all that it calls came before. */
  readonly settled: boolean;
}

/** Every function once, callees first where that is possible. */
function* order(imported: number, summaries: readonly Summary[]): Generator<Turn> {
  const waitingFor = summaries.map(({ callees }) => callees.filter((callee) => callee >= imported).length);
  const callers: number[][] = summaries.map(() => []);
  summaries.forEach(({ callees }, index) => {
    for (const callee of callees) if (callee >= imported) callers[callee - imported]!.push(index);
  });
  const ready: number[] = [];
  waitingFor.forEach((count, index) => {
    if (count === 0) ready.push(index);
  });
  for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
    yield { index: next, settled: true };
    for (const caller of callers[next]!) if (--waitingFor[caller]! === 0) ready.push(caller);
  }
  for (const [index, count] of waitingFor.entries()) if (count > 0) yield { index, settled: false };
}
