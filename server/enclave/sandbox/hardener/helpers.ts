/** Three functions that are added to every module: two for what costs by length, and one for the host. */
import { writeTrapBelowZero } from "./checks.ts";
import { bytesPerFuel, pageFuel } from "./costs.ts";
import { op } from "./opcodes.ts";
import type { Plan } from "./plan.ts";
import { emptyBlock, types } from "./types.ts";
import { Writer } from "./writer.ts";

const only = 0;
const pages = 1;

/** (length: i32) -> i32: charges for moving so many bytes, and returns the length. */
export function payForBytes({ globals }: Plan): Uint8Array {
  const body = new Writer().u32(0);
  body.byte(op.globalGet).u32(globals.fuel);
  body.byte(op.localGet).u32(only).byte(op.i32Const).s32(Math.log2(bytesPerFuel)).byte(op.i32ShrU);
  body.byte(op.i32Sub).byte(op.globalSet).u32(globals.fuel);
  writeTrapBelowZero(body, globals.fuel);
  return body.byte(op.localGet).u32(only).byte(op.end).written;
}

/**
 * (pages: i32) -> i32: `memory.grow` below the cap. Beyond it the answer is -1 on every machine; a machine that refuses
 * below it ends the call, and says so by a cap of -1.
 */
export function growMemory({ globals, pagesMax }: Plan): Uint8Array {
  const body = new Writer().u32(1).u32(1).byte(types.i32);
  // The cap: the host's for this instance, or the module's own if that is less.
  body.byte(op.globalGet).u32(globals.pages).byte(op.i32Const).s32(pagesMax);
  body.byte(op.globalGet).u32(globals.pages).byte(op.i32Const).s32(pagesMax).byte(op.i32LtS).byte(op.select);
  body.byte(op.localTee).u32(pages);
  // Beyond it: the memory is larger already, or what is left is less than what is asked for.
  body.byte(op.memorySize).byte(0).byte(op.i32LtS);
  body.byte(op.localGet).u32(only);
  body.byte(op.localGet).u32(pages).byte(op.memorySize).byte(0).byte(op.i32Sub).byte(op.i32GtU).byte(op.i32Or);
  body.byte(op.if).byte(emptyBlock).byte(op.i32Const).s32(-1).byte(op.return).byte(op.end);

  body.byte(op.globalGet).u32(globals.fuel);
  body.byte(op.localGet).u32(only).byte(op.i32Const).s32(pageFuel).byte(op.i32Mul);
  body.byte(op.i32Sub).byte(op.globalSet).u32(globals.fuel);
  writeTrapBelowZero(body, globals.fuel);

  body.byte(op.localGet).u32(only).byte(op.memoryGrow).byte(0).byte(op.localTee).u32(pages);
  body.byte(op.i32Const).s32(-1).byte(op.i32Eq).byte(op.if).byte(emptyBlock);
  body.byte(op.i32Const).s32(-1).byte(op.globalSet).u32(globals.pages).byte(op.unreachable).byte(op.end);
  return body.byte(op.localGet).u32(pages).byte(op.end).written;
}

/** (fuel: i32) -> i32: a new budget; returns what was left of the last one. A host's write to a global takes longer. */
export function refuel({ globals }: Plan): Uint8Array {
  const body = new Writer().u32(0).byte(op.globalGet).u32(globals.fuel);
  return body.byte(op.localGet).u32(only).byte(op.globalSet).u32(globals.fuel).byte(op.end).written;
}
