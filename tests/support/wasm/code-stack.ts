/**
 * A function body in the making: bytes, the types on the operand stack, the open blocks, and the places where NaNs become
 * visible. It follows the validation algorithm of WebAssembly 2.0, appendix 7.3, so what it writes validates.
 */
import { WasmBytes } from "./bytes.ts";
import type { Instruction, ValueType } from "./instructions.ts";

/** `any` exists in dead code only: what nobody ever computes has no type. */
export type StackType = ValueType | "any";

export interface Frame {
  readonly kind: "func" | "block" | "loop" | "if";
  readonly results: readonly ValueType[];
  /** What a branch to it carries. */
  readonly branch: readonly ValueType[];
  /** Operands below it. */
  readonly height: number;
  /** The rest of it is never reached. */
  dead: boolean;
  /** Whether branches to it may be written freely. */
  readonly open: boolean;
  /** Of a loop: the local that counts its rounds. */
  readonly counter: number;
}

/** Where the bits of a NaN can be seen: before the instruction in a scalar on top, or after it in lanes. */
type Visible = "f32" | "f64" | "f32x4" | "f64x2";

interface Mark {
  readonly at: number;
  readonly kind: Visible;
}

export interface ScratchLocals {
  readonly f32: number;
  readonly f64: number;
  readonly v128: number;
}

export class CodeStack {
  readonly code = new WasmBytes();
  readonly frames: Frame[] = [];
  readonly #types: StackType[] = [];
  readonly #marks: Mark[] = [];

  get frame(): Frame {
    return this.frames.at(-1)!;
  }

  /** Operands of the innermost block. */
  get depth(): number {
    return this.#types.length - this.frame.height;
  }

  /** Type of an operand of the innermost block, counted from the top. */
  peek(fromTop = 0): StackType | undefined {
    return fromTop < this.depth ? this.#types[this.#types.length - 1 - fromTop] : undefined;
  }

  /** From the bottom of the innermost block. */
  operand(index: number): StackType | undefined {
    return this.#types[this.frame.height + index];
  }

  push(...types: readonly StackType[]): void {
    for (const type of types) this.#types.push(type);
  }

  pop(): StackType {
    if (this.depth > 0) return this.#types.pop()!;
    if (!this.frame.dead) throw new Error("the generator took more than there is");
    return "any";
  }

  /** Takes operands and leaves results, as an instruction of this signature does. */
  apply(params: readonly ValueType[], results: readonly ValueType[]): void {
    for (let i = 0; i < params.length; i++) this.pop();
    this.push(...results);
  }

  /** Whether operands of these types are on top. In dead code what is missing counts as there. */
  matches(types: readonly ValueType[]): boolean {
    for (let i = 0; i < types.length; i++) {
      const have = this.peek(i);
      if (have === undefined) return this.frame.dead;
      if (have !== types[types.length - 1 - i] && have !== "any") return false;
    }
    return true;
  }

  open(frame: Frame): void {
    this.frames.push(frame);
  }

  /** Leaves the innermost block with its results, whatever is on the stack by now. */
  close(): void {
    const { height, results } = this.frames.pop()!;
    this.#types.length = height;
    this.push(...results);
  }

  /** From here to the end of the block nothing runs. */
  die(): void {
    this.#types.length = this.frame.height;
    this.frame.dead = true;
  }

  /** What is on top is about to be seen, bit by bit. */
  shown(type: StackType | undefined): void {
    if (type === "f32" || type === "f64") this.#marks.push({ at: this.code.length, kind: type });
  }

  /** The opcode, with what its NaNs need. Its immediates follow. */
  opcode(instruction: Instruction): void {
    this.shown(visibleScalars.get(instruction.name));
    const [first, second] = instruction.opcode;
    this.code.byte(first);
    if (second !== undefined) this.code.unsigned(second);
  }

  /** After the immediates. */
  opcodeDone(instruction: Instruction): void {
    const visible = visibleLanes.get(instruction.name);
    if (visible !== undefined) this.#marks.push({ at: this.code.length, kind: visible });
    this.apply(instruction.params, instruction.results);
  }

  /** The same code, every NaN made canonical before anything can tell it from others. */
  canonical(scratch: ScratchLocals): Uint8Array {
    if (this.#marks.length === 0) return this.code.view();
    const out = new WasmBytes();
    const code = this.code.view();
    let from = 0;
    for (const { at, kind } of this.#marks) {
      out.bytes(code.subarray(from, at));
      canonicalise(out, kind, scratch);
      from = at;
    }
    return out.bytes(code.subarray(from)).copy();
  }
}

const visibleScalars = new Map<string, "f32" | "f64">([
  ["f32.store", "f32"],
  ["f64.store", "f64"],
  ["i32.reinterpret_f32", "f32"],
  ["i64.reinterpret_f64", "f64"],
  ["f32.copysign", "f32"],
  ["f64.copysign", "f64"],
  ["f32x4.splat", "f32"],
  ["f64x2.splat", "f64"],
  ["f32x4.replace_lane", "f32"],
  ["f64x2.replace_lane", "f64"],
]);

const laneResults = "ceil floor trunc nearest sqrt add sub mul div min max demote_f64x2_zero promote_low_f32x4".split(
  " ",
);
const visibleLanes = new Map<string, Visible>(
  (["f32x4", "f64x2"] as const).flatMap((shape) => laneResults.map((name) => [`${shape}.${name}`, shape] as const)),
);

const nan32 = [0, 0, 0xc0, 0x7f];
const nan64 = [0, 0, 0, 0, 0, 0, 0xf8, 0x7f];

/** Chooses between the operand on top and the canonical NaN. */
function canonicalise(out: WasmBytes, kind: Visible, scratch: ScratchLocals): void {
  const local = kind === "f32" ? scratch.f32 : kind === "f64" ? scratch.f64 : scratch.v128;
  out.byte(0x22).unsigned(local);
  if (kind === "f32") out.byte(0x43).bytes(nan32);
  else if (kind === "f64") out.byte(0x44).bytes(nan64);
  else if (kind === "f32x4") out.byte(0xfd).unsigned(12).bytes(nan32).bytes(nan32).bytes(nan32).bytes(nan32);
  else out.byte(0xfd).unsigned(12).bytes(nan64).bytes(nan64);
  out.byte(0x20).unsigned(local).byte(0x20).unsigned(local);
  if (kind === "f32") out.bytes([0x5b, 0x1b]);
  else if (kind === "f64") out.bytes([0x61, 0x1b]);
  else
    out
      .byte(0xfd)
      .unsigned(kind === "f32x4" ? 65 : 71)
      .byte(0xfd)
      .unsigned(82);
}
