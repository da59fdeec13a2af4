/** One instance of a runtime. Before each call its memory is as it was at first, so that no call knows of another. */
import { DevnetError } from "../errors.ts";
import { Allocator } from "./allocator.ts";
import { GuestMemory } from "./guest-memory.ts";
import { childStorageFunctions } from "./host/child-storage.ts";
import { cryptoFunctions } from "./host/crypto.ts";
import { hashingFunctions } from "./host/hashing.ts";
import { Host, type HostFunctions, type Surroundings } from "./host/host.ts";
import { miscFunctions } from "./host/misc.ts";
import { storageFunctions } from "./host/storage.ts";

export interface Linkable {
  readonly module: WebAssembly.Module;
  /** Pages that the memory it imports begins with and may grow to; undefined if it brings its own. */
  readonly memory: { readonly initial: number; readonly maximum: number } | undefined;
}

type Entry = (pointer: number, length: number) => bigint;

export class RuntimeInstance {
  readonly #exports: Record<string, unknown>;
  readonly #host: Host;
  /** Static data and stack as they were after instantiation: all below the heap. */
  readonly #image: Uint8Array;

  /** @throws DevnetError "runtime-malformed" if it cannot be linked, or lacks what runtimes have. */
  constructor({ module, memory: wanted }: Linkable) {
    const host = new Host();
    const own = wanted === undefined ? undefined : new WebAssembly.Memory(wanted);
    this.#exports = link(module, hostFunctions(host), own);
    const memory = own ?? this.#exports["memory"];
    const heapBase = this.#exports["__heap_base"];
    if (!(memory instanceof WebAssembly.Memory) || !(heapBase instanceof WebAssembly.Global)) {
      throw new DevnetError("runtime-malformed", "it has no memory or no __heap_base");
    }
    host.memory = new GuestMemory(memory);
    host.allocator = new Allocator(host.memory, Number(heapBase.value));
    this.#host = host;
    this.#image = host.memory.slice(0, Number(heapBase.value)).slice();
  }

  /** @throws what a host function throws, or V8's errors for traps; then the instance is not to be used again. */
  call(name: string, input: Uint8Array, surroundings: Surroundings): Uint8Array {
    const entry = this.#exports[name];
    if (typeof entry !== "function") throw new DevnetError("runtime-unsupported", `it has no ${name}`);
    const host = this.#host;
    host.surroundings = surroundings;
    const output = host.copy((entry as Entry)(host.give(input), input.length));
    this.#reset();
    return output;
  }

  #reset(): void {
    const { bytes } = this.#host.memory;
    const { from, to } = this.#host.allocator.used;
    bytes.set(this.#image);
    bytes.fill(0, from, to);
    this.#host.allocator.reset();
  }
}

const hostFunctions = (host: Host): HostFunctions => ({
  ...storageFunctions(host),
  ...childStorageFunctions(host),
  ...hashingFunctions(host),
  ...cryptoFunctions(host),
  ...miscFunctions(host),
});

/** What is not there is missed only by a runtime that calls it. */
function link(
  module: WebAssembly.Module,
  functions: HostFunctions,
  memory: WebAssembly.Memory | undefined,
): Record<string, unknown> {
  const imports: Record<string, Record<string, unknown>> = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    const missing = (): never => {
      throw new DevnetError("runtime-unsupported", name);
    };
    (imports[from] ??= {})[name] = kind === "memory" ? memory : (functions[name] ?? missing);
  }
  try {
    return new WebAssembly.Instance(module, imports).exports;
  } catch (error) {
    throw new DevnetError("runtime-malformed", error instanceof Error ? error.message : String(error));
  }
}
