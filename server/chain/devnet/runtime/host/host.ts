/** What host functions work with, and how values cross between them and a runtime. */
import { concatBytes } from "#protocol/bytes.ts";
import { keyOf, type StorageKey } from "../../hex.ts";
import { compact } from "../../scale.ts";
import type { Overlay } from "../../storage/overlay.ts";
import type { Allocator } from "../allocator.ts";
import type { GuestMemory } from "../guest-memory.ts";

export interface LogLine {
  /** 0 error, 1 warn, 2 info, 3 debug, 4 trace. */
  readonly level: number;
  readonly target: string;
  readonly text: string;
}

/** What is there while a call runs. */
export interface Surroundings {
  readonly storage: Overlay;
  log(line: LogLine): void;
  /** Of other code, which the runtime looks at before it becomes it. Undefined if it is no runtime. */
  versionOf(code: Uint8Array): Uint8Array | undefined;
}

/** Arguments are `i32` as numbers and `i64` as bigints; so is the result. */
export type HostFunction = (...values: never[]) => number | bigint | void;
export type HostFunctions = Readonly<Record<string, HostFunction>>;

/** A pointer in the lower half, a length in the upper one (Polkadot specification, "pointer-size"). */
export type Span = bigint;

/** One runtime instance, from the side of its host functions. */
export class Host {
  // Functions are linked before there is an instance, and its memory may come with it.
  memory!: GuestMemory;
  allocator!: Allocator;
  /** Of the call that runs. */
  surroundings!: Surroundings;

  get storage(): Overlay {
    return this.surroundings.storage;
  }

  /** A view, good until something is allocated. */
  view(span: Span): Uint8Array {
    const bits = BigInt.asUintN(64, span);
    return this.memory.slice(Number(bits & 0xffff_ffffn), Number(bits >> 32n));
  }

  copy(span: Span): Uint8Array {
    return this.view(span).slice();
  }

  key(span: Span): StorageKey {
    return keyOf(this.view(span));
  }

  /** A view of what has a fixed length. */
  fixed(pointer: number, length: number): Uint8Array {
    return this.memory.slice(pointer, length);
  }

  /** A pointer to a copy in the runtime's memory. */
  give(bytes: Uint8Array): number {
    const pointer = this.allocator.allocate(bytes.length);
    this.memory.slice(pointer, bytes.length).set(bytes);
    return pointer;
  }

  giveSpan(bytes: Uint8Array): Span {
    return BigInt.asIntN(64, (BigInt(bytes.length) << 32n) | BigInt(this.give(bytes)));
  }

  /** SCALE: an option of bytes behind their length. */
  giveOption(bytes: Uint8Array | undefined): Span {
    if (bytes === undefined) return this.giveSpan(Uint8Array.of(0));
    return this.giveSpan(concatBytes(Uint8Array.of(1), compact(bytes.length), bytes));
  }
}
