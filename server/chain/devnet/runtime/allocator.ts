/**
 * Substrate's allocator, which lies outside of the runtime: blocks of powers of two, each behind a header of eight bytes,
 * kept in lists when they are free and used again; beyond them the heap only grows (Polkadot specification, section
 * 2.3.2 "Allocation"; sp-allocator's freeing bump).
 */
import { DevnetError } from "../errors.ts";
import { allocationMax } from "../limits.ts";
import type { GuestMemory } from "./guest-memory.ts";

const headerSize = 8;
const smallest = 8;
const orders = 1 + Math.log2(allocationMax / smallest);
/** In a header's second word: the block is in use, and the first word is its order. Else that is the next free block. */
const occupied = 1;
const none = 0xffff_ffff;

export class Allocator {
  readonly #memory: GuestMemory;
  readonly #base: number;
  /** The first free block of each order. */
  readonly #free = new Uint32Array(orders).fill(none);
  #end: number;

  constructor(memory: GuestMemory, heapBase: number) {
    this.#memory = memory;
    this.#base = (heapBase + 7) & ~7;
    this.#end = this.#base;
  }

  /** The heap, as far as it was ever used. */
  get used(): { readonly from: number; readonly to: number } {
    return { from: this.#base, to: this.#end };
  }

  /** As if nothing had been allocated. */
  reset(): void {
    this.#free.fill(none);
    this.#end = this.#base;
  }

  /** @throws DevnetError "memory-exhausted"; "runtime-trapped" if a header was overwritten. */
  allocate(size: number): number {
    if (size > allocationMax) throw new DevnetError("memory-exhausted", `${size} bytes at once`);
    const order = orderOf(size);
    const header = this.#take(order) ?? this.#bump(smallest << order);
    const { view } = this.#memory;
    view.setUint32(header, order, true);
    view.setUint32(header + 4, occupied, true);
    return header + headerSize;
  }

  /** @throws DevnetError "runtime-trapped" for what is not allocated. */
  free(pointer: number): void {
    const header = pointer - headerSize;
    if (header < this.#base || header >= this.#end) throw damaged("a free of what was never allocated");
    const { view } = this.#memory;
    const order = view.getUint32(header, true);
    if (view.getUint32(header + 4, true) !== occupied || order >= orders) throw damaged("a free of what is not in use");
    view.setUint32(header, this.#free[order]!, true);
    view.setUint32(header + 4, 0, true);
    this.#free[order] = header;
  }

  #take(order: number): number | undefined {
    const header = this.#free[order]!;
    if (header === none) return undefined;
    const { view } = this.#memory;
    if (header + headerSize > this.#end || view.getUint32(header + 4, true) !== 0)
      throw damaged("a header was overwritten");
    this.#free[order] = view.getUint32(header, true);
    return header;
  }

  #bump(size: number): number {
    const header = this.#end;
    const end = header + headerSize + size;
    this.#memory.reserve(end);
    this.#end = end;
    return header;
  }
}

/** 0 for eight bytes, and one more for each doubling. */
const orderOf = (size: number): number => (size <= smallest ? 0 : 32 - Math.clz32(size - 1) - 3);

const damaged = (detail: string): DevnetError => new DevnetError("runtime-trapped", detail);
