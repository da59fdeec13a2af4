/** From a bundle's text to QuickJS bytecode. Only this throw-away instance can compile; those that run contracts cannot. */
import type { QuickJsModule } from "./binary.ts";
import { faultSentence, GuestError } from "./fault.ts";
import { Host } from "./host.ts";
import { allIntrinsics, loadPages, memoryLimitForLoading, stackLimit } from "./limits.ts";

/** Keeps line numbers for stacks and drops the text itself, which every room would carry. */
const stripSource = 1 << 4;

/** What stacks call the bundle. */
export const bundleName = "contract.js";

/** @throws GuestError with the syntax error, or if it takes too much. */
export function compile(module: QuickJsModule, source: Uint8Array, name: string = bundleName): Uint8Array {
  const host = new Host(module, { pagesMax: loadPages });
  try {
    return compileIn(host, source, name);
  } catch (error) {
    throw new GuestError(faultSentence(error, host));
  }
}

function compileIn(host: Host, source: Uint8Array, name: string): Uint8Array {
  start(host, allIntrinsics);
  const { exports } = host;
  const code = host.put(source);
  const file = host.putText(name);
  const lengthAt = host.put(new Uint8Array(4));
  const at = exports.qjs_compile(code, source.length, file, 0, stripSource, lengthAt);
  if (at === 0) throw host.exception();
  return host.bytes(at, new DataView(exports.memory.buffer).getUint32(lengthAt, true)).slice();
}

/** Makes a fresh instance a QuickJS with what the language has of `intrinsics`. */
export function start({ exports }: Host, intrinsics: number): void {
  exports._initialize();
  if (exports.qjs_init2(intrinsics) !== 0) throw new Error("QuickJS did not start");
  exports.qjs_set_memory_limit(memoryLimitForLoading);
  exports.qjs_set_max_stack_size(stackLimit);
}
