/**
 * One QuickJS in one WebAssembly memory, and all that it can reach: constants, the room's tick, and a line of log.
 *
 * Whatever runs inside may be hostile. Every address and length it gives is checked against the memory before use.
 */
import { utf8ToBytes } from "#protocol/bytes.ts";
import { cellsOf, type Cells } from "../image.ts";
import { MachineError } from "../machine.ts";
import { wasmPageLength } from "../pages.ts";
import type { QuickJsExports, QuickJsModule } from "./binary.ts";
import { GuestError } from "./fault.ts";
import { depthMax, describeFuel, loadFuel, loadPages, memoryLimitForLoading } from "./limits.ts";

/** Longest text read out of the sandbox: a message and its stack. */
const textLengthMax = 8192;

/** WASI's EBADF: there are no files. */
const badFile = 8;

export interface HostOptions {
  /** Most pages of 64 KiB the memory may have. */
  readonly pagesMax: number;
  /** Receives `console` lines. */
  readonly log?: ((line: string) => void) | undefined;
}

export class Host {
  readonly exports: QuickJsExports;
  readonly cells: Cells;
  /** What `Date` says, in milliseconds. */
  clockMs = 0;
  readonly pagesMax: number;
  #memory = new Uint8Array(0);
  #fuelMax = 0;
  /** What the call had spent when its error began to be read. */
  #spent: number | undefined;
  /** Rejected promises nobody has handled, by the address of the promise: the boxes that keep both alive. */
  readonly #rejections = new Map<number, { readonly promise: number; readonly reason: number }>();

  /** @throws MachineError if the machine has no memory for one more. */
  constructor({ module, globals }: QuickJsModule, { pagesMax, log }: HostOptions) {
    const { exports } = instantiate(module, imports(this, log));
    this.exports = exports as QuickJsExports;
    this.cells = cellsOf(exports, globals);
    this.pagesMax = pagesMax;
    this.exports.phatroom_pages.value = pagesMax;
    // The hardener's own is less. It is all there again after every call that ends.
    this.exports.phatroom_depth.value = depthMax;
    this.refuel(loadFuel);
  }

