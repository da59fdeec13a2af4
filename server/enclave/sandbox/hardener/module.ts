/** From bytes to the parts of a module (specification 5.5), one section after the other. Custom sections are dropped. */
import { demand } from "./errors.ts";
import { readBody, type Body } from "./instructions.ts";
import { exportsMax, functionsMax, globalsMax, importsMax, tablesMax, typesMax } from "./limits.ts";
import { malformed, Reader } from "./reader.ts";
import { readConstant } from "./constant.ts";
import { readDataSegments, readElementSegments, type DataSegment, type ElementSegment } from "./segments.ts";
import { readFunctionType, readLimits, readReferenceType, readValueType } from "./types.ts";
import type { FunctionType, Limits, ValueType } from "./types.ts";

/** 5.5.16: magic and version. */
export const preamble = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00] as const;

/** 5.5.2. */
export const sections = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

/** 5.5.16: the order in a module is not that of the numbers. */
export const sectionOrder = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11] as const;

/** 5.5.5 and 5.5.10: what an import or export is. */
export const kinds = { function: 0, table: 1, memory: 2, global: 3, tag: 4 } as const;

export interface Import {
  readonly module: string;
  readonly name: string;
  readonly type: number;
}

export interface Global {
  readonly type: ValueType;
  readonly mutable: boolean;
}

export interface Export {
  readonly name: string;
  readonly kind: number;
  readonly index: number;
}

export interface Module {
  readonly types: readonly FunctionType[];
  /** Functions all of them; their indices come before those of the module's own. */
  readonly imports: readonly Import[];
  /** The type of each function of its own. */
  readonly functions: readonly number[];
  readonly tables: readonly Limits[];
  readonly memory: Limits;
  readonly globals: readonly Global[];
  readonly exports: readonly Export[];
  readonly start: number | undefined;
  readonly elements: readonly ElementSegment[];
  readonly data: readonly DataSegment[];
  readonly bodies: readonly Body[];
  /** Functions that `ref.func` in a global names. Those of element segments and code are found there. */
  readonly globalFunctions: readonly number[];
  /** Each section as it was, without its head. */
  readonly raw: ReadonlyMap<number, Uint8Array>;
}

/** @param bytes A module that `WebAssembly.validate` accepts: indices are in range and types agree. */
export function readModule(bytes: Uint8Array): Module {
  const raw = readSections(bytes);
  const section = <T>(id: number, what: string, max: number, read: (reader: Reader, index: number) => T): T[] => {
    const contents = raw.get(id);
    if (contents === undefined) return [];
    const reader = new Reader(contents);
    const count = reader.count();
    demand(count <= max, "too-many", `${count} ${what}, at most ${max}`);
    const items: T[] = [];
    for (let i = 0; i < count; i++) items.push(read(reader, i));
    reader.finish(`the section of ${what}`);
    return items;
  };

  const types = section(sections.type, "types", typesMax, readFunctionType);
  const imports = section(sections.import, "imports", importsMax, readImport);
  const functions = section(sections.function, "functions", functionsMax, (reader) => reader.u32());
  const tables = section(sections.table, "tables", tablesMax, readTable);
  const memories = section(sections.memory, "memories", globalsMax, readLimits);
  const globalFunctions: number[] = [];
  const globals = section(sections.global, "globals", globalsMax, (reader) => readGlobal(reader, globalFunctions));
  const exports = section(sections.export, "exports", exportsMax, readExport);
  const elements = readElementSegments(raw.get(sections.element));
  const bodies = section(sections.code, "functions", functionsMax, (reader, index) => {
    const length = reader.u32();
    const start = reader.at;
    reader.take(length);
    return readBody(new Reader(reader.bytes, start, reader.at), `function ${imports.length + index}`);
  });
  const data = readDataSegments(raw.get(sections.data));
  const [memory] = memories;
  demand(memory !== undefined, "memory-missing", "no memory is defined");
  demand(memories.length === 1, "memory-refused", `${memories.length} memories`);
  if (bodies.length !== functions.length) throw malformed("functions and their code differ in number");
  return {
    types,
    imports,
    functions,
    tables,
    memory,
    globals,
    exports,
    start: readStart(raw.get(sections.start)),
    elements,
    data,
    bodies,
    globalFunctions,
    raw,
  };
}

function readSections(bytes: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const reader = new Reader(bytes);
  if (preamble.some((byte) => reader.byte() !== byte)) throw malformed("not a module of version 1");
  const raw = new Map<number, Uint8Array>();
  let next = 0;
  while (!reader.done) {
    const id = reader.byte();
    const contents = reader.take(reader.u32());
    if (id === sections.custom) continue;
    demand(id !== sections.tag, "exceptions-refused", "a section of tags");
    const place = sectionOrder.findIndex((known) => known === id);
    if (place < next) throw malformed(`section ${id} is unknown, repeated or out of order`);
    next = place + 1;
    raw.set(id, contents);
  }
  return raw;
}

function readImport(reader: Reader): Import {
  const module = reader.name();
  const name = reader.name();
  const kind = reader.byte();
  demand(kind === kinds.function, "import-refused", `${module}.${name} is not a function`);
  return { module, name, type: reader.u32() };
}

function readTable(reader: Reader): Limits {
  // 0x40 begins a table with an initial value (3.0, section 5.5.7).
  demand(reader.peek() !== 0x40, "garbage-collection-refused", "a table with an initial value");
  readReferenceType(reader);
  return readLimits(reader);
}

function readGlobal(reader: Reader, functions: number[]): Global {
  const type = readValueType(reader);
  const mutability = reader.byte();
  if (mutability > 1) throw malformed("a global is neither constant nor mutable");
  const { function: named } = readConstant(reader);
  if (named !== undefined) functions.push(named);
  return { type, mutable: mutability === 1 };
}

function readExport(reader: Reader): Export {
  const name = reader.name();
  const kind = reader.byte();
  if (kind > kinds.global) throw malformed(`export ${name} is of an unknown kind`);
  return { name, kind, index: reader.u32() };
}

function readStart(contents: Uint8Array | undefined): number | undefined {
  if (contents === undefined) return undefined;
  const reader = new Reader(contents);
  const start = reader.u32();
  reader.finish("the start section");
  return start;
}
