/** Element and data segments (specification 5.5.12 and 5.5.14). They are kept as they are; what they name is read. */
import { readConstant } from "./constant.ts";
import { demand } from "./errors.ts";
import { segmentsMax, tableEntriesMax } from "./limits.ts";
import { malformed, Reader } from "./reader.ts";
import { readReferenceType } from "./types.ts";

/** What an active segment fills when the module is instantiated. */
export interface Place {
  /** Of a table or memory. */
  readonly index: number;
  readonly offset: number;
}

export interface ElementSegment {
  readonly place: Place | undefined;
  readonly length: number;
  readonly functions: readonly number[];
}

export interface DataSegment {
  readonly place: Place | undefined;
  readonly length: number;
}

export function readElementSegments(contents: Uint8Array | undefined): ElementSegment[] {
  return readSegments(contents, "element segments", readElementSegment);
}

export function readDataSegments(contents: Uint8Array | undefined): DataSegment[] {
  return readSegments(contents, "data segments", readDataSegment);
}

function readSegments<T>(contents: Uint8Array | undefined, what: string, read: (reader: Reader) => T): T[] {
  if (contents === undefined) return [];
  const reader = new Reader(contents);
  const count = reader.count();
  demand(count <= segmentsMax, "too-many", `${count} ${what}, at most ${segmentsMax}`);
  const segments = Array.from({ length: count }, () => read(reader));
  reader.finish(`the section of ${what}`);
  return segments;
}

/** Flags of an element segment: bits 0 to 2 of 5.5.12. */
const element = { passiveOrDeclarative: 1, explicit: 2, expressions: 4 } as const;

function readElementSegment(reader: Reader): ElementSegment {
  const flags = reader.u32();
  if (flags > 7) throw malformed("an element segment of an unknown kind");
  const active = (flags & element.passiveOrDeclarative) === 0;
  const explicit = (flags & element.explicit) !== 0;
  const expressions = (flags & element.expressions) !== 0;
  const place = active ? readPlace(reader, explicit ? reader.u32() : 0) : undefined;
  if (!active || explicit) {
    if (expressions) readReferenceType(reader);
    else if (reader.byte() !== 0) throw malformed("an element segment of an unknown kind");
  }
  const count = reader.count();
  demand(count <= tableEntriesMax, "too-many", `${count} elements of a segment, at most ${tableEntriesMax}`);
  const functions: number[] = [];
  for (let i = 0; i < count; i++) {
    const named = expressions ? readConstant(reader).function : reader.u32();
    if (named !== undefined) functions.push(named);
  }
  return { place, length: count, functions };
}

function readDataSegment(reader: Reader): DataSegment {
  const flags = reader.u32();
  if (flags > 2) throw malformed("a data segment of an unknown kind");
  const place = flags === 1 ? undefined : readPlace(reader, flags === 2 ? reader.u32() : 0);
  const length = reader.u32();
  reader.take(length);
  return { place, length };
}

function readPlace(reader: Reader, index: number): Place {
  const { i32 } = readConstant(reader);
  demand(i32 !== undefined, "constant-refused", "an offset that is not an i32");
  return { index, offset: i32 >>> 0 };
}
