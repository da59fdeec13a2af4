/** The code that is put into functions, as bytes (specification 5.4). */
import { op } from "./opcodes.ts";
import { emptyBlock } from "./types.ts";
import type { Writer } from "./writer.ts";

/** Indices of the globals that are added. */
export interface OwnGlobals {
  readonly fuel: number;
  readonly depth: number;
  readonly pages: number;
}

/** Subtracts and traps below zero. What is left was not below zero before, so the difference is an i32 (see README). */
export function writeCharge(writer: Writer, global: number, amount: number): void {
  writer.byte(op.globalGet).u32(global).byte(op.i32Const).s32(amount).byte(op.i32Sub).byte(op.globalSet).u32(global);
  writeTrapBelowZero(writer, global);
}

export function writeTrapBelowZero(writer: Writer, global: number): void {
  writer.byte(op.globalGet).u32(global).byte(op.i32Const).s32(0).byte(op.i32LtS);
  writer.byte(op.if).byte(emptyBlock).byte(op.unreachable).byte(op.end);
}

export function writeRefund(writer: Writer, global: number, amount: number): void {
  writer.byte(op.globalGet).u32(global).byte(op.i32Const).s32(amount).byte(op.i32Add).byte(op.globalSet).u32(global);
}
