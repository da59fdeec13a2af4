/**
 * A module that runs one instruction: its operands come from memory, 16 bytes each, its result goes back there, so that
 * every bit of both can be chosen and seen.
 */
import { CodeStack } from "./code-stack.ts";
import { scalarMemory, type Instruction, type ValueType } from "./instructions.ts";
import { WasmBytes } from "./bytes.ts";
import { encodeModule } from "./module.ts";
import { vectorMemory } from "./vector-instructions.ts";

/** Where the k-th operand is read. */
export const operandAt = (k: number): number => 64 + 16 * k;
/** Where the result is written; what an instruction stores goes where its first operand says. */
export const resultAt = 0;

export interface SingleModule {
  /** Exports `run` and `memory`, one page. */
  readonly bytes: Uint8Array;
  /** The same with NaNs made canonical wherever they are visible. */
  readonly reference: Uint8Array;
}

/** @param lane and @param offset are its immediates, if it has such. */
export function singleModule(instruction: Instruction, lane = 0, offset = 0): SingleModule {
  const stack = new CodeStack();
  stack.open({ kind: "func", results: [], branch: [], height: 0, dead: false, open: true, counter: 0 });
  const { code } = stack;
  const [result] = instruction.results;
  if (result !== undefined) address(stack, resultAt);
  instruction.params.forEach((type, k) => {
    address(stack, operandAt(k));
    access(stack, "load", type);
  });
  stack.opcode(instruction);
  if (instruction.memory !== undefined) code.unsigned(0).unsigned(offset);
  if (instruction.lanes !== undefined) code.byte(lane);
  stack.opcodeDone(instruction);
  if (result !== undefined) access(stack, "store", result);
  code.byte(0x0b);
  const assemble = (body: Uint8Array): Uint8Array =>
    encodeModule({
      types: [{ params: [], results: [] }],
      // Scratch locals, which only the reference uses.
      functions: [{ type: 0, body: new WasmBytes().bytes([3, 1, 0x7d, 1, 0x7c, 1, 0x7b]).bytes(body).copy() }],
      memory: { min: 1, max: 1 },
      exports: [
        { name: "run", kind: "func", index: 0 },
        { name: "memory", kind: "memory", index: 0 },
      ],
    });
  return { bytes: assemble(code.view()), reference: assemble(stack.canonical({ f32: 0, f64: 1, v128: 2 })) };
}

function address(stack: CodeStack, at: number): void {
  stack.code.byte(0x41).signed(at);
  stack.push("i32");
}

function access(stack: CodeStack, what: "load" | "store", type: ValueType): void {
  const instruction = [...scalarMemory, ...vectorMemory].find(({ name }) => name === `${type}.${what}`)!;
  stack.opcode(instruction);
  stack.code.unsigned(0).unsigned(0);
  stack.opcodeDone(instruction);
}
