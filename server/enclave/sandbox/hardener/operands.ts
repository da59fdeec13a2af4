/**
 * How high a function's operand stack gets, by the validation algorithm (specification, appendix 7.3) with heights in
 * place of types.
 */
import { demand } from "./errors.ts";
import { emptyBlockOperand, type Body } from "./instructions.ts";
import type { Module } from "./module.ts";
import { op, pops, pushes } from "./opcodes.ts";
import type { FunctionType } from "./types.ts";

interface Frame {
  /** Of the stack below the block. */
  readonly height: number;
  readonly parameters: number;
  readonly results: number;
  /** After a branch away, the stack holds whatever is asked of it. */
  unreachable: boolean;
}

export interface Heights {
  /** Values at once. */
  readonly operands: number;
  /** Most values that one call hands over or gets back. */
  readonly passed: number;
}

export function measureHeights(module: Module, body: Body, type: FunctionType): Heights {
  const { opcodes, operands } = body;
  let frame: Frame = { height: 0, parameters: 0, results: type.results.length, unreachable: false };
  const outer: Frame[] = [];
  let height = 0;
  let most = 0;
  let passed = 0;

  const pop = (count: number): void => {
    height -= count;
    if (height >= frame.height) return;
    demand(frame.unreachable, "internal", "an operand is missing");
    height = frame.height;
  };
  const push = (count: number): void => {
    height += count;
    if (height > most) most = height;
  };
  const call = ({ parameters, results }: FunctionType): void => {
    pop(parameters.length);
    push(results.length);
    passed = Math.max(passed, parameters.length, results.length);
  };
  const enter = ({ parameters, results }: Arity): void => {
    pop(parameters);
    outer.push(frame);
    frame = { height, parameters, results, unreachable: false };
    push(parameters);
  };
  const leave = (): void => {
    height = frame.height;
    frame.unreachable = true;
  };

  for (let i = 0; i < opcodes.length; i++) {
    const opcode = opcodes[i]!;
    pop(pops[opcode]!);
    push(pushes[opcode]!);
    switch (opcode) {
      case op.block:
      case op.loop:
      case op.if:
        enter(arityOf(module, operands[i]!));
        break;
      case op.else:
        height = frame.height;
        frame.unreachable = false;
        push(frame.parameters);
        break;
      case op.end:
        height = frame.height;
        push(frame.results);
        frame = outer.pop() ?? frame;
        break;
      case op.br:
      case op.brTable:
      case op.return:
      case op.unreachable:
        leave();
        break;
      case op.call:
        call(functionType(module, operands[i]!));
        break;
      case op.callIndirect:
        call(module.types[operands[i]!]!);
        break;
    }
  }
  return { operands: most, passed };
}

interface Arity {
  readonly parameters: number;
  readonly results: number;
}

const nothing: Arity = { parameters: 0, results: 0 };
const oneValue: Arity = { parameters: 0, results: 1 };

/** 5.4.1, as `readBody` leaves it. */
function arityOf(module: Module, operand: number): Arity {
  if (operand === emptyBlockOperand) return nothing;
  if (operand < 0) return oneValue;
  const type = module.types[operand]!;
  return { parameters: type.parameters.length, results: type.results.length };
}

/** Of a function by its index: imported ones come first (2.5.1). */
export function functionType(module: Module, index: number): FunctionType {
  const { imports, functions, types } = module;
  const own = index - imports.length;
  return types[own < 0 ? imports[index]!.type : functions[own]!]!;
}
