/** How large a module wants the memory that it imports: V8 tells names of imports, but no limits. */
import { DevnetError } from "../errors.ts";

export interface MemoryLimits {
  readonly initial: number;
  readonly maximum: number | undefined;
}

const importSection = 2;

/**
 * WebAssembly specification, sections 5.5.2 and 5.5.5.
 *
 * @param module a valid one.
 * @returns undefined if it imports no memory.
 */
export function importedMemory(module: Uint8Array): MemoryLimits | undefined {
  const reader = new ModuleReader(module, 8);
  while (!reader.ended) {
    const section = reader.byte();
    const size = reader.number();
    if (section !== importSection) {
      reader.skip(size);
      continue;
    }
    for (let left = reader.number(); left > 0; left--) {
      reader.skip(reader.number());
      reader.skip(reader.number());
      const memory = readDescription(reader);
      if (memory !== undefined) return memory;
    }
    return undefined;
  }
  return undefined;
}

function readDescription(reader: ModuleReader): MemoryLimits | undefined {
  switch (reader.byte()) {
    case 0: // a function and its type
      reader.number();
      return undefined;
    case 1: // a table
      reader.byte();
      readLimits(reader);
      return undefined;
    case 2:
      return readLimits(reader);
    case 3: // a global
      reader.skip(2);
      return undefined;
    default:
      throw new DevnetError("runtime-malformed", "an import of an unknown kind");
  }
}

function readLimits(reader: ModuleReader): MemoryLimits {
  const flags = reader.byte();
  if (flags > 1) throw new DevnetError("runtime-malformed", "memory that is shared or of 64 bits");
  const initial = reader.number();
  return { initial, maximum: flags === 1 ? reader.number() : undefined };
}

class ModuleReader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get ended(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new DevnetError("runtime-malformed", "a module that ends too early");
    return byte;
  }

  /** LEB128 of 32 bits. */
  number(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new DevnetError("runtime-malformed", "a number that is too long");
  }

  skip(length: number): void {
    this.#at += length;
  }
}
