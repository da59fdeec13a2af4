/** Random blocks, branches and calls. */
import type { BodyWriter, WeightedStep } from "./random-body.ts";
import type { Frame } from "./code-stack.ts";
import type { ValueType } from "./instructions.ts";
import { writeBlockType, type ModuleShape } from "./random-shape.ts";

/** Deeper than this, blocks have no blocks in them. */
const nestingMax = 12;

export function randomControl(shape: ModuleShape): WeightedStep[] {
  const always: WeightedStep[] = [
    [6, (body) => block(body, "block")],
    [5, loop],
    [1, nothing],
    [shape.features.busy ? 16 : 8, call],
    ...(shape.table.length > 0 ? [[5, callIndirect] as const] : []),
  ];
  if (shape.features.straight) return always;
  return [
    ...always,
    [6, (body) => block(body, "if")],
    [4, branchIf],
    [2, branch],
    [2, branchTable],
    [1, leave],
    [1, rarelyUnreachable],
  ];
}

/** Operands that a block takes from around it, all of known type. */
function taken(body: BodyWriter): ValueType[] {
  const types: ValueType[] = [];
  for (let i = body.chance(60) ? 0 : body.numbers.below(3); i > 0; i--) {
    const type = body.stack.peek(types.length);
    if (type === undefined || type === "any") break;
    types.unshift(type);
  }
  return types;
}

const given = (body: BodyWriter): ValueType[] =>
  Array.from({ length: body.chance(60) ? 0 : body.numbers.below(4) }, () => body.numbers.pick(body.shape.valueTypes));

function enter(
  body: BodyWriter,
  kind: Frame["kind"],
  params: ValueType[],
  results: ValueType[],
  loop?: Partial<Frame>,
) {
  const { stack } = body;
  stack.code.byte(kind === "block" ? 0x02 : kind === "loop" ? 0x03 : 0x04);
  writeBlockType(body.shape, params, results, body.chance(10), stack.code);
  for (let i = 0; i < params.length; i++) stack.pop();
  const height = stack.depth + (stack.frames.length > 0 ? stack.frame.height : 0);
  const branch = kind === "loop" ? params : results;
  stack.open({ kind, results, branch, height, dead: false, open: true, counter: 0, ...loop });
  stack.push(...params);
}

function block(body: BodyWriter, kind: "block" | "if"): void {
  const { stack } = body;
  if (stack.frames.length > nestingMax) return;
  if (kind === "if") {
    body.need(["i32"]);
    // Below the condition lie what the branches may take.
    const condition = body.park("i32");
    const params = taken(body);
    const otherwise = body.chance(70);
    const results = otherwise ? given(body) : params;
    body.unpark(condition, "i32");
    stack.pop();
    enter(body, "if", params, results);
    body.steps();
    body.finish();
    if (otherwise) {
      const { frame } = stack;
      stack.close();
      for (let i = 0; i < results.length; i++) stack.pop();
      stack.code.byte(0x05);
      stack.open({ ...frame, dead: false });
      stack.push(...params);
      body.steps();
      body.finish();
    }
  } else {
    enter(body, "block", taken(body), given(body));
    body.steps();
    body.finish();
  }
  stack.code.byte(0x0b);
  stack.close();
}

/** Either branches to its start are few and each counts, or its start counts and branches are free. */
function loop(body: BodyWriter): void {
  const { stack, numbers, shape } = body;
  if (stack.frames.length > nestingMax) return;
  const endless = shape.features.endless && body.chance(30);
  const counter = body.local("i32");
  const rounds = body.chance(4) ? numbers.below(1000) : numbers.below(shape.features.busy ? 100 : 8);
  stack.code.byte(0x41).signed(rounds).byte(0x21).unsigned(counter);
  const counted = endless || (!shape.features.straight && body.chance(40));
  enter(body, "loop", taken(body), given(body), { open: counted, counter });
  if (counted && !endless) {
    countDown(body, counter);
    stack.code.bytes([0x41, 0, 0x48, 0x04, 0x40]);
    leaveAtOnce(body);
    stack.code.byte(0x0b);
  }
  body.steps();
  if (!counted || body.chance(60)) again(body, counted);
  if (body.chance(30)) body.steps();
  body.finish();
  stack.code.byte(0x0b);
  stack.close();
}

function countDown({ stack: { code } }: BodyWriter, counter: number): void {
  code.byte(0x20).unsigned(counter).bytes([0x41, 1, 0x6b]).byte(0x22).unsigned(counter);
}

