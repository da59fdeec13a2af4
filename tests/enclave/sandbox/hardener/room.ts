/** A hardened module with its hands on the table: budgets to set, exports to call, what is left to read. */
import { depthMax, harden, type HardenOptions } from "#enclave/sandbox/hardener/harden.ts";
import { assemble, type ModuleSource } from "./assembler.ts";

type Exported = (...values: (number | bigint)[]) => unknown;

/** What of a room's exports these tests use. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly phatroom_fuel: WebAssembly.Global;
  readonly phatroom_depth: WebAssembly.Global;
  readonly phatroom_pages: WebAssembly.Global;
  readonly phatroom_refuel: (fuel: number) => number;
}

export const options: HardenOptions = { imports: new Set(["env.abort", "room.log"]), pagesMax: 64 };

export function hardened(source: ModuleSource, more: Partial<HardenOptions> = {}): Uint8Array<ArrayBuffer> {
  return harden(assemble(source), { ...options, ...more }).bytes as Uint8Array<ArrayBuffer>;
}

export interface Ran {
  /** What the call returned, or the trap's message. */
  readonly value: unknown;
  readonly trapped: boolean;
  readonly spent: number;
  readonly fuel: number;
  readonly depth: number;
  readonly pages: number;
}

export class Room {
  readonly exports: Exports & WebAssembly.Exports;

  constructor(bytes: Uint8Array<ArrayBuffer>, imports: WebAssembly.Imports = {}) {
    this.exports = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports as Exports &
      WebAssembly.Exports;
  }

  /** Calls an export on a fresh budget. */
  run(
    name: string,
    values: readonly (number | bigint)[] = [],
    { fuel = 1_000_000, depth = depthMax }: { readonly fuel?: number; readonly depth?: number } = {},
  ): Ran {
    const { phatroom_fuel, phatroom_depth, phatroom_pages } = this.exports;
    phatroom_fuel.value = fuel;
    phatroom_depth.value = depth;
    let value: unknown;
    let trapped = false;
    try {
      value = (this.exports[name] as Exported)(...values);
    } catch (error) {
      trapped = true;
      value = error instanceof WebAssembly.RuntimeError ? error.message : String(error);
    }
    const left = phatroom_fuel.value as number;
    return {
      value,
      trapped,
      spent: fuel - left,
      fuel: left,
      depth: phatroom_depth.value as number,
      pages: phatroom_pages.value as number,
    };
  }
}

export const room = (
  source: ModuleSource,
  more: Partial<HardenOptions> = {},
  imports: WebAssembly.Imports = {},
): Room => new Room(hardened(source, more), imports);
