/**
 * Takes away the exports that nobody uses. The binary has five hundred: each would be made anew for every room, and what
 * is exported pays for its own fuel wherever it is called from.
 */
import { Reader } from "../hardener/reader.ts";
import { Writer } from "../hardener/writer.ts";

/** "\0asm" and the version (WebAssembly core specification, 5.5.16). */
const preambleLength = 8;

/** 5.5.2. */
const exportSection = 7;

export function trimExports(module: Uint8Array, used: ReadonlySet<string>): Uint8Array {
  const reader = new Reader(module, preambleLength);
  const writer = new Writer(module.length).append(module.subarray(0, preambleLength));
  while (!reader.done) {
    const id = reader.byte();
    const section = reader.take(reader.u32());
    writer.byte(id).vector(id === exportSection ? exportsAmong(section, used) : section);
  }
  return writer.written.slice();
}

/** 5.5.10: a name, one of four kinds, an index. */
function exportsAmong(section: Uint8Array, used: ReadonlySet<string>): Uint8Array {
  const reader = new Reader(section);
  const kept = new Writer(section.length);
  let count = 0;
  for (let left = reader.count(); left > 0; left--) {
    const name = reader.name();
    const kind = reader.byte();
    const index = reader.u32();
    if (!used.has(name)) continue;
    count += 1;
    kept.name(name).byte(kind).u32(index);
  }
  return new Writer().u32(count).append(kept.written).written;
}
