/** A contract that was evaluated is frozen into the image that every room of it starts from. */
import { manifestLimits } from "#protocol/manifest.ts";
import { NonsenseError } from "../answer.ts";
import { putImage, takeImage, type Image } from "../image.ts";
import type { Machine } from "../machine.ts";
import { wasmPageLength } from "../pages.ts";
import type { QuickJsModule } from "./binary.ts";
import { pagesLong, type Addresses } from "./evaluate.ts";
import { Host, type HostOptions } from "./host.ts";
import { inputWindow, outputWindow } from "./limits.ts";

export interface Frozen {
  readonly module: QuickJsModule;
  readonly image: Image;
  readonly addresses: Addresses;
}

/**
 * Keeps the memory as it is now. The evaluated instance is not used again.
 *
 * @param memoryPages what the contract may have in all, its own code and the engine included.
 * @throws NonsenseError if it has more already.
 */
export function freeze(
  module: QuickJsModule,
  { host, addresses }: { readonly host: Host; readonly addresses: Addresses },
  memoryPages: number,
  machine: Machine,
): Frozen {
  const { exports } = host;
  exports.qjs_run_gc();
  const fresh = new Host(module, host);
  // What is not the script's heap: the stack, the engine's own data, the windows, the tables.
  const { input, output, tables } = addresses;
  const others = [inputWindow, outputWindow, tables.length].reduce(
    (sum, length) => sum + pagesLong(length),
    fresh.pages * wasmPageLength,
  );
  const heap = memoryPages * wasmPageLength - others;
  const least = host.pages + 1;
  if (memoryPages < least) {
    throw new NonsenseError(
      `manifest: memoryPages must be a whole number from ${least} to ${manifestLimits.memoryPages}: ` +
        `this contract takes ${host.pages} before its first call, the engine included`,
    );
  }
  exports.qjs_set_memory_limit(heap);
  const { memory } = host;
  // Left over from loading: below its top the stack is empty now.
  memory.fill(0, 0, exports.__stack_pointer.value);
  memory.fill(0, input, input + inputWindow);
  memory.fill(0, output, output + outputWindow);
  return { module, image: takeImage(host.cells, fresh.memory, machine), addresses };
}

/** A new instance with the image's memory: only the pages that differ are copied. */
export function thaw({ module, image, addresses }: Frozen, options: HostOptions): Host {
  const host = new Host(module, options);
  putImage(host.cells, image);
  host.exports.qjs_set_runtime_and_context(addresses.runtime, addresses.context);
  return host;
}