  /** Only until the next call into the sandbox, which may move the memory. */
  get memory(): Uint8Array {
    const { buffer } = this.exports.memory;
    if (this.#memory.buffer !== buffer) this.#memory = new Uint8Array(buffer);
    return this.#memory;
  }

  get pages(): number {
    return this.exports.memory.buffer.byteLength / wasmPageLength;
  }

  /** A budget for what comes next. */
  refuel(fuel: number): void {
    this.#fuelMax = fuel;
    this.#spent = undefined;
    this.exports.phatroom_refuel(fuel);
  }

  get fuelMax(): number {
    return this.#fuelMax;
  }

  /** Of the budget, so far; more than all of it after an overrun. */
  get spent(): number {
    return this.#spent ?? this.#fuelMax - this.exports.phatroom_fuel.value;
  }

  /** Bytes in the sandbox's memory. @throws GuestError if they are not all in it. */
  bytes(at: number, length: number): Uint8Array {
    const { memory } = this;
    if (!(at >= 0 && length >= 0 && at + length <= memory.length)) throw new GuestError("an address out of bounds");
    return memory.subarray(at, at + length);
  }

  /** Allocated inside the sandbox, zero-terminated. */
  put(bytes: Uint8Array): number {
    const at = this.exports.wasm_malloc(bytes.length + 1);
    if (at === 0) throw new GuestError("InternalError: out of memory");
    const { memory } = this;
    memory.set(bytes, at);
    memory[at + bytes.length] = 0;
    return at;
  }

  putText(text: string): number {
    return this.put(utf8ToBytes(text));
  }

  /** What `String(value)` says, cut at a length. Runs the contract's code. */
  textOf(value: number): string {
    const { exports } = this;
    const lengthAt = exports.wasm_malloc(4);
    const at = lengthAt === 0 ? 0 : exports.qjs_get_string_len(value, lengthAt);
    if (at === 0) return "something that has no text";
    const length = new DataView(exports.memory.buffer).getUint32(lengthAt, true);
    const text = new TextDecoder().decode(this.bytes(at, Math.min(length, textLengthMax)));
    exports.qjs_free_cstring(at);
    exports.wasm_free(lengthAt);
    return text;
  }

  property(object: number, name: string): number {
    const nameAt = this.putText(name);
    const value = this.exports.qjs_get_prop_string(object, nameAt);
    this.exports.wasm_free(nameAt);
    return value;
  }

  setProperty(object: number, name: string, value: number): void {
    const nameAt = this.putText(name);
    this.exports.qjs_set_prop_string(object, nameAt, value);
    this.exports.wasm_free(nameAt);
  }

  /** Runs compiled code for its effects. @throws GuestError. */
  run(bytecode: Uint8Array): void {
    const at = this.put(bytecode);
    const result = this.exports.qjs_eval_bytecode(at, bytecode.length);
    // Every room would carry what is left there.
    this.memory.fill(0, at, at + bytecode.length);
    this.exports.wasm_free(at);
    if (this.exports.qjs_is_exception(result) !== 0) throw this.exception();
    this.exports.qjs_free_value(result);
    this.drain();
  }

  /** Runs promise jobs until none is left. @throws GuestError if a promise stays rejected. */
  drain(): void {
    const { exports } = this;
    while (exports.qjs_is_job_pending() !== 0) if (exports.qjs_execute_pending_job() < 0) throw this.exception();
    if (this.#rejections.size === 0) return;
    const [rejected] = this.#rejections.values();
    throw this.#described(rejected!.reason, "a promise was rejected: ");
  }

  /** The exception that is pending, with its stack. */
  exception(): GuestError {
    return this.#described(this.exports.qjs_get_exception(), "");
  }

  /** Reading an error runs getters of the contract and takes memory. It has its own of both: no call comes after this. */
  #described(value: number, prefix: string): GuestError {
    const { spent, exports } = this;
    this.refuel(describeFuel);
    this.#spent = spent;
    exports.phatroom_pages.value = loadPages;
    exports.qjs_set_memory_limit(memoryLimitForLoading);
    try {
      const message = this.textOf(value);
      const stack = this.textOf(this.property(value, "stack"));
      return new GuestError(`${prefix}${message}${stack.includes("(") ? `\n${stack.trimEnd()}` : ""}`);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      return new GuestError(`${prefix}an error that takes too long to read`);
    }
  }

  /** Called by the engine with two boxes that are ours to free. */
  rejected(promise: number, reason: number, handled: boolean): void {
    const { exports } = this;
    const address = exports.qjs_get_value_ptr(promise);
    const known = this.#rejections.get(address);
    if (!handled && known === undefined) {
      this.#rejections.set(address, { promise, reason });
      return;
    }
    exports.qjs_free_value(promise);
    exports.qjs_free_value(reason);
    if (known === undefined) return;
    this.#rejections.delete(address);
    exports.qjs_free_value(known.promise);
    exports.qjs_free_value(known.reason);
  }
}

function instantiate(module: WebAssembly.Module, given: WebAssembly.Imports): WebAssembly.Instance {
  try {
    return new WebAssembly.Instance(module, given);
  } catch (error) {
    if (error instanceof RangeError) throw new MachineError(`no memory for one more instance: ${error.message}`);
    throw error;
  }
}

/** Everything the binary imports. No clock, no file, no entropy; modules do not exist. */
function imports(host: Host, log: HostOptions["log"]): WebAssembly.Imports {
  const view = (): DataView => new DataView(host.exports.memory.buffer);
  return {
    env: {
      host_interrupt: () => 0,
      host_promise_rejection: (promise: number, reason: number, handled: number) =>
        host.rejected(promise, reason, handled !== 0),
      // The only host function there is: `log(text)`. It costs the same, and leaves the same, whether or not anybody
      // listens: a room in development is the room it will be. Nothing but text is read, which runs no code: the stack
      // that a way back into the contract would take is not counted.
      host_call: (_name: number, _nameLength: number, _self: number, argc: number, argv: number) => {
        const { exports } = host;
        const value = argc > 0 ? view().getUint32(argv, true) : exports.qjs_get_undefined();
        if (exports.qjs_is_string(value) !== 0) {
          const line = host.textOf(value);
          log?.(line);
        }
        return exports.qjs_get_undefined();
      },
      host_module_normalize: () => 0,
      host_module_load: () => 0,
      host_get_timezone_offset: () => 0,
    },
    wasi_snapshot_preview1: {
      clock_time_get: (_clock: number, _precision: bigint, resultAt: number) => {
        view().setBigUint64(resultAt, BigInt(host.clockMs) * 1_000_000n, true);
        return 0;
      },
      // Asked once, before any contract is there: seeds the C library.
      random_get: (at: number, length: number) => {
        new Uint8Array(host.exports.memory.buffer, at, length).fill(7);
        return 0;
      },
      fd_close: () => badFile,
      fd_fdstat_get: () => badFile,
      fd_seek: () => badFile,
      fd_write: () => badFile,
    },
  };
}
