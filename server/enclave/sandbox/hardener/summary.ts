/** What the call graph needs to know of one function. */
import { entryFuel, fuelOf, localsPerFuel } from "./costs.ts";
import type { Body } from "./instructions.ts";
import type { Module } from "./module.ts";
import { functionType, measureHeights } from "./operands.ts";
import { op, vectorBase } from "./opcodes.ts";
import { types, unitsOf } from "./types.ts";

export interface Summary {
  /** Of running each instruction once, without what is called. */
  readonly fuel: number;
  /** Of its code, in bytes and in instructions. */
  readonly length: number;
  readonly instructions: number;
  /** Parameters and locals, in units of 8 bytes. */
  readonly locals: number;
  /** Operands at once, and the most that one call hands over or gets back; in values. */
  readonly operands: number;
  /** Blocks, branches and labels of tables: where a compiler brings values from several places together. */
  readonly joins: number;
  readonly loops: boolean;
  /** Whether it is done after a number of steps that its text bounds: no loop, nothing that costs by length. */
  readonly straight: boolean;
  readonly callsIndirectly: boolean;
  /** Functions of any kind, one for each call. */
  readonly callees: readonly number[];
}

/** @param ownIndex Among the functions that are not imported. */
export function summarise(module: Module, ownIndex: number): Summary {
  const body = module.bodies[ownIndex]!;
  const { opcodes, operands } = body;
  const type = functionType(module, module.imports.length + ownIndex);
  let fuel = entryFuelOf(body);
  let joins = 0;
  let loops = false;
  let straight = true;
  let callsIndirectly = false;
  const callees: number[] = [];
  for (let i = 0; i < opcodes.length; i++) {
    const opcode = opcodes[i]!;
    fuel += fuelOf[opcode]!;
    joins += joinsAt(opcode, operands[i]!);
    if (opcode === op.call) callees.push(operands[i]!);
    else if (opcode === op.callIndirect) callsIndirectly = true;
    else if (opcode === op.loop) loops = true;
    else if (costsByLength(opcode)) straight = false;
  }
  const heights = measureHeights(module, body, type);
  return {
    fuel,
    length: body.starts[opcodes.length]! - body.starts[0]!,
    instructions: opcodes.length,
    locals: unitsOf(type.parameters) + localUnits(body),
    operands: heights.operands + heights.passed,
    joins,
    loops,
    straight: straight && !loops,
    callsIndirectly,
    callees,
  };
}

function joinsAt(opcode: number, operand: number): number {
  if (opcode === op.brTable) return operand + 1;
  return (opcode >= op.block && opcode <= op.else) || opcode === op.br || opcode === op.brIf ? 1 : 0;
}

/** Of entering a function, before any of its instructions. */
export const entryFuelOf = (body: Body): number => entryFuel + Math.ceil(localUnits(body) / localsPerFuel);

/** In units of 8 bytes, without parameters. */
function localUnits(body: Body): number {
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
