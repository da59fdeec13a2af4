/** A contract evaluated once and frozen: the memory every room of it starts from. */
import { hostGlobal, permitsScript } from "../permits.ts";
import { putImage, takeImage, type Image } from "../image.ts";
import type { Machine } from "../machine.ts";
import { pageLength, wasmPageLength } from "../pages.ts";
import { compile } from "./compile.ts";
import { GuestError, Host, type HostOptions } from "./host.ts";
import { contractIntrinsics, inputWindow, loadMs, memoryLimitForLoading, outputWindow, stackLimit } from "./limits.ts";

/** Where things are in the memory of every room of one contract. */
export interface Addresses {
  readonly runtime: number;
  readonly context: number;
  /** The guest's answering function, and the `undefined` it is called on. */
  readonly answer: number;
  readonly undefined: number;
  readonly input: number;
  readonly output: number;
}

/** A contract evaluated and frozen. */
export interface Frozen {
  readonly module: WebAssembly.Module;
  readonly image: Image;
  readonly addresses: Addresses;
}

/** A contract that was evaluated and can be asked, before it is frozen. */
export interface Evaluated {
  readonly host: Host;
  readonly addresses: Addresses;
}

let permitsCode: Uint8Array | undefined;

/** @throws GuestError if the bundle does not compile, throws, runs too long, or is no contract's bundle. */
export function evaluate(module: WebAssembly.Module, bundle: Uint8Array, options: HostOptions): Evaluated {
  permitsCode ??= compile(module, Buffer.from(permitsScript), "permits.js");
  const contract = compile(module, bundle);
  const host = new Host(module, options);
  const { exports } = host;
  exports._initialize();
  if (exports.qjs_init2(contractIntrinsics) !== 0) throw new Error("QuickJS did not start");
  exports.qjs_set_memory_limit(memoryLimitForLoading);
  exports.qjs_set_max_stack_size(stackLimit);
  exports.qjs_set_interrupt_handler(1);
  exports.qjs_set_promise_rejection_handler(1);

  const input = window(host, inputWindow);
  const output = window(host, outputWindow);
  const shared = exports.qjs_new_object();
  host.setProperty(shared, "input", bytesAt(host, input, inputWindow));
  host.setProperty(shared, "output", bytesAt(host, output, outputWindow));
  host.setProperty(shared, "log", exports.qjs_new_host_function(host.putText("log"), "log".length, 0));
  host.setProperty(exports.qjs_get_global(), hostGlobal, shared);

  host.budget.start(loadMs);
  host.run(permitsCode);
  host.run(contract);
  const answer = host.property(shared, "answer");
  if (exports.qjs_is_function(answer) === 0) {
    throw new GuestError("this bundle was not made by `phatroom build`: nothing in it answers calls");
  }
  return {
    host,
    addresses: {
      runtime: exports.qjs_get_runtime_ptr(),
      context: exports.qjs_get_context_ptr(),
      answer,
      undefined: exports.qjs_get_undefined(),
      input,
      output,
    },
  };
}

/**
 * Keeps the memory as it is now. The evaluated instance is not used again.
 *
 * @param memoryPages what the contract may have in all, its own code and the engine included.
 */
export function freeze(
  module: WebAssembly.Module,
  { host, addresses }: Evaluated,
  memoryPages: number,
  machine: Machine,
): Frozen {
  const { exports } = host;
  exports.qjs_run_gc();
  const fresh = new Host(module);
  // What is not the script's heap: the stack, the engine's own data, the windows.
  const others = fresh.pages * wasmPageLength + pagesLong(inputWindow) + pagesLong(outputWindow);
  const heap = memoryPages * wasmPageLength - others;
  if (heap <= 0 || host.pages > memoryPages) {
    throw new GuestError(`memoryPages is ${memoryPages}, but the loaded contract alone takes ${host.pages}`);
  }
  exports.qjs_set_memory_limit(heap);
  const { memory } = host;
  const { input, output } = addresses;
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

/** Whole pages of memory outside the script's heap, for as long as the instance lives. */
function window(host: Host, length: number): number {
  const at = host.exports.wasm_malloc(pagesLong(length) + pageLength);
  if (at === 0) throw new Error("QuickJS has no memory");
  return pagesLong(at);
}

/** Rounded up to whole pages. */
const pagesLong = (length: number): number => Math.ceil(length / pageLength) * pageLength;

/** A `Uint8Array` of the script over these bytes. Detaching or transferring it does not free them. */
function bytesAt(host: Host, at: number, length: number): number {
  const { exports } = host;
  const value = exports.JS_NewUint8Array(exports.qjs_get_context_ptr(), at, length, 0, 0, 0);
  const box = host.put(new Uint8Array(8));
  new DataView(exports.memory.buffer).setBigUint64(box, BigInt.asUintN(64, value), true);
  return box;
}
