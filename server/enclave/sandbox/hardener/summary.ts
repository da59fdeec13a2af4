/** What the call graph needs to know of one function. */
import { entryFuel, frameBase, fuelOf, instructionsPerUnit, localsPerFuel } from "./costs.ts";
import { demand } from "./errors.ts";
import type { Body } from "./instructions.ts";
import { operandsMax } from "./limits.ts";
import type { Module } from "./module.ts";
import { functionType, measureHeights } from "./operands.ts";
import { op, vectorBase } from "./opcodes.ts";
import { types, unitsOf } from "./types.ts";

export interface Summary {
  /** Of running each instruction once, without what is called. */
  readonly fuel: number;
  /** Units of the machine's stack. */
  readonly frame: number;
  /** Whether it is done after a number of steps that its text bounds: no loop, nothing that costs by length. */
  readonly straight: boolean;
  readonly callsIndirectly: boolean;
  /** Functions of any kind, one for each call. */
  readonly callees: readonly number[];
}

/**
 * @param ownIndex Among the functions that are not imported.
 * @throws HardenError "frame-too-large".
 */
export function summarise(
  module: Module,
  ownIndex: number,
  options: { readonly vectors: boolean; readonly keptMax: number },
): Summary {
  const body = module.bodies[ownIndex]!;
  const { opcodes, operands } = body;
  const type = functionType(module, module.imports.length + ownIndex);
  const locals = localUnits(body);
  let fuel = entryFuel + Math.ceil(locals / localsPerFuel);
  let straight = true;
  let callsIndirectly = false;
  const callees: number[] = [];
  for (let i = 0; i < opcodes.length; i++) {
    const opcode = opcodes[i]!;
    fuel += fuelOf[opcode]!;
    if (opcode === op.call) callees.push(operands[i]!);
    else if (opcode === op.callIndirect) callsIndirectly = true;
    else if (opcode === op.loop || costsByLength(opcode)) straight = false;
  }
  const heights = measureHeights(module, body, type);
  const units = (heights.operands + heights.passed) * (options.vectors ? 2 : 1);
  demand(units <= operandsMax, "frame-too-large", `function ${module.imports.length + ownIndex}: ${units} operands`);
  const kept = Math.min(Math.ceil(opcodes.length / instructionsPerUnit), options.keptMax);
  const frame = frameBase + unitsOf(type.parameters) + locals + units + kept;
  return { fuel, frame, straight, callsIndirectly, callees };
}

/** In units of 8 bytes, without parameters. */
export function localUnits(body: Body): number {
  return body.locals.reduce((sum, { count, type }) => sum + count * unitsOf([type]), 0);
}

/** Whether any value may be a vector; operands then count twice. */
export function usesVectors(module: Module): boolean {
  return (
    module.types.some(({ parameters, results }) => [...parameters, ...results].includes(types.v128)) ||
    module.globals.some(({ type }) => type === types.v128) ||
    module.bodies.some(
      ({ locals, opcodes }) =>
        locals.some(({ type }) => type === types.v128) || opcodes.some((opcode) => opcode >= vectorBase),
    )
  );
}

export const costsByLength = (opcode: number): boolean =>
  opcode === op.memoryFill || opcode === op.memoryCopy || opcode === op.memoryInit || opcode === op.memoryGrow;
