/** QuickJS' pinned binary with the workloads' script: as npm brings it, and hardened as a worker hardens it. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { nodeMachine } from "../../server/enclave/sandbox/node-machine.ts";
import { quickJsModule, type QuickJsExports } from "../../server/enclave/sandbox/quickjs/binary.ts";
import { allIntrinsics, depthMax, loadFuel, stackLimit } from "../../server/enclave/sandbox/quickjs/limits.ts";
import { manifestLimits } from "../../server/protocol/manifest.ts";
import { utf8ToBytes } from "../../server/protocol/bytes.ts";
import { inputLength, outputLength, type Candidate } from "./candidate.ts";

type Gauge = "phatroom_refuel" | "phatroom_depth" | "phatroom_pages";
type Exports = Omit<QuickJsExports, Gauge> & Partial<Pick<QuickJsExports, Gauge>>;

/** What one call of a TypeScript contract may cost if its manifest says nothing. */
const fuel = 20_000_000;

const readBinary = (): Promise<Uint8Array> => readFile(fileURLToPath(import.meta.resolve("quickjs-wasi/quickjs.wasm")));

export async function plainQuickJs(script: string): Promise<Candidate> {
  return candidate("QuickJS", new WebAssembly.Module(await readBinary()), script);
}

export async function hardenedQuickJs(script: string): Promise<Candidate> {
  const { module } = await quickJsModule(await readBinary(), nodeMachine);
  return candidate("QuickJS, hardened", module, script);
}

function candidate(name: string, module: WebAssembly.Module, script: string): Candidate {
  const { exports } = new WebAssembly.Instance(module, imports);
  const guest = exports as Exports;
  const { phatroom_refuel, phatroom_depth, phatroom_pages } = guest;
  const refuel = (amount: number): void => void phatroom_refuel?.(amount);
  if (phatroom_pages !== undefined) phatroom_pages.value = manifestLimits.memoryPages;
  if (phatroom_depth !== undefined) phatroom_depth.value = depthMax;
  refuel(loadFuel);
  guest._initialize();
  guest.qjs_init2(allIntrinsics);
  guest.qjs_set_max_stack_size(stackLimit);
  const at = { IN: guest.wasm_malloc(inputLength), OUT: guest.wasm_malloc(outputLength) };
  const windows = guest.qjs_new_object();
  setProperty(guest, windows, "IN", bytesAt(guest, at.IN, inputLength));
  setProperty(guest, windows, "OUT", bytesAt(guest, at.OUT, outputLength));
  const global = guest.qjs_get_global();
  setProperty(guest, global, "windows", windows);
  run(guest, script + calledThroughWindows);

  const [answer, self] = [property(guest, global, "answer"), guest.qjs_get_undefined()];
  const look = (): readonly [Uint8Array, Uint8Array] => [
    new Uint8Array(guest.memory.buffer, at.IN, inputLength),
    new Uint8Array(guest.memory.buffer, at.OUT, outputLength),
  ];
  let [input, output] = look();
  return {
    name,
    kind: "interpreted",
    get input() {
      return input;
    },
    get output() {
      return output;
    },
    call(work, length) {
      refuel(fuel);
      input[inputLength - 2] = work;
      input[inputLength - 1] = length;
      const result = guest.qjs_call(answer, self, 0, 0);
      if (input.length === 0) [input, output] = look();
      if (guest.qjs_is_exception(result) !== 0) throw new Error(`${name}: the workloads failed`);
      const value = guest.qjs_get_float64(result);
      guest.qjs_free_value(result);
      return value;
    },
  };
}

/** As in a bundle: nothing is handed over beside the window. */
const calledThroughWindows = `;(() => {
  const { windows: { IN }, workloads: { call } } = globalThis;
  globalThis.answer = () => call(IN[${inputLength - 2}], IN[${inputLength - 1}]);
})();`;

function run(guest: Exports, script: string): void {
  const code = put(guest, utf8ToBytes(script));
  const lengthAt = guest.wasm_malloc(4);
  const at = guest.qjs_compile(
    code,
    utf8ToBytes(script).length,
    put(guest, utf8ToBytes("workloads.js")),
    0,
    0,
    lengthAt,
  );
  if (at === 0) throw new Error("the workloads do not compile");
  const length = new DataView(guest.memory.buffer).getUint32(lengthAt, true);
  if (guest.qjs_is_exception(guest.qjs_eval_bytecode(at, length)) !== 0) throw new Error("the workloads do not load");
}

function property(guest: Exports, object: number, name: string): number {
  return guest.qjs_get_prop_string(object, put(guest, utf8ToBytes(name)));
}

function setProperty(guest: Exports, object: number, name: string, value: number): void {
  guest.qjs_set_prop_string(object, put(guest, utf8ToBytes(name)), value);
}

/** An array of the script over these bytes. */
function bytesAt(guest: Exports, at: number, length: number): number {
  const value = guest.JS_NewUint8Array(guest.qjs_get_context_ptr(), at, length, 0, 0, 0);
  const box = put(guest, new Uint8Array(8));
  new DataView(guest.memory.buffer).setBigUint64(box, BigInt.asUintN(64, value), true);
  return box;
}

/** Zero-terminated. */
function put(guest: Exports, bytes: Uint8Array): number {
  const at = guest.wasm_malloc(bytes.length + 1);
  const memory = new Uint8Array(guest.memory.buffer);
  memory.set(bytes, at);
  memory[at + bytes.length] = 0;
  return at;
}

const nothing = (): number => 0;

const imports: WebAssembly.Imports = {
  env: {
    host_call: nothing,
    host_get_timezone_offset: nothing,
    host_interrupt: nothing,
    host_module_load: nothing,
    host_module_normalize: nothing,
    host_promise_rejection: nothing,
  },
  wasi_snapshot_preview1: {
    clock_time_get: nothing,
    fd_close: nothing,
    fd_fdstat_get: nothing,
    fd_seek: nothing,
    fd_write: nothing,
    random_get: nothing,
  },
};
