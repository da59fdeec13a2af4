/**
 * One contract in one WebAssembly memory: how it is called, and all that it can reach, which is nothing.
 *
 * Whatever runs inside may be hostile. Every address and length it gives is checked against its memory before use.
 */
import { encodeAnswer, type Answer, type Call } from "#contract/abi.ts";
import { encodeInto } from "#contract/guest/encode.ts";
import { callInputMax } from "#protocol/limits.ts";
import { decodeMsgpack } from "#protocol/msgpack.ts";
import { checkAnswer, NonsenseError } from "../answer.ts";
import { cellsOf, type Cells } from "../image.ts";
import { wasmPageLength } from "../pages.ts";
import { abortSentence, GivenUpError, textAt, type Remains } from "./fault.ts";
import type { HardenedModule } from "./module.ts";
import { readWindows, type Windows } from "./windows.ts";

export interface GuestOptions {
  /** Most pages of 64 KiB its memory may have. */
  readonly pagesMax: number;
  /** Receives the lines of `room.log`; without it they go nowhere. */
  readonly log?: ((line: string) => void) | undefined;
}

export class Guest {
  readonly cells: Cells;
  readonly #memory: WebAssembly.Memory;
  readonly #initialize: (() => unknown) | undefined;
  readonly #roomWindows: () => unknown;
  readonly #roomCall: (length: number) => unknown;
  readonly #refuel: (fuel: number) => number;
  readonly #fuel: WebAssembly.Global<"i32">;
  readonly #depth: WebAssembly.Global<"i32">;
  readonly #pagesMax: WebAssembly.Global<"i32">;
  #fuelMax = 0;
  #windows: Windows | undefined;
  /** Of the windows and of the tables. Empty when the memory has grown since: it has another buffer then. */
  #input = nowhere;
  #output = nowhere;
  #tables = nowhere;

  /** @throws NonsenseError if an export is missing; whatever a start function can throw. */
  constructor({ module, globals }: HardenedModule, { pagesMax, log }: GuestOptions) {
    // While a start function runs, nobody has the memory yet.
    let memory: WebAssembly.Memory | undefined = undefined;
    const bytes = (): Uint8Array => (memory === undefined ? nowhere : new Uint8Array(memory.buffer));
    const instance = new WebAssembly.Instance(module, {
      env: {
        abort: (...said: [number, number, number, number]): never => {
          throw new GivenUpError(abortSentence(bytes(), ...said));
        },
      },
      room: { log: (at: number, length: number): void => log?.(textAt(bytes(), at, length)) },
    });
    const exports = instance.exports as Record<string, unknown>;
    memory = memoryAmong(exports);
    this.#memory = memory;
    this.#initialize = "_initialize" in exports ? functionAmong(exports, "_initialize", 0) : undefined;
    this.#roomWindows = functionAmong(exports, "room_windows", 0);
    this.#roomCall = functionAmong(exports, "room_call", 1);
    this.#refuel = exports["phatroom_refuel"] as (fuel: number) => number;
    this.#fuel = exports["phatroom_fuel"] as WebAssembly.Global<"i32">;
    this.#depth = exports["phatroom_depth"] as WebAssembly.Global<"i32">;
    this.#pagesMax = exports["phatroom_pages"] as WebAssembly.Global<"i32">;
    this.#pagesMax.value = pagesMax;
    this.cells = cellsOf(exports, globals);
  }

  get pages(): number {
    return this.#memory.buffer.byteLength / wasmPageLength;
  }

  /** Fuel spent since it was last given, also by a call that faulted. */
  get spent(): number {
    return this.#fuelMax - this.#fuel.value;
  }

  get remains(): Remains {
    const { pages } = this;
    return {
      fuel: this.#fuel.value,
      fuelMax: this.#fuelMax,
      depth: this.#depth.value,
      pages,
      pagesMax: this.#pagesMax.value,
    };
  }

  /** What comes before the first call: the module's own preparations, then the windows. @throws whatever can go wrong. */
  initialize(fuel: number): Windows {
    this.#give(fuel);
    this.#initialize?.();
    const address = this.#roomWindows();
    if (!isInt32(address)) throw new NonsenseError("room_windows answers with an address of 32 bits");
    return readWindows(new Uint8Array(this.#memory.buffer), address);
  }

  /** @param windows as they were asked for once; a contract cannot move them. */
  open(windows: Windows): void {
    this.#windows = windows;
    this.#look(windows);
  }

  /** One call and its answer. @throws whatever can go wrong on the other side. */
  ask(call: Call, fuel: number): Answer {
    const windows = this.#windows;
    if (windows === undefined) throw new Error("asked before its windows were known");
    if (this.#input.length === 0) this.#look(windows);
    const length = encodeInto(this.#input, call);
    this.#give(fuel);
    const answered = this.#roomCall(length);
    if (this.#output.length === 0) this.#look(windows);
    if (!isInt32(answered) || answered === 0 || Math.abs(answered) > this.#output.length) {
      throw new NonsenseError("room_call answers with a length in the output window, or its negative for a fault");
    }
    if (answered < 0) throw new GivenUpError(textAt(this.#output, 0, -answered));
    if (answered === nothingEncoded.length && this.#saysNothing() && isAnsweredByDone(call)) return nothing;
    // Nothing of the contract runs while this is read, and what is read is copied.
    return checkAnswer(call, decodeMsgpack(this.#output.subarray(0, answered)));
  }

  /** Valid until the next call. */
  tables(): Uint8Array {
    if (this.#input.length === 0 && this.#windows !== undefined) this.#look(this.#windows);
    return this.#tables;
  }

  /** The depth is all there again after every call that ends, and after one that does not there is no other. */
  #give(fuel: number): void {
    this.#fuelMax = fuel;
    this.#refuel(fuel);
  }

  #look({ input, output, tables }: Windows): void {
    const { buffer } = this.#memory;
    this.#input = new Uint8Array(buffer, input.at, callInputMax);
    this.#output = new Uint8Array(buffer, output.at, output.length);
    this.#tables = new Uint8Array(buffer, tables.at, tables.length);
  }

  #saysNothing(): boolean {
    const output = this.#output;
    for (let i = 0; i < nothingEncoded.length; i++) if (output[i] !== nothingEncoded[i]) return false;
    return true;
  }
}

const nowhere = new Uint8Array(0);

/** Most answers have neither reason nor effects. Written as every encoder here writes them, they need not be read. */
const nothing: Answer = Object.freeze({ answer: "done", reason: null, effects: Object.freeze([]) });
const nothingEncoded = encodeAnswer(nothing);

const isAnsweredByDone = ({ call }: Call): boolean => call !== "describe" && call !== "view" && call !== "abandon";

const isInt32 = (value: unknown): value is number => typeof value === "number" && (value | 0) === value;

function memoryAmong(exports: Record<string, unknown>): WebAssembly.Memory {
  const { memory } = exports;
  if (memory instanceof WebAssembly.Memory) return memory;
  throw new NonsenseError("a contract exports its memory under that name");
}

function functionAmong(
  exports: Record<string, unknown>,
  name: string,
  parameters: number,
): (...values: number[]) => unknown {
  const entry = exports[name];
  if (typeof entry === "function" && entry.length === parameters) return entry as (...values: number[]) => unknown;
  throw new NonsenseError(`a contract exports a function ${name} with ${parameters} parameters`);
}
