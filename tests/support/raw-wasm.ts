/** Contracts written by hand as WebAssembly text: they answer with whatever bytes a test wants. */
import binaryen from "binaryen";
import { encodeAnswer, type Answer } from "#contract/abi.ts";
import type { AnyContract } from "#contract/contract.ts";
import { describeContract } from "#contract/describe.ts";
import { encodeMsgpack } from "#protocol/msgpack.ts";

const contract = { name: "raw", players: { min: 1, max: 8 }, memoryPages: 64, fuel: 2_000_000 } as AnyContract;

export const rawWasmManifest = describeContract(contract);

export const rawInput = { at: 0x1_0000, length: 0x1_0000 };
export const rawOutput = { at: 0x2_0000, length: 0x10_0000 };

/** Pages of 64 KiB: up to the end of the output window, and two more. */
export const rawPages = 20;

export interface RawWasm {
  readonly manifest?: unknown;
  /** The eight numbers behind `room_windows`. */
  readonly windows?: readonly number[];
  /** Where `room_windows` says that they are. */
  readonly windowsAt?: number;
  /** What `room_call` does before anything else, as text. */
  readonly before?: string;
  /** Body of `room_call` for every call but `describe`, as text: leaves an i32. `$length` is its parameter. */
  readonly call?: string;
  /** More fields of the module, as text. Imports come first. */
  readonly imports?: string;
  readonly fields?: string;
  /** In place of the memory that is exported. */
  readonly memory?: string;
}

/** Addresses below the windows. */
const windowsAt = 0x400;
const describedAt = 0x1000;
const doneAt = 0x800;

const done: Answer = { answer: "done", reason: null, effects: [] };

/**
 * A contract that describes itself and, unless it is told otherwise, answers every call with nothing. Functions it has:
 * `$say` (an address and a length, copied to the output), `$is` (whether the call's name begins with this letter), `$done`.
 */
export function rawWasm(raw: RawWasm = {}): Uint8Array {
  const described = encodeMsgpack({
    answer: "described",
    manifest: "manifest" in raw ? raw.manifest : rawWasmManifest,
  });
  const doneBytes = encodeAnswer(done);
  const windows = raw.windows ?? [1, rawInput.at, rawInput.length, rawOutput.at, rawOutput.length, 0, 0, 0];
  const [, input = 0, , output = 0] = windows;
  return assemble(`(module
    ${raw.imports ?? ""}
    ${raw.memory ?? `(memory (export "memory") ${rawPages})`}
    ${dataText(windowsAt, new Uint8Array(Uint32Array.from(windows).buffer))}
    ${dataText(doneAt, doneBytes)}
    ${dataText(describedAt, described)}
    (func $say (param $at i32) (param $length i32) (result i32)
      (memory.copy (i32.const ${output}) (local.get $at) (local.get $length))
      (local.get $length))
    (func $is (param $letter i32) (result i32)
      (i32.eq (local.get $letter) (i32.load8_u offset=${nameAt} (i32.const ${input}))))
    (func $done (result i32) (call $say (i32.const ${doneAt}) (i32.const ${doneBytes.length})))
    (func (export "room_windows") (result i32) (i32.const ${raw.windowsAt ?? windowsAt}))
    (func (export "room_call") (param $length i32) (result i32)
      ${raw.before ?? ""}
      (if (i32.and (call $is (i32.const ${letter("d")})) (i32.eq (local.get $length) (i32.const ${describeLength})))
        (then (return (call $say (i32.const ${describedAt}) (i32.const ${described.length})))))
      ${raw.call ?? "(call $done)"})
    ${raw.fields ?? ""})`);
}

/** Where the first letter of the call's name is in its encoding: behind the map's head, "call", and the name's own head. */
const nameAt = 1 + 5 + 1;

/** `dropped` begins with the same letter. */
const describeLength = encodeMsgpack({ call: "describe" }).length;

export const letter = (character: string): number => character.charCodeAt(0);

/** @throws Error with what is wrong in the text. */
export function assemble(text: string): Uint8Array {
  const module = binaryen.parseText(text);
  try {
    // Without, it leaves out what segments and references that code names need.
    module.setFeatures(binaryen.Features.BulkMemory | binaryen.Features.ReferenceTypes);
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}

export const dataText = (at: number, bytes: Uint8Array): string => `(data (i32.const ${at}) "${escaped(bytes)}")`;

export const escaped = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");
