/** A runtime's memory, bounded. Views of it are good until something is allocated. */
import { DevnetError } from "../errors.ts";
import { memoryPagesMax } from "../limits.ts";

const pageSize = 65_536;

export class GuestMemory {
  readonly #memory: WebAssembly.Memory;
  #bytes: Uint8Array;
  #view: DataView;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#view = new DataView(memory.buffer);
  }

  get size(): number {
    return this.#memory.buffer.byteLength;
  }

  get bytes(): Uint8Array {
    // A buffer that has grown leaves an empty one behind.
    if (this.#bytes.length === 0) this.#bytes = new Uint8Array(this.#memory.buffer);
    return this.#bytes;
  }

  get view(): DataView {
    if (this.#view.buffer !== this.#memory.buffer) this.#view = new DataView(this.#memory.buffer);
    return this.#view;
  }

  /** A view. @throws DevnetError "runtime-trapped" beyond the end. */
  slice(pointer: number, length: number): Uint8Array {
    const at = pointer >>> 0;
    if (at + length > this.size) throw new DevnetError("runtime-trapped", "a pointer beyond memory");
    return this.bytes.subarray(at, at + length);
  }

  /** Grows until there are so many bytes, at least to twice of what there was. @throws DevnetError "memory-exhausted". */
  reserve(size: number): void {
    const have = this.size / pageSize;
    const wanted = Math.ceil(size / pageSize);
    if (wanted <= have) return;
    if (wanted > memoryPagesMax) throw new DevnetError("memory-exhausted");
    try {
      this.#memory.grow(Math.min(Math.max(wanted, have * 2), memoryPagesMax) - have);
    } catch {
      throw new DevnetError("memory-exhausted", "the machine or the runtime's own limit");
    }
  }
}
