/** A bundle is evaluated: its top level runs, once, and leaves a function that answers calls. */
import { utf8ToBytes } from "#protocol/bytes.ts";
import { hostGlobal, permitsScript } from "../permits.ts";
import { pageLength } from "../pages.ts";
import type { QuickJsModule } from "./binary.ts";
import { compile, start } from "./compile.ts";
import { GuestError } from "./fault.ts";
import type { Host } from "./host.ts";
import { contractIntrinsics, inputWindow, loadFuel, outputWindow } from "./limits.ts";

/** Where things are in the memory of every room of one contract. */
export interface Addresses {
  readonly runtime: number;
  readonly context: number;
  /** The guest's answering function, and the `undefined` it is called on. */
  readonly answer: number;
  readonly undefined: number;
  readonly input: number;
  readonly output: number;
  readonly tables: { readonly at: number; readonly length: number };
}

/** What a bundle left behind, before its contract has described itself. */
export interface Evaluated extends Omit<Addresses, "tables"> {
  /** The object by which host and bundle know each other. */
  readonly shared: number;
}

let permitsCode: Uint8Array | undefined;

/**
 * @param host a fresh one.
 * @throws GuestError if the bundle does not compile, throws, or is no contract's bundle; a trap if it takes too much.
 */
export function evaluate(host: Host, module: QuickJsModule, bundle: Uint8Array): Evaluated {
  permitsCode ??= compile(module, utf8ToBytes(permitsScript), "permits.js");
  const contract = compile(module, bundle);
  const { exports } = host;
  start(host, contractIntrinsics);
  exports.qjs_set_promise_rejection_handler(1);

  const input = window(host, inputWindow);
  const output = window(host, outputWindow);
  const shared = exports.qjs_new_object();
  host.setProperty(shared, "input", bytesAt(host, input, inputWindow));
  host.setProperty(shared, "output", bytesAt(host, output, outputWindow));
  host.setProperty(shared, "log", exports.qjs_new_host_function(host.putText("log"), "log".length, 0));
  host.setProperty(exports.qjs_get_global(), hostGlobal, shared);

  host.refuel(loadFuel);
  host.run(permitsCode);
  host.run(contract);
  const answer = host.property(shared, "answer");
  if (exports.qjs_is_function(answer) === 0) {
    throw new GuestError("this bundle was not made by `phatroom build`: nothing in it answers calls");
  }
  return {
    runtime: exports.qjs_get_runtime_ptr(),
    context: exports.qjs_get_context_ptr(),
    answer,
    undefined: exports.qjs_get_undefined(),
    input,
    output,
    shared,
  };
}

/** Gives the bundle the memory of its tables. Nobody but the host can take it away again. */
export function giveTables(host: Host, { shared, ...addresses }: Evaluated, length: number): Addresses {
  if (length === 0) return { ...addresses, tables: { at: 0, length } };
  const at = window(host, length);
  host.memory.fill(0, at, at + length);
  host.setProperty(shared, "tables", bytesAt(host, at, length));
  return { ...addresses, tables: { at, length } };
}

/** Whole pages of memory outside the script's heap, for as long as the instance lives. */
function window(host: Host, length: number): number {
  const at = host.exports.wasm_malloc(pagesLong(length) + pageLength);
  if (at === 0) throw new Error("QuickJS has no memory");
  return pagesLong(at);
}

/** Rounded up to whole pages. */
export const pagesLong = (length: number): number => Math.ceil(length / pageLength) * pageLength;

/** A `Uint8Array` of the script over these bytes. Detaching or transferring it does not free them. */
function bytesAt(host: Host, at: number, length: number): number {
  const { exports } = host;
  const value = exports.JS_NewUint8Array(exports.qjs_get_context_ptr(), at, length, 0, 0, 0);
  const box = host.put(new Uint8Array(8));
  new DataView(exports.memory.buffer).setBigUint64(box, BigInt.asUintN(64, value), true);
  return box;
}