/** One round more of the innermost loop, which is the innermost block. */
function again(body: BodyWriter, counted: boolean): void {
  const { stack } = body;
  const { branch, counter, kind } = stack.frame;
  if (kind !== "loop") return;
  body.need(branch);
  if (counted) body.push("i32");
  else {
    countDown(body, counter);
    stack.code.bytes([0x41, 0, 0x4a]);
    stack.push("i32");
  }
  stack.code.byte(0x0d).unsigned(0);
  stack.apply([...branch, "i32"], branch);
}

/** Out of the function, inside a block that was opened just for it and is no frame. */
function leaveAtOnce(body: BodyWriter): void {
  const { stack, shape } = body;
  if (body.chance(8)) {
    stack.code.byte(0x00);
    return;
  }
  const { results } = shape.functions[body.self]!;
  for (const type of results) {
    body.push(type);
    stack.pop();
  }
  stack.code.byte(0x0f);
}

/** Depth of a label that may be named freely. */
function label(body: BodyWriter): number | undefined {
  const { frames } = body.stack;
  for (let tries = 0; tries < 4; tries++) {
    const depth = body.numbers.below(frames.length);
    if (frames[frames.length - 1 - depth]!.open) return depth;
  }
  return undefined;
}

const branchTypes = (body: BodyWriter, depth: number): readonly ValueType[] =>
  body.stack.frames[body.stack.frames.length - 1 - depth]!.branch;

function branchIf(body: BodyWriter): void {
  const depth = label(body);
  if (depth === undefined) return;
  const types = branchTypes(body, depth);
  body.need(types);
  body.push("i32");
  body.stack.code.byte(0x0d).unsigned(depth);
  body.stack.apply([...types, "i32"], types);
}

function branch(body: BodyWriter): void {
  const depth = label(body);
  if (depth === undefined || body.chance(40)) return;
  body.need(branchTypes(body, depth));
  body.stack.code.byte(0x0c).unsigned(depth);
  body.stack.die();
}

function branchTable(body: BodyWriter): void {
  const { stack, numbers } = body;
  const depth = label(body);
  if (depth === undefined || body.chance(30)) return;
  const types = branchTypes(body, depth);
  const alike = stack.frames
    .map((frame, i) => ({ frame, depth: stack.frames.length - 1 - i }))
    .filter(({ frame }) => frame.open && frame.branch.join() === types.join())
    .map((label) => label.depth);
  const count = body.chance(2) ? numbers.below(300) : numbers.below(7);
  body.need(types);
  body.push("i32");
  // An index that is within the table more often than not.
  if (body.chance(70)) stack.code.byte(0x41).signed(7).byte(0x71);
  stack.code.byte(0x0e).unsigned(count);
  for (let i = 0; i <= count; i++) stack.code.unsigned(numbers.pick(alike));
  stack.die();
}

function leave(body: BodyWriter): void {
  if (body.chance(40)) return;
  body.need(body.shape.functions[body.self]!.results);
  body.stack.code.byte(0x0f);
  body.stack.die();
}

function rarelyUnreachable(body: BodyWriter): void {
  if (!body.chance(25)) return;
  body.stack.code.byte(0x00);
  body.stack.die();
}

function nothing({ stack }: BodyWriter): void {
  stack.code.byte(0x01);
}

function call(body: BodyWriter): void {
  const { shape, numbers, stack, self } = body;
  const backwards = shape.features.endless && body.chance(15);
  const from = backwards ? 0 : self + 1;
  const imported = shape.importCount > 0 && body.chance(25);
  const count = shape.functions.length - from;
  if (!imported && count === 0) return;
  const callee = imported ? numbers.below(shape.importCount) : from + numbers.below(count);
  const { params, results } = shape.functions[callee]!;
  body.need(params);
  stack.code.byte(0x10).unsigned(callee);
  stack.apply(params, results);
}

/** Of earlier functions only, since later ones are in the table. */
function callIndirect(body: BodyWriter): void {
  const { shape, numbers, stack, self } = body;
  if (self >= shape.functions.length >> 1 && !(shape.features.endless && body.chance(20))) return;
  const slot = numbers.below(shape.table.length);
  const held = shape.table[slot];
  const callee = held === undefined || body.chance(8) ? numbers.below(shape.functions.length) : held;
  const { type, params, results } = shape.functions[callee]!;
  body.need(params);
  body.constant(body.chance(96) ? slot : numbers.below(20));
  stack.code.byte(0x11).unsigned(type).byte(0);
  stack.apply([...params, "i32"], results);
}
