/**
 * Makes a module count the instructions it executes, in an exported i64 global. It reads modules on its own and shares no
 * code with the hardener, whose accounts it checks.
 */
import { WasmBytes } from "./bytes.ts";
import { header } from "./module.ts";

/** What the global is called. Its value is a bigint. */
export const executedName = "executed";

interface Section {
  readonly id: number;
  readonly contents: Uint8Array;
}

/** WebAssembly 2.0, section 5.5.2. @param module must be valid, without imports but functions. */
export function countingModule(module: Uint8Array): Uint8Array {
  const sections = readSections(module);
  const globals = countOf(sections, 6);
  const out = new WasmBytes().bytes(header);
  const [global, exported] = [new WasmBytes(), new WasmBytes()];
  global.bytes([0x7e, 0x01, 0x42, 0x00, 0x0b]);
  exported.name(executedName).byte(0x03).unsigned(globals);
  const order = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11];
  for (const id of order) {
    const contents = sections.find((section) => section.id === id)?.contents;
    if (id === 6) out.byte(id).sized(appended(contents, global.view()));
    else if (id === 7) out.byte(id).sized(appended(contents, exported.view()));
    else if (id === 10 && contents !== undefined) out.byte(id).sized(countingCode(contents, globals));
    else if (contents !== undefined) out.byte(id).sized(contents);
  }
  return out.copy();
}

/** Every instruction of a valid module, in the order of its bytes; `sub` is the number behind a prefix, or -1. */
export function instructionsOf(module: Uint8Array): { readonly opcode: number; readonly sub: number }[] {
  const found: { opcode: number; sub: number }[] = [];
  const code = readSections(module).find((section) => section.id === 10)?.contents;
  if (code === undefined) return found;
  eachBody(code, (body, from) => eachInstruction(body, from, (opcode, sub) => found.push({ opcode, sub })));
  return found;
}

function readSections(module: Uint8Array): Section[] {
  const sections: Section[] = [];
  const cursor = { bytes: module, at: 8 };
  while (cursor.at < module.length) {
    const id = module[cursor.at++]!;
    const length = readUnsigned(cursor);
    sections.push({ id, contents: module.subarray(cursor.at, cursor.at + length) });
    cursor.at += length;
  }
  return sections;
}

interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

function readUnsigned(cursor: Cursor): number {
  let value = 0;
  let scale = 1;
  for (;;) {
    const byte = cursor.bytes[cursor.at++]!;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
    scale *= 128;
  }
}

function countOf(sections: readonly Section[], id: number): number {
  const contents = sections.find((section) => section.id === id)?.contents;
  return contents === undefined ? 0 : readUnsigned({ bytes: contents, at: 0 });
}

/** A vector of items with one more at its end. */
function appended(contents: Uint8Array | undefined, item: Uint8Array): Uint8Array {
  const cursor = { bytes: contents ?? new Uint8Array(1), at: 0 };
  const count = readUnsigned(cursor);
  return new WasmBytes()
    .unsigned(count + 1)
    .bytes(cursor.bytes.subarray(cursor.at))
    .bytes(item)
    .copy();
}

/** @param visit gets each body and where its instructions begin. */
function eachBody(code: Uint8Array, visit: (body: Uint8Array, from: number) => void): void {
  const cursor = { bytes: code, at: 0 };
  for (let count = readUnsigned(cursor); count > 0; count--) {
    const length = readUnsigned(cursor);
    const body = { bytes: code.subarray(cursor.at, cursor.at + length), at: 0 };
    cursor.at += length;
    for (let groups = readUnsigned(body); groups > 0; groups--) {
      readUnsigned(body);
      body.at += 1;
    }
    visit(body.bytes, body.at);
  }
}

/** @param visit gets each instruction's opcode, the number behind a prefix, and where it begins and ends. */
function eachInstruction(
  body: Uint8Array,
  from: number,
  visit: (opcode: number, sub: number, start: number, end: number) => void,
): void {
  const cursor = { bytes: body, at: from };
  while (cursor.at < body.length) {
    const start = cursor.at;
    const opcode = body[cursor.at++]!;
    const sub = opcode === 0xfc || opcode === 0xfd ? readUnsigned(cursor) : -1;
    skipImmediates(cursor, opcode, sub);
    visit(opcode, sub, start, cursor.at);
  }
}

/** Opcodes with one LEB128 number behind them: blocks, branches, calls, variables, table access, references, constants. */
const oneNumber = new Set([
  0x02, 0x03, 0x04, 0x0c, 0x0d, 0x10, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x3f, 0x40, 0x41, 0x42, 0xd0, 0xd2,
]);

function skipImmediates(cursor: Cursor, opcode: number, sub: number): void {
  const numbers = (count: number): void => {
    for (let i = 0; i < count; i++) while (cursor.bytes[cursor.at++]! >= 0x80);
  };
  if (oneNumber.has(opcode)) numbers(1);
  else if (opcode === 0x0e) numbers(readUnsigned(cursor) + 1);
  else if (opcode === 0x11) numbers(2);
  else if (opcode === 0x1c) numbers(readUnsigned(cursor));
  else if (opcode === 0x43) cursor.at += 4;
  else if (opcode === 0x44) cursor.at += 8;
  else if (opcode >= 0x28 && opcode <= 0x3e) numbers(2);
  else if (opcode === 0xfc && sub >= 8) numbers([8, 10, 12, 14].includes(sub) ? 2 : 1);
  else if (opcode === 0xfd) skipVectorImmediates(cursor, sub, numbers);
}

function skipVectorImmediates(cursor: Cursor, sub: number, numbers: (count: number) => void): void {
  if (sub === 12 || sub === 13) cursor.at += 16;
  else if (sub >= 21 && sub <= 34) cursor.at += 1;
  else if (sub <= 11 || sub === 92 || sub === 93) numbers(2);
  else if (sub >= 84 && sub <= 91) {
    numbers(2);
    cursor.at += 1;
  }
}

/** `block`, `loop`, `else` and `end` do nothing by themselves. */
const idle = new Set([0x02, 0x03, 0x05, 0x0b]);

function countingCode(code: Uint8Array, global: number): Uint8Array {
  const out = new WasmBytes().unsigned(readUnsigned({ bytes: code, at: 0 }));
  const index = new WasmBytes().unsigned(global).copy();
  eachBody(code, (body, from) => {
    const counting = new WasmBytes().bytes(body.subarray(0, from));
    eachInstruction(body, from, (opcode, _, start, end) => {
      if (!idle.has(opcode)) {
        counting.byte(0x23).bytes(index).bytes([0x42, 1, 0x7c]).byte(0x24).bytes(index);
      }
      counting.bytes(body.subarray(start, end));
    });
    out.sized(counting.view());
  });
  return out.copy();
}
