/** What a room is made of as far as the machine is concerned: one memory and some globals. And what every room begins as. */
import { MachineError, type Machine } from "./machine.ts";
import { changedPages, pageLength, wasmPageLength } from "./pages.ts";

/** All that an instance of a hardened module can remember. */
export interface Cells {
  readonly memory: WebAssembly.Memory;
  /** Every mutable global of the module, in the order in which the hardener names them. */
  readonly globals: readonly Cell[];
}

export type Cell = {
  [Type in keyof WebAssembly.ValueOf]: { readonly type: Type; readonly global: WebAssembly.Global<Type> };
}[keyof WebAssembly.ValueOf];

/** The memory and globals that every room of one contract starts from. */
export interface Image {
  readonly memory: Uint8Array;
  /** In which `memory` differs from what a fresh instance of the module has. */
  readonly pages: readonly number[];
  /** Eight bytes for each global, as `globalBytes` writes them. */
  readonly globals: Uint8Array;
  /** SHA-256 of memory and globals. A snapshot holds differences from exactly these bytes. */
  readonly hash: Uint8Array;
}

/** What an instance makes of its exports: the hardener gives every mutable global a name. */
export function cellsOf(
  exports: object,
  globals: readonly { readonly name: string; readonly type: keyof WebAssembly.ValueOf }[],
): Cells {
  const named = exports as Record<string, unknown>;
  return {
    memory: named["memory"] as WebAssembly.Memory,
    globals: globals.map(({ name, type }) => ({ type, global: named[name] }) as Cell),
  };
}

/** Only until the next call into the instance, which may move the memory. */
export const bytesOf = ({ memory }: Cells): Uint8Array => new Uint8Array(memory.buffer);

/** @param fresh the memory of an instance that has run nothing. */
export function takeImage(cells: Cells, fresh: Uint8Array, machine: Machine): Image {
  const memory = bytesOf(cells).slice();
  const globals = globalBytes(cells);
  return {
    memory,
    pages: changedPages(memory, fresh, machine.comparing?.(memory, fresh)),
    globals,
    hash: machine.sha256(memory, globals),
  };
}

/** Makes a fresh instance what the image was taken of: only the pages that differ are copied. */
export function putImage(cells: Cells, image: Image): void {
  growTo(cells.memory, image.memory.length);
  const memory = bytesOf(cells);
  for (const { from, to } of runsOf(image.pages)) memory.set(image.memory.subarray(from, to), from);
  setGlobals(cells, image.globals);
}

/** Where pages that follow one another begin and end, in bytes. */
function* runsOf(pages: readonly number[]): Iterable<{ readonly from: number; readonly to: number }> {
  for (let i = 0; i < pages.length;) {
    const first = i;
    do i += 1;
    while (i < pages.length && pages[i] === pages[i - 1]! + 1);
    yield { from: pages[first]! * pageLength, to: (pages[i - 1]! + 1) * pageLength };
  }
}

/** Equal for machines that ran the same calls, whatever they are made of. */
export const fingerprintOf = (cells: Cells, machine: Machine): Uint8Array =>
  machine.sha256(bytesOf(cells), globalBytes(cells));

/** @throws MachineError if the machine refuses. */
export function growTo(memory: WebAssembly.Memory, length: number): void {
  const missing = (length - memory.buffer.byteLength) / wasmPageLength;
  if (missing <= 0) return;
  try {
    memory.grow(missing);
  } catch {
    throw new MachineError(`no memory for ${length} bytes`);
  }
}

/** Eight bytes each, little-endian, the value at the front. Every NaN is the same: a hardened module cannot tell them apart. */
export function globalBytes({ globals }: Cells): Uint8Array {
  const bytes = new Uint8Array(8 * globals.length);
  const view = new DataView(bytes.buffer);
  globals.forEach((cell, i) => {
    const at = 8 * i;
    switch (cell.type) {
      case "i32":
        return view.setInt32(at, cell.global.value, true);
      case "i64":
        return view.setBigInt64(at, cell.global.value, true);
      case "f32":
        if (Number.isNaN(cell.global.value)) return view.setUint32(at, nan32, true);
        return view.setFloat32(at, cell.global.value, true);
      case "f64":
        if (Number.isNaN(cell.global.value)) return view.setBigUint64(at, nan64, true);
        return view.setFloat64(at, cell.global.value, true);
    }
  });
  return bytes;
}

/** @param bytes as `globalBytes` wrote them for the same module. */
export function setGlobals({ globals }: Cells, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  globals.forEach((cell, i) => {
    const at = 8 * i;
    switch (cell.type) {
      case "i32":
        cell.global.value = view.getInt32(at, true);
        return;
      case "i64":
        cell.global.value = view.getBigInt64(at, true);
        return;
      case "f32":
        cell.global.value = view.getFloat32(at, true);
        return;
      case "f64":
        cell.global.value = view.getFloat64(at, true);
        return;
    }
  });
}

/** Canonical, positive and quiet: WebAssembly Core, Numerics, "NaN". */
const nan32 = 0x7fc0_0000;
const nan64 = 0x7ff8_0000_0000_0000n;
