/** Constant expressions (specification 3.4.14): one constant and an end. */
import { demand } from "./errors.ts";
import { op } from "./opcodes.ts";
import { malformed, type Reader } from "./reader.ts";
import { readReferenceType } from "./types.ts";

export interface Constant {
  /** Of an i32, else undefined. */
  readonly i32: number | undefined;
  /** The function that `ref.func` names, else undefined. */
  readonly function: number | undefined;
}

const other: Constant = { i32: undefined, function: undefined };

/** @throws HardenError "constant-refused" for `global.get` and arithmetic, which no compiler we know needs here. */
export function readConstant(reader: Reader): Constant {
  const constant = readInstruction(reader);
  demand(reader.byte() === op.end, "constant-refused", "more than one instruction");
  return constant;
}

function readInstruction(reader: Reader): Constant {
  const opcode = reader.byte();
  switch (opcode) {
    case op.i32Const:
      return { i32: reader.s32(), function: undefined };
    case op.i64Const:
      reader.skipS64();
      return other;
    case op.f32Const:
      reader.take(4);
      return other;
    case op.f64Const:
      reader.take(8);
      return other;
    case op.refNull:
      readReferenceType(reader);
      return other;
    case op.refFunc:
      return { i32: undefined, function: reader.u32() };
    case 0xfd:
      if (reader.u32() !== 12) throw malformed("a vector instruction that is not a constant");
      reader.take(16);
      return other;
    default:
      demand(false, "constant-refused", `instruction 0x${opcode.toString(16)}`);
  }
}
