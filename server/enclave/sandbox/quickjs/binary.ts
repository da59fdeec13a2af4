/** The pinned WebAssembly binary of QuickJS, hardened and compiled once, and shared by every room. */
import { bytesToHex } from "#protocol/bytes.ts";
import { manifestLimits } from "#protocol/manifest.ts";
import { harden, hardenerVersion, type Hardened } from "../hardener/harden.ts";
import type { Machine } from "../machine.ts";
import { chargeMax, keptMax } from "./limits.ts";
import { trimExports } from "./trim.ts";

/** Of `quickjs.wasm` in quickjs-wasi 3.6.2. Another binary is another engine: rooms saved under one cannot go on in it. */
const binaryHash = "d4c9375f2b1ca4dc95f72c8aa2982a7a9951ac8011490d79c6582df732b4bbd9";

/** Counts changes of what contracts can observe of our side: permits, windows, limits, order of jobs, memory layout. */
const interfaceVersion = 3;

export const engineVersion = `quickjs-wasi 3.6.2 ${binaryHash.slice(0, 16)} ${hardenerVersion} interface ${interfaceVersion}`;

export interface QuickJsModule {
  readonly module: WebAssembly.Module;
  readonly globals: Hardened["globals"];
}

/** All that the binary imports; `host.ts` answers with constants. */
const imports: ReadonlySet<string> = new Set([
  "env.host_call",
  "env.host_get_timezone_offset",
  "env.host_interrupt",
  "env.host_module_load",
  "env.host_module_normalize",
  "env.host_promise_rejection",
  "wasi_snapshot_preview1.clock_time_get",
  "wasi_snapshot_preview1.fd_close",
  "wasi_snapshot_preview1.fd_fdstat_get",
  "wasi_snapshot_preview1.fd_seek",
  "wasi_snapshot_preview1.fd_write",
  "wasi_snapshot_preview1.random_get",
]);

/** Those of `QuickJsExports` that are the binary's own. */
const exports = [
  "memory",
  "__stack_pointer",
  "_initialize",
  "qjs_init2",
  "qjs_set_promise_rejection_handler",
  "qjs_set_memory_limit",
  "qjs_set_max_stack_size",
  "qjs_get_runtime_ptr",
  "qjs_get_context_ptr",
  "qjs_set_runtime_and_context",
  "qjs_run_gc",
  "qjs_compile",
  "qjs_eval_bytecode",
  "qjs_call",
  "qjs_is_job_pending",
  "qjs_execute_pending_job",
  "qjs_is_exception",
  "qjs_is_function",
  "qjs_is_number",
  "qjs_is_string",
  "qjs_get_exception",
  "qjs_get_float64",
  "qjs_get_string_len",
  "qjs_free_cstring",
  "qjs_get_undefined",
  "qjs_get_global",
  "qjs_get_value_ptr",
  "qjs_new_object",
  "qjs_new_host_function",
  "qjs_get_prop_string",
  "qjs_set_prop_string",
  "qjs_free_value",
  "wasm_malloc",
  "wasm_free",
  "JS_NewUint8Array",
] as const satisfies (keyof QuickJsExports)[];

/** @throws Error if these bytes are not the pinned binary. */
export async function quickJsModule(binary: Uint8Array, machine: Machine): Promise<QuickJsModule> {
  const hash = bytesToHex(machine.sha256(binary));
  if (hash !== binaryHash) throw new Error(`quickjs.wasm has SHA-256 ${hash}, not the pinned ${binaryHash}`);
  const { bytes, globals } = harden(trimExports(binary, new Set(exports)), {
    imports,
    pagesMax: manifestLimits.memoryPages,
    chargeMax,
    keptMax,
    fuelInLocals: true,
  });
  return { module: await WebAssembly.compile(bytes), globals };
}

/** What we use of the binary's exports. Numbers are addresses in its memory; values are addresses of boxed JSValues. */
export interface QuickJsExports {
  readonly memory: WebAssembly.Memory;
  readonly __stack_pointer: WebAssembly.Global<"i32">;
  /** The hardener's: a call's budget, what is left of it and of the depth, and how many pages the memory may have. */
  phatroom_refuel(fuel: number): number;
  readonly phatroom_fuel: WebAssembly.Global<"i32">;
  readonly phatroom_depth: WebAssembly.Global<"i32">;
  readonly phatroom_pages: WebAssembly.Global<"i32">;
  _initialize(): void;
  qjs_init2(intrinsics: number): number;
  qjs_set_promise_rejection_handler(on: 0 | 1): void;
  qjs_set_memory_limit(bytes: number): void;
  qjs_set_max_stack_size(bytes: number): void;
  qjs_get_runtime_ptr(): number;
  qjs_get_context_ptr(): number;
  qjs_set_runtime_and_context(runtime: number, context: number): void;
  qjs_run_gc(): void;
  qjs_compile(
    code: number,
    length: number,
    file: number,
    flags: number,
    compileFlags: number,
    outLength: number,
  ): number;
  qjs_eval_bytecode(code: number, length: number): number;
  qjs_call(fn: number, self: number, argc: number, argv: number): number;
  qjs_is_job_pending(): number;
  qjs_execute_pending_job(): number;
  qjs_is_exception(value: number): number;
  qjs_is_function(value: number): number;
  qjs_is_number(value: number): number;
  qjs_is_string(value: number): number;
  qjs_get_exception(): number;
  qjs_get_float64(value: number): number;
  qjs_get_string_len(value: number, outLength: number): number;
  qjs_free_cstring(text: number): void;
  qjs_get_undefined(): number;
  qjs_get_global(): number;
  qjs_get_value_ptr(value: number): number;
  qjs_new_object(): number;
  qjs_new_host_function(name: number, length: number, magic: number): number;
  qjs_get_prop_string(object: number, name: number): number;
  qjs_set_prop_string(object: number, name: number, value: number): void;
  qjs_free_value(value: number): void;
  wasm_malloc(length: number): number;
  wasm_free(address: number): void;
  /** The C function: bytes that stay where they are, whatever the script does to the array. Returns a JSValue's bits. */
  JS_NewUint8Array(context: number, at: number, length: number, free: 0, opaque: 0, shared: 0): bigint;
}
