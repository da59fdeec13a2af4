/**
 * Every instruction that computes, loads or stores, with operands from the edges: hardened, it leaves the bits that plain
 * V8 leaves or traps alike, with either of V8's compilers, and every NaN that can be seen is the canonical one.
 */
import { harden } from "#enclave/sandbox/hardener/harden.ts";
import { expect, test } from "vitest";
import { addresses, edgesOf } from "../../../support/wasm/edges.ts";
import { scalar, scalarMemory, type Instruction } from "../../../support/wasm/instructions.ts";
import { optimised, renewed } from "../../../support/wasm/optimised.ts";
import { operandAt, resultAt, singleModule } from "../../../support/wasm/single.ts";
import { vector, vectorMemory } from "../../../support/wasm/vector-instructions.ts";

const instructions = [...scalar, ...scalarMemory, ...vector, ...vectorMemory];

test("the table has every instruction of its kind", () => {
  // Sections 5.4.6 and 5.4.7 without memory.size and the like and the constants; 5.4.8 without constant and shuffle.
  expect([scalar.length + scalarMemory.length, vector.length + vectorMemory.length]).toEqual([159, 234]);
});

test.for(instructions)("$name", (instruction) => {
  for (const [lane, offset] of immediates(instruction)) {
    const { bytes, reference } = singleModule(instruction, lane, offset);
    const hardened = harden(bytes, { imports: new Set(), pagesMax: 1 }).bytes;
    const cases = [...operands(instruction)];
    const plain = runAll(instruction, reference, cases);
    expectAlike(instruction, cases, plain, runAll(instruction, hardened, cases));
    const again = optimised(() => runAll(instruction, renewed(hardened), cases));
    expectAlike(instruction, cases, plain, again);
    for (const seen of plain) expectCanonical(instruction, seen);
  }
});

type Case = readonly Uint8Array[];

/** The trap, or the whole memory but the operands. */
type Seen = string | Uint8Array;

function immediates({ lanes, memory }: Instruction): [lane: number, offset: number][] {
  if (memory !== undefined) {
    return [
      [0, 0],
      [(lanes ?? 1) - 1, 8],
      [0, 0xffffffff],
    ];
  }
  return Array.from({ length: lanes ?? 1 }, (_, lane) => [lane, 0]);
}

/** Every combination. */
function* operands({ params, memory }: Instruction): Generator<Case> {
  const choices = params.map((type, k) => (memory !== undefined && k === 0 ? addresses : edgesOf(type)));
  const total = choices.reduce((product, { length }) => product * length, 1);
  for (let i = 0; i < total; i++) {
    let rest = i;
    yield choices.map((list) => {
      const chosen = list[rest % list.length]!;
      rest = Math.floor(rest / list.length);
      return chosen;
    });
  }
}

function runAll({ memory: touches }: Instruction, module: Uint8Array, cases: readonly Case[]): Seen[] {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module as Uint8Array<ArrayBuffer>));
  const {
    memory,
    run,
    phatroom_fuel: fuel,
  } = instance.exports as unknown as {
    memory: WebAssembly.Memory;
    run: () => void;
    phatroom_fuel?: WebAssembly.Global<"i32">;
  };
  const bytes = new Uint8Array(memory.buffer);
  const filled = Uint8Array.from({ length: 65_536 - 256 }, (_, i) => i * 7);
  bytes.set(filled, 256);
  return cases.map((operandBytes) => {
    // Others write nothing but their result.
    if (touches !== undefined) bytes.set(filled, 256);
    bytes.fill(0, resultAt, 16);
    operandBytes.forEach((operand, k) => bytes.set(operand, operandAt(k)));
    if (fuel !== undefined) fuel.value = 1000;
    try {
      run();
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      return error.message;
    }
    return Buffer.concat([bytes.subarray(0, 64), bytes.subarray(256, 320), bytes.subarray(65_472)]);
  });
}

function expectAlike(
  { name }: Instruction,
  cases: readonly Case[],
  plain: readonly Seen[],
  hardened: readonly Seen[],
): void {
  const at = plain.findIndex((seen, i) => {
    const other = hardened[i]!;
    return typeof seen === "string" || typeof other === "string" ? seen !== other : Buffer.compare(seen, other) !== 0;
  });
  if (at < 0) return;
  const show = (seen: Seen): string => (typeof seen === "string" ? seen : Buffer.from(seen).toString("hex"));
  const given = cases[at]!.map((operand) => Buffer.from(operand).toString("hex")).join(" ");
  expect.fail(`${name} of ${given}: ${show(plain[at]!)} and ${show(hardened[at]!)}`);
}

/** The reference is held to the rule as well: scalars are canonical where they are stored, lanes where they are chosen. */
function expectCanonical({ name, results }: Instruction, seen: Seen): void {
  if (typeof seen === "string") return;
  const view = new DataView(seen.buffer, seen.byteOffset, 16);
  const [result] = results;
  const chosen = /^(f32x4|f64x2)\.(ceil|floor|trunc|nearest|sqrt|add|sub|mul|div|min|max|demote|promote)/.exec(
    name,
  )?.[1];
  for (let at = 0; at < (result === "f32" ? 4 : chosen === "f32x4" ? 16 : 0); at += 4) {
    if (Number.isNaN(view.getFloat32(at, true))) expect(view.getUint32(at, true)).toBe(0x7fc00000);
  }
  for (let at = 0; at < (result === "f64" ? 8 : chosen === "f64x2" ? 16 : 0); at += 8) {
    if (Number.isNaN(view.getFloat64(at, true))) expect(view.getBigUint64(at, true)).toBe(0x7ff8n << 48n);
  }
}
