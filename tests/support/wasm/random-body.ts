/** The code of one random function: always valid, mostly ending, often strange. */
import type { SeededNumbers } from "../../deep/deep.ts";
import { WasmBytes } from "./bytes.ts";
import { CodeStack, type Frame, type ScratchLocals } from "./code-stack.ts";
import type { Instruction, ValueType } from "./instructions.ts";
import { valueTypeByte } from "./module.ts";
import type { ModuleShape } from "./random-shape.ts";
import { randomInt32, writeConstant, writeNaN } from "./random-values.ts";

export interface Body {
  readonly bytes: Uint8Array;
  /** NaNs made canonical wherever they could be seen. */
  readonly canonical: Uint8Array;
}

/** Instructions that a module of these features may use. */
export interface Repertoire {
  readonly compute: readonly Instruction[];
  readonly access: readonly Instruction[];
}

/** One thing that code may do next, and how often it should. */
export type WeightedStep = readonly [weight: number, step: (body: BodyWriter) => void];

export class BodyWriter {
  readonly numbers: SeededNumbers;
  readonly shape: ModuleShape;
  readonly self: number;
  readonly stack = new CodeStack();
  readonly repertoire: Repertoire;
  /** Instructions, roughly, that may still be written. */
  budget: number;
  readonly #locals: ValueType[];
  readonly #declared: number;
  readonly #scratch: ScratchLocals;
  readonly #steps: readonly WeightedStep[];
  readonly #weightSum: number;

