/** What a module may want, offer and hold. Its instructions were judged while they were read. */
import { demand } from "./errors.ts";
import type { Module } from "./module.ts";
import { pagesAddressable, tableEntriesMax } from "./limits.ts";
import { isReference, types } from "./types.ts";

/** What every name that is added to a module's exports begins with. */
export const reservedPrefix = "phatroom_";

const pageLength = 65_536;

export interface Permits {
  readonly imports: ReadonlySet<string>;
  readonly pagesMax: number;
}

/** @throws HardenError with the reason. */
export function accept(module: Module, permits: Permits): void {
  acceptImports(module, permits);
  acceptExports(module);
  acceptMemory(module, permits);
  acceptTables(module);
  for (const [index, { type, mutable }] of module.globals.entries()) {
    const kept = !isReference(type) && type !== types.v128;
    demand(!mutable || kept, "global-refused", `global ${index} is mutable and of type 0x${type.toString(16)}`);
  }
}

function acceptImports({ imports, types: functionTypes }: Module, permits: Permits): void {
  for (const { module, name, type } of imports) {
    const full = `${module}.${name}`;
    demand(permits.imports.has(full), "import-refused", full);
    const { parameters, results } = functionTypes[type]!;
    // The bits of a NaN must not reach the host, nor a JavaScript value the module.
    const integers = [...parameters, ...results].every((value) => value === types.i32 || value === types.i64);
    demand(integers, "import-refused", `${full} takes or returns something that is not an integer`);
  }
}

function acceptExports({ exports }: Module): void {
  for (const { name } of exports) demand(!name.startsWith(reservedPrefix), "export-refused", name);
}

function acceptMemory({ memory, data }: Module, { pagesMax }: Permits): void {
  const most = Math.min(pagesMax, pagesAddressable);
  demand(memory.min <= most, "memory-refused", `it begins with ${memory.min} pages, at most ${most}`);
  for (const [index, { place, length }] of data.entries()) {
    if (place === undefined) continue;
    const end = place.offset + length;
    demand(end <= memory.min * pageLength, "segment-out-of-bounds", `data segment ${index} ends at ${end}`);
  }
}

function acceptTables({ tables, elements }: Module): void {
  for (const [index, { min }] of tables.entries()) {
    demand(min <= tableEntriesMax, "too-many", `table ${index} has ${min} entries, at most ${tableEntriesMax}`);
  }
  for (const [index, { place, length }] of elements.entries()) {
    if (place === undefined) continue;
    const end = place.offset + length;
    const table = tables[place.index];
    demand(table !== undefined && end <= table.min, "segment-out-of-bounds", `element segment ${index} ends at ${end}`);
  }
}
