/** Random uses of memory: mostly within it, now and then past its end. */
import type { BodyWriter, WeightedStep } from "./random-body.ts";
import type { ModuleShape } from "./random-shape.ts";
import { randomInt32 } from "./random-values.ts";

export function randomMemory({ features, memory, passiveData }: ModuleShape): WeightedStep[] {
  if (memory === undefined) return [];
  const steps: WeightedStep[] = [
    [18, access],
    [2, size],
    [1, grow],
  ];
  if (features.bulk) steps.push([3, fill], [3, copy]);
  if (passiveData.length > 0) steps.push([3, init]);
  if (passiveData.length > 0 && features.changes) steps.push([1, drop]);
  return steps;
}

const masks = [0xff, 0xff, 0xfff, 0x7fff, 0xfff8, 0xffff, 0x1ffff];

/** Turns the number on top into an address that is probably in bounds. */
function mask(body: BodyWriter): void {
  if (body.chance(2)) return;
  body.stack.code.byte(0x41).signed(body.numbers.pick(masks)).byte(0x71);
}

function address(body: BodyWriter): void {
  body.need(["i32"]);
  mask(body);
}

function access(body: BodyWriter): void {
  const { numbers } = body;
  const instruction = numbers.pick(body.repertoire.access);
  const value = instruction.params[1];
  if (value === undefined) address(body);
  else {
    // The value is often there already, and the address belongs below it.
    body.need([value]);
    const parked = body.park(value);
    body.push("i32");
    mask(body);
    body.unpark(parked, value);
  }
  body.instruction(instruction, (code) => {
    code.unsigned(numbers.below(1 + Math.log2(instruction.memory!)));
    code.unsigned(body.chance(90) ? numbers.below(64) : body.chance(80) ? numbers.below(65_536) : randomInt32(numbers));
  });
}

function size({ stack }: BodyWriter): void {
  stack.code.byte(0x3f).byte(0);
  stack.push("i32");
}

function grow(body: BodyWriter): void {
  if (body.chance(80)) body.constant(body.numbers.below(4));
  else body.need(["i32"]);
  body.stack.code.byte(0x40).byte(0);
  body.stack.apply(["i32"], ["i32"]);
}

function length(body: BodyWriter): void {
  if (body.chance(90)) body.constant(body.numbers.below(body.chance(90) ? 64 : 5000));
  else {
    body.push("i32");
    mask(body);
  }
}

function fill(body: BodyWriter): void {
  body.push("i32");
  mask(body);
  body.push("i32");
  length(body);
  body.stack.code.byte(0xfc).unsigned(11).byte(0);
  body.stack.apply(["i32", "i32", "i32"], []);
}

function copy(body: BodyWriter): void {
  body.push("i32");
  mask(body);
  body.push("i32");
  mask(body);
  length(body);
  body.stack.code.byte(0xfc).unsigned(10).byte(0).byte(0);
  body.stack.apply(["i32", "i32", "i32"], []);
}

function init(body: BodyWriter): void {
  const segment = body.numbers.below(body.shape.passiveData.length);
  const long = body.shape.passiveData[segment]!;
  body.push("i32");
  mask(body);
  const from = body.numbers.below(long + 1);
  body.constant(from);
  body.constant(body.chance(92) ? body.numbers.below(long - from + 1) : randomInt32(body.numbers) & 0xffff);
  body.stack.code.byte(0xfc).unsigned(8).unsigned(segment).byte(0);
  body.stack.apply(["i32", "i32", "i32"], []);
}

function drop(body: BodyWriter): void {
  body.stack.code.byte(0xfc).unsigned(9).unsigned(body.numbers.below(body.shape.passiveData.length));
}
