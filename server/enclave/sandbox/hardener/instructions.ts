/** From the bytes of one function (specification 5.4 and 5.5.13) to a list of instructions. Every length is checked. */
import { demand } from "./errors.ts";
import { functionLengthMax, labelTableMax, localsMax, nestingMax } from "./limits.ts";
import { bulkBase, immediateOf, immediates, op, opcodesEnd, prefixes, vectorBase } from "./opcodes.ts";
import { malformed, type Reader } from "./reader.ts";
import { refusedOpcode } from "./refused-opcodes.ts";
import { emptyBlock, isValueType, readReferenceType, readValueType, unitsOf, type ValueType } from "./types.ts";

/** As 5.5.13 writes them: so many in a row of one type. */
export interface LocalGroup {
  readonly count: number;
  readonly type: ValueType;
}

/** One function's code. What stands at one index of the three lists is one instruction. */
export interface Body {
  /** The module's bytes; places are counted in them. */
  readonly bytes: Uint8Array;
  readonly locals: readonly LocalGroup[];
  readonly opcodes: Uint16Array;
  /** Where each instruction begins; one more than there are instructions, so that the last has an end. */
  readonly starts: Uint32Array;
  /**
   * An instruction's first index or 32-bit constant, for `if`, `block` and `loop` the type: an index, or below zero
   * what `blockOf` understands.
   */
  readonly operands: Int32Array;
}

/** The operand of a block that takes and leaves nothing. One that leaves a value has its type minus 0x80. */
export const emptyBlockOperand = emptyBlock - 0x80;

/** @param reader Stands at the function's locals and ends with the function. */
export function readBody(reader: Reader, name: string): Body {
  const length = reader.end - reader.at;
  demand(
    length <= functionLengthMax,
    "function-too-large",
    `${name} has ${length} bytes, at most ${functionLengthMax}`,
  );
  const locals = readLocals(reader, name);
  const room = reader.end - reader.at;
  const opcodes = new Uint16Array(room);
  const starts = new Uint32Array(room + 1);
  const operands = new Int32Array(room);
  let count = 0;
  for (let nesting = 1; nesting > 0; count++) {
    starts[count] = reader.at;
    const opcode = readOpcode(reader);
    opcodes[count] = opcode;
    operands[count] = readImmediate(reader, opcode);
    if (opcode === op.end) nesting--;
    else if (opcode >= op.block && opcode <= op.if) nesting++;
    demand(nesting <= nestingMax, "function-too-deep", `${name} nests more than ${nestingMax} blocks`);
  }
  starts[count] = reader.at;
  reader.finish(name);
  return {
    bytes: reader.bytes,
    locals,
    opcodes: opcodes.slice(0, count),
    starts: starts.slice(0, count + 1),
    operands: operands.slice(0, count),
  };
}

function readLocals(reader: Reader, name: string): LocalGroup[] {
  const locals: LocalGroup[] = [];
  let units = 0;
  for (let groups = reader.count(); groups > 0; groups--) {
    const count = reader.u32();
    const type = readValueType(reader);
    units += count * unitsOf([type]);
    demand(units <= localsMax, "frame-too-large", `${name} has more than ${localsMax} units of locals`);
    locals.push({ count, type });
  }
  return locals;
}

function readOpcode(reader: Reader): number {
  const byte = reader.byte();
  const opcode = byte === prefixes.bulk || byte === prefixes.vector ? readPrefixed(reader, byte) : byte;
  if (opcode >= opcodesEnd || immediateOf[opcode] === immediates.unknown) throw refusedOpcode(opcode);
  return opcode;
}

function readPrefixed(reader: Reader, prefix: number): number {
  const number = reader.u32();
  if (prefix === prefixes.bulk) return number < vectorBase - bulkBase ? bulkBase + number : opcodesEnd;
  // The proposal begins where one byte ends (3.0, section 5.4.8).
  demand(number < opcodesEnd - vectorBase, "relaxed-simd-refused", `vector instruction ${number}`);
  return vectorBase + number;
}

/** Reads all that follows an opcode and returns the operand. */
function readImmediate(reader: Reader, opcode: number): number {
  switch (immediateOf[opcode]) {
    case immediates.none:
      return 0;
    case immediates.index:
    case immediates.label:
      return reader.u32();
    case immediates.memoryArgument:
      readMemoryArgument(reader);
      return 0;
    case immediates.s32:
      return reader.s32();
    case immediates.blockType:
      return readBlockType(reader);
    case immediates.labelTable:
      return readLabelTable(reader);
    case immediates.indirectCall: {
      const type = reader.u32();
      reader.u32();
      return type;
    }
    default:
      readRareImmediate(reader, opcode);
      return 0;
  }
}

function readRareImmediate(reader: Reader, opcode: number): void {
  switch (immediateOf[opcode]) {
    case immediates.s64:
      return reader.skipS64();
    case immediates.bytes4:
      return void reader.take(4);
    case immediates.bytes8:
      return void reader.take(8);
    case immediates.bytes16:
      return void reader.take(16);
    case immediates.lane:
      return void reader.byte();
    case immediates.memoryArgumentAndLane:
      readMemoryArgument(reader);
      return void reader.byte();
    case immediates.memory:
      return readMemoryIndex(reader);
    case immediates.memoryPair:
      readMemoryIndex(reader);
      return readMemoryIndex(reader);
    case immediates.segmentAndMemory:
      reader.u32();
      return readMemoryIndex(reader);
    case immediates.referenceType:
      return void readReferenceType(reader);
    case immediates.typeVector:
      // One type: validation allows no other number (3.4.3).
      if (reader.u32() !== 1) throw malformed("a select of several types");
      return void readValueType(reader);
    default:
      throw refusedOpcode(opcode);
  }
}

/** 5.4.1: empty, one value, or the index of a type as a signed integer of 33 bits. */
function readBlockType(reader: Reader): number {
  const byte = reader.peek();
  if (byte === emptyBlock) return reader.byte() - 0x80;
  if (isValueType(byte)) return reader.byte() - 0x80;
  const index = reader.s32();
  if (index < 0) readValueTypeRefusal(byte);
  return index;
}

function readValueTypeRefusal(byte: number): never {
  demand(byte >= 0x80 || byte < emptyBlock, "garbage-collection-refused", `a block of type 0x${byte.toString(16)}`);
  throw malformed("the type of a block");
}

function readLabelTable(reader: Reader): number {
  const count = reader.count();
  demand(count <= labelTableMax, "too-many", `${count} labels of a br_table, at most ${labelTableMax}`);
  for (let i = 0; i <= count; i++) reader.u32();
  return count;
}

/** 5.4.6. Alignment is an exponent below 64; the bit of 64 announces the index of a memory. */
function readMemoryArgument(reader: Reader): void {
  demand(reader.u32() < 64, "memory-refused", "an instruction for another memory");
  reader.u32();
}

/** One byte, as before there could be several memories: engines that know one memory only read no other form. */
function readMemoryIndex(reader: Reader): void {
  demand(reader.byte() === 0, "memory-refused", "an instruction for another memory");
}
