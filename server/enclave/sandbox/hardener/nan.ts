/**
 * Where a NaN's bits could be seen (specification 4.3.3, "NaN propagation"): which NaN an operation returns is the
 * machine's choice.
 *
 * Scalars are made canonical where their bits leave the world of floats: before they are stored, reinterpreted, put into
 * a lane or a mutable global, or lend their sign. The bits of a vector are open to every other instruction, so there each
 * operation that may choose a NaN is followed by one that makes its lanes canonical.
 */
import type { Global } from "./module.ts";
import { op, opcodesEnd, prefixes, vectorBase } from "./opcodes.ts";
import { types } from "./types.ts";
import type { Writer } from "./writer.ts";

/** What happens around an instruction: to the scalar it takes from the top of the stack, or to the lanes it leaves. */
export const canonical = { nothing: 0, takesF32: 1, takesF64: 2, leavesF32x4: 3, leavesF64x2: 4 } as const;

const treatmentOf = new Uint8Array(opcodesEnd);
for (const opcode of [op.f32Store, op.i32ReinterpretF32, op.f32Copysign, op.f32x4Splat, op.f32x4ReplaceLane]) {
  treatmentOf[opcode] = canonical.takesF32;
}
for (const opcode of [op.f64Store, op.i64ReinterpretF64, op.f64Copysign, op.f64x2Splat, op.f64x2ReplaceLane]) {
  treatmentOf[opcode] = canonical.takesF64;
}
// demote; ceil floor trunc nearest; sqrt; add sub mul div min max. Not pmin and pmax, which return an operand as it is.
for (const number of [94, 103, 104, 105, 106, 227, 228, 229, 230, 231, 232, 233]) {
  treatmentOf[vectorBase + number] = canonical.leavesF32x4;
}
// promote; ceil floor trunc nearest; sqrt; add sub mul div min max.
for (const number of [95, 116, 117, 122, 148, 239, 240, 241, 242, 243, 244, 245]) {
  treatmentOf[vectorBase + number] = canonical.leavesF64x2;
}

export function treatment(opcode: number, operand: number, globals: readonly Global[]): number {
  if (opcode !== op.globalSet) return treatmentOf[opcode]!;
  const { type } = globals[operand]!;
  if (type === types.f32) return canonical.takesF32;
  return type === types.f64 ? canonical.takesF64 : canonical.nothing;
}

/** IEEE 754: quiet, positive, no payload; the canonical NaN of specification 2.2.3. Little-endian. */
const nan32 = [0x00, 0x00, 0xc0, 0x7f] as const;
const nan64 = [0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf8, 0x7f] as const;

/** The scalar on top of the stack, or the canonical NaN if it is any. */
export function writeCanonical32(writer: Writer, local: number): void {
  writer.byte(op.localTee).u32(local).byte(op.f32Const).append(nan32);
  writer.byte(op.localGet).u32(local).byte(op.localGet).u32(local).byte(op.f32Eq).byte(op.select);
}

export function writeCanonical64(writer: Writer, local: number): void {
  writer.byte(op.localTee).u32(local).byte(op.f64Const).append(nan64);
  writer.byte(op.localGet).u32(local).byte(op.localGet).u32(local).byte(op.f64Eq).byte(op.select);
}

/** Each lane of the vector on top of the stack, or the canonical NaN if it is any. @param treated How lanes are read. */
export function writeCanonicalLanes(writer: Writer, local: number, treated: number): void {
  const nan = treated === canonical.leavesF32x4 ? [...nan32, ...nan32, ...nan32, ...nan32] : [...nan64, ...nan64];
  writer.byte(op.localTee).u32(local);
  writeVectorOpcode(writer, op.v128Const).append(nan);
  writer.byte(op.localGet).u32(local).byte(op.localGet).u32(local);
  writeVectorOpcode(writer, treated === canonical.leavesF32x4 ? op.f32x4Eq : op.f64x2Eq);
  writeVectorOpcode(writer, op.v128Bitselect);
}

function writeVectorOpcode(writer: Writer, opcode: number): Writer {
  return writer.byte(prefixes.vector).u32(opcode - vectorBase);
}
