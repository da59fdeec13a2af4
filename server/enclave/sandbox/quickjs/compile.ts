/** From a bundle's text to QuickJS bytecode. Only this throw-away instance can compile; those that run contracts cannot. */
import { allIntrinsics, memoryLimitForLoading, stackLimit } from "./limits.ts";
import { Host } from "./host.ts";

/** Keeps line numbers for stacks and drops the text itself, which every room would carry. */
const stripSource = 1 << 4;

/** What stacks call the bundle. */
export const bundleName = "contract.js";

/** @throws GuestError with the syntax error. */
export function compile(module: WebAssembly.Module, source: Uint8Array, name: string = bundleName): Uint8Array {
  const host = new Host(module);
  const { exports } = host;
  exports._initialize();
  if (exports.qjs_init2(allIntrinsics) !== 0) throw new Error("QuickJS did not start");
  exports.qjs_set_memory_limit(memoryLimitForLoading);
  exports.qjs_set_max_stack_size(stackLimit);
  const code = host.put(source);
  const file = host.putText(name);
  const lengthAt = host.put(new Uint8Array(4));
  const at = exports.qjs_compile(code, source.length, file, 0, stripSource, lengthAt);
  if (at === 0) throw host.exception();
  return host.copy(at, new DataView(exports.memory.buffer).getUint32(lengthAt, true));
}