  constructor(
    numbers: SeededNumbers,
    shape: ModuleShape,
    self: number,
    repertoire: Repertoire,
    steps: readonly WeightedStep[],
  ) {
    this.numbers = numbers;
    this.shape = shape;
    this.self = self;
    this.repertoire = repertoire;
    this.budget = 4 + numbers.below(numbers.below(6) === 0 ? 200 : 40);
    const types = shape.features.references ? [...shape.valueTypes, "funcref" as const] : shape.valueTypes;
    const declared = Array.from({ length: numbers.below(6) }, () => numbers.pick(types));
    const { params } = shape.functions[self]!;
    this.#locals = [...params, ...declared];
    this.#declared = this.#locals.length;
    this.#scratch = {
      f32: this.local("f32"),
      f64: this.local("f64"),
      v128: shape.features.vectors ? this.local("v128") : 0,
    };
    this.#steps = steps;
    this.#weightSum = this.#steps.reduce((sum, [weight]) => sum + weight, 0);
  }

  write(): Body {
    const { results } = this.shape.functions[this.self]!;
    const frame: Frame = { kind: "func", results, branch: results, height: 0, dead: false, open: true, counter: 0 };
    this.stack.open(frame);
    this.steps();
    this.finish();
    this.stack.code.byte(0x0b);
    const locals = new WasmBytes();
    const extra = this.#locals.slice(this.shape.functions[this.self]!.params.length);
    locals.unsigned(extra.length);
    for (const type of extra) locals.unsigned(1).byte(valueTypeByte(type));
    const joined = (code: Uint8Array): Uint8Array => new WasmBytes().bytes(locals.view()).bytes(code).copy();
    return { bytes: joined(this.stack.code.view()), canonical: joined(this.stack.canonical(this.#scratch)) };
  }

  /** Writes until the innermost block seems long enough. */
  steps(): void {
    for (let i = 1 + this.numbers.below(12); i > 0 && this.budget > 0; i--) {
      if (this.stack.frame.dead && (!this.shape.features.deadCode || this.numbers.below(3) === 0)) return;
      this.budget -= 1;
      let drawn = this.numbers.below(this.#weightSum);
      for (const [weight, step] of this.#steps) {
        drawn -= weight;
        if (drawn >= 0) continue;
        step(this);
        break;
      }
    }
  }

  chance(percent: number): boolean {
    return this.numbers.below(100) < percent;
  }

  /** A new local, not among those that random code writes. */
  local(type: ValueType): number {
    return this.#locals.push(type) - 1;
  }

  /** A local that random code may use. */
  someLocal(type: ValueType): number | undefined {
    const from = this.#declared === 0 ? 0 : this.numbers.below(this.#declared);
    for (let i = 0; i < this.#declared; i++) {
      const index = (from + i) % this.#declared;
      if (this.#locals[index] === type) return index;
    }
    return undefined;
  }

  someGlobal(type: ValueType, mutable: boolean): number | undefined {
    const { globals } = this.shape;
    const index = globals.findIndex((global) => global.type === type && (global.mutable || !mutable));
    return index < 0 ? undefined : index;
  }

  constant(value: number): void {
    this.stack.code.byte(0x41).signed(value);
    this.stack.push("i32");
  }

  /** Leaves one value of a type. */
  push(type: ValueType): void {
    const { code } = this.stack;
    if (this.shape.features.nans && (type === "f32" || type === "f64" || type === "v128") && this.chance(25)) {
      writeNaN(this.numbers, type, code);
      this.stack.push(type);
      return;
    }
    const local = this.chance(50) ? this.someLocal(type) : undefined;
    const global = local === undefined && this.chance(40) ? this.someGlobal(type, false) : undefined;
    if (local !== undefined) code.byte(0x20).unsigned(local);
    else if (global !== undefined) code.byte(0x23).unsigned(global);
    else if (type === "funcref" && this.shape.referable.length > 0) {
      code.byte(0xd2).unsigned(this.numbers.pick(this.shape.referable));
    } else writeConstant(this.numbers, type, code);
    this.stack.push(type);
  }

  /** Sees to it that operands of these types are on top, with those that are there if they fit. */
  need(types: readonly ValueType[]): void {
    const { stack } = this;
    if (stack.frame.dead && stack.depth === 0 && this.chance(50)) return;
    if (stack.matches(types) && (stack.depth >= types.length ? this.chance(85) : this.chance(50))) return;
    for (const type of types) this.push(type);
  }

  /** Takes the value on top out of the way into a local and returns it. */
  park(type: ValueType): number {
    const local = this.someLocal(type) ?? this.local(type);
    this.stack.code.byte(0x21).unsigned(local);
    this.stack.pop();
    return local;
  }

  unpark(local: number, type: ValueType): void {
    this.stack.code.byte(0x20).unsigned(local);
    this.stack.push(type);
  }

  /** Takes the value on top off the stack, mostly to where it can be seen later. */
  discard(): void {
    const { stack } = this;
    const type = stack.peek();
    const known = type === undefined || type === "any" ? undefined : type;
    const global = known === undefined || this.chance(50) ? undefined : this.someGlobal(known, true);
    const local = known === undefined || global !== undefined ? undefined : this.someLocal(known);
    if (global !== undefined) {
      stack.shown(type);
      stack.code.byte(0x24).unsigned(global);
    } else if (local !== undefined && this.chance(60)) stack.code.byte(0x21).unsigned(local);
    else stack.code.byte(0x1a);
    stack.pop();
  }

  /** Makes the operands of the innermost block exactly its results. */
  finish(): void {
    const { stack } = this;
    const { results, dead } = stack.frame;
    if (dead && this.chance(50)) while (stack.depth > 0) this.discard();
    if (dead && stack.depth === 0 && this.chance(70)) return;
    const parked: number[] = [];
    if (stack.depth > results.length && stack.matches(results)) {
      for (const type of [...results].reverse()) {
        parked.unshift(this.local(type));
        stack.code.byte(0x21).unsigned(parked[0]!);
        stack.pop();
      }
      while (stack.depth > 0) this.discard();
      results.forEach((type, i) => this.unpark(parked[i]!, type));
      return;
    }
    let same = 0;
    while (same < results.length && stack.operand(same) === results[same]) same++;
    while (stack.depth > same) this.discard();
    for (const type of results.slice(same)) this.push(type);
  }

  /** An instruction whose operands are on the stack. */
  instruction(instruction: Instruction, immediates?: (code: WasmBytes) => void): void {
    this.stack.opcode(instruction);
    immediates?.(this.stack.code);
    if (instruction.lanes !== undefined) this.stack.code.byte(this.numbers.below(instruction.lanes));
    this.stack.opcodeDone(instruction);
  }
}

/** A length, address or index: mostly one that fits. */
export function smallOrWild(body: BodyWriter, below: number): number {
  return body.chance(94) ? body.numbers.below(below) : randomInt32(body.numbers);
}
