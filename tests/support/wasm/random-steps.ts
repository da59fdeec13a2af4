/** Everything that random code does, for a module with what it has. */
import type { ValueType } from "./instructions.ts";
import { valueTypeByte } from "./module.ts";
import type { BodyWriter, WeightedStep } from "./random-body.ts";
import { randomControl } from "./random-control.ts";
import { randomMemory } from "./random-memory.ts";
import type { ModuleShape } from "./random-shape.ts";
import { randomTable } from "./random-table.ts";

export const randomSteps = (shape: ModuleShape): readonly WeightedStep[] => [
  [30, compute],
  [8, (body) => body.push(body.numbers.pick(shape.valueTypes))],
  [10, keep],
  [4, select],
  ...randomControl(shape),
  ...randomMemory(shape),
  ...randomTable(shape),
];

function compute(body: BodyWriter): void {
  const { numbers, stack } = body;
  const instruction = numbers.pick(body.repertoire.compute);
  body.need(instruction.params);
  if (instruction.traps === true && body.chance(85)) tame(body, instruction.params.at(-1)!);
  if (instruction.name === "i8x16.swizzle" && body.chance(50)) {
    // The shuffle, which is not in the list, takes the same operands.
    stack.code.byte(0xfd).unsigned(13);
    for (let i = 0; i < 16; i++) stack.code.byte(numbers.below(32));
    stack.apply(instruction.params, instruction.results);
    return;
  }
  body.instruction(instruction);
}

/** Changes the operand on top so that a division or truncation seldom traps. */
function tame({ stack: { code } }: BodyWriter, type: ValueType): void {
  if (type === "i32") code.bytes([0x41, 1, 0x72]);
  else if (type === "i64") code.bytes([0x42, 1, 0x84]);
  // abs, then min with 100.
  else if (type === "f32") code.bytes([0x8b, 0x43, 0, 0, 0xc8, 0x42, 0x96]);
  else code.bytes([0x99, 0x44, 0, 0, 0, 0, 0, 0, 0x59, 0x40, 0xa4]);
}

/** Moves what is on top somewhere else. */
function keep(body: BodyWriter): void {
  const { stack } = body;
  const type = stack.peek();
  if (type === undefined || type === "any") return;
  const local = body.chance(40) ? body.someLocal(type) : undefined;
  if (local === undefined) {
    body.discard();
    return;
  }
  stack.code.byte(0x22).unsigned(local);
}

function select(body: BodyWriter): void {
  const { stack, numbers, shape } = body;
  const bare = stack.frame.dead && stack.depth === 0 && body.chance(50);
  if (bare) {
    // Of operands that nobody will ever compute, so of no type.
    stack.code.byte(0x1b);
    stack.push("any");
    return;
  }
  const top = stack.peek();
  const type = top === undefined || top === "any" ? numbers.pick(shape.valueTypes) : top;
  const reference = type === "funcref" || type === "externref";
  body.need([type]);
  body.push(type);
  body.push("i32");
  if (reference || body.chance(30)) stack.code.byte(0x1c).unsigned(1).byte(valueTypeByte(type));
  else stack.code.byte(0x1b);
  stack.apply([type, type, "i32"], [type]);
}
