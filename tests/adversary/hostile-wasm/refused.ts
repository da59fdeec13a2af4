/** Contracts that are refused when they are loaded, and what their author is told. */
import { WasmBytes } from "../../support/wasm/bytes.ts";
import { encodeModule, header, type ModuleParts } from "../../support/wasm/module.ts";
import {
  assemble,
  dataText,
  rawInput,
  rawOutput,
  rawPages,
  rawWasm,
  rawWasmManifest,
  type RawWasm,
} from "../../support/raw-wasm.ts";
import { forever, times } from "./attack.ts";

export type Refusals = Readonly<Record<string, readonly [told: RegExp, bundle: () => Uint8Array]>>;

const raw =
  (parts: RawWasm): (() => Uint8Array) =>
  () =>
    rawWasm(parts);

/** A module of one function of no type, whose code this is. */
const body =
  (code: readonly number[], more: ModuleParts = {}, locals: readonly number[] = [0]): (() => Uint8Array) =>
  () =>
    encodeModule({
      types: [{ params: [], results: [] }],
      functions: [{ type: 0, body: [...locals, ...code, 0x0b] }],
      memory: { min: 1 },
      exports: [{ name: "f", kind: "func", index: 0 }],
      ...more,
    });

/** So many locals of type i32. */
const locals = (count: number): number[] => [...new WasmBytes().unsigned(1).unsigned(count).byte(0x7f).view()];

const repeat = (count: number, ...bytes: readonly number[]): number[] =>
  Array.from({ length: count }, () => bytes).flat();

const label = (depth: number): number[] => [...new WasmBytes().unsigned(depth).view()];

const setAll = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => [0x41, i % 60, 0x21, ...label(i)]).flat();

const exported = (name: string, kind: number, index: number): number[] => [
  name.length,
  ...Buffer.from(name),
  kind,
  index,
];

const section = (id: number, ...contents: readonly number[]): number[] => [id, ...label(contents.length), ...contents];

const module =
  (...sections: readonly number[][]): (() => Uint8Array) =>
  () =>
    Uint8Array.from([...header, ...sections.flat()]);

const { at: input, length: inputLength } = rawInput;
const { at: output, length: outputLength } = rawOutput;
const end = rawPages * 65_536;

export const refused: Refusals = {
  // It never comes to a room
  "a start function that does not end": [/unreachable/, raw({ fields: `(func $s ${forever("")}) (start $s)` })],
  "a start function that calls itself": [/unreachable/, raw({ fields: `(func $s (call $s)) (start $s)` })],
  "preparations that do not end": [/^out of fuel/, raw({ fields: `(func (export "_initialize") ${forever("")})` })],
  "preparations that take more memory than it declares": [
    /memoryPages is 64/,
    raw({ fields: `(func (export "_initialize") (drop (memory.grow (i32.const 45))))` }),
  ],
  "a description that does not end": [/^out of fuel/, raw({ before: forever("") })],
  "a description that calls itself": [/deeply/, raw({ before: "(call $f)", fields: "(func $f (call $f))" })],
  "a description that is no manifest": [/manifest/, raw({ manifest: { ...rawWasmManifest, fuel: -1 } })],
  "a description with more fuel than there is": [/fuel/, raw({ manifest: { ...rawWasmManifest, fuel: 200_000_001 } })],

  // Windows
  "windows inside each other": [/overlap/, raw({ windows: [1, input, inputLength, input + 8, 4096, 0, 0, 0] })],
  "windows beyond the end of memory": [
    /inside/,
    raw({ windows: [1, end - 8, inputLength, output, outputLength, 0, 0, 0] }),
  ],
  "windows that wrap around": [/inside/, raw({ windows: [1, 0xffff_fff8, inputLength, output, 4096, 0, 0, 0] })],
  "windows longer than everything": [/inside/, raw({ windows: [1, 0, 0xffff_fff8, output, 4096, 0, 0, 0] })],
  "windows somewhere else": [/address/, raw({ windowsAt: end - 16 })],
  "tables in the middle of its input": [
    /overlap/,
    raw({ windows: [1, input, inputLength, output, 4096, input, 8, 0] }),
  ],

  // What it wants of us
  "a clock": [/import-refused/, raw({ imports: `(import "env" "now" (func (result f64)))` })],
  "a memory of ours": [/import-refused/, raw({ imports: `(import "env" "memory" (memory 1))`, memory: "" })],
  "a global of ours": [/import-refused/, raw({ imports: `(import "env" "phatroom_fuel" (global (mut i32)))` })],
  "a table of ours": [/import-refused/, raw({ imports: `(import "env" "table" (table 1 funcref))` })],
  "a tag of ours": [/import-refused/, raw({ imports: `(import "env" "tag" (tag))` })],
  "a permitted import with a float in it": [
    /import-refused/,
    raw({ imports: `(import "room" "log" (func (param f64)))` }),
  ],
  "our import as its own answer": [
    /room_call with 1 parameter/,
    module(
      section(1, 3, 0x60, 4, 0x7f, 0x7f, 0x7f, 0x7f, 0, 0x60, 0, 1, 0x7f, 0x60, 0, 0),
      section(2, 1, 3, ...Buffer.from("env"), 5, ...Buffer.from("abort"), 0, 0),
      section(3, 1, 1),
      section(5, 1, 0, 1),
      section(7, 3, ...exported("memory", 2, 0), ...exported("room_call", 0, 0), ...exported("room_windows", 0, 1)),
      section(10, 1, 4, 0, 0x41, 0, 0x0b),
    ),
  ],

  "our import in place of its answers": [
    /room_call answers with a length/,
    () =>
      assemble(`(module
        (import "room" "log" (func $log (param i32) (result i32)))
        (memory (export "memory") ${rawPages})
        ${dataText(0x400, new Uint8Array(Uint32Array.of(1, input, inputLength, output, outputLength, 0, 0, 0).buffer))}
        (func (export "room_windows") (result i32) (i32.const 0x400))
        (export "room_call" (func $log)))`),
  ],

  // What is ours
  "a global beyond its own, where fuel is": [/module-invalid/, body([0x41, 0x7f, 0x24, 0])],
  "a global named as fuel is": [
    /export-refused/,
    raw({ fields: `(global (export "phatroom_fuel") (mut i32) (i32.const 5))` }),
  ],
  "a function named as depth is": [/export-refused/, raw({ fields: `(func (export "phatroom_depth"))` })],
  "its memory named as ours would be": [/export-refused/, raw({ fields: `(export "phatroom_global_0" (memory 0))` })],
  "a call of a function beyond its own, where helpers are": [/module-invalid/, body([0x10, 1])],

  // What a room cannot have
  "threads that wait": [/threads-refused/, body([0x41, 0, 0x41, 0, 0x42, 0x7f, 0xfe, 0x01, 2, 0, 0x1a])],
  "a shared memory": [/threads-refused/, module(section(5, 1, 3, 1, 2))],
  "exceptions that catch what ends it": [/exceptions-refused/, body([0x06, 0x40, 0x19, 0x0b])],
  "calls that leave no trace on the stack": [/tail-calls-refused/, body([0x12, 0])],
  "a memory of 64 bits": [/memory64-refused/, module(section(5, 1, 4, 1))],
  "objects that the engine collects": [/garbage-collection-refused/, module(section(1, 1, 0x5f, 1, 0x7f, 1))],
  "arithmetic that differs between machines": [
    /relaxed-simd-refused/,
    body([...repeat(3, 0xfd, 12, ...repeat(16, 0)), 0xfd, 0x85, 0x02, 0x1a]),
  ],
  "a table that grows": [
    /table-changes-refused/,
    raw({ fields: `(table 1 funcref) (func (drop (table.grow 0 (ref.null func) (i32.const 9999999))))` }),
  ],
  "two memories": [/memory-refused/, raw({ fields: "(memory $m 1)" })],

  // Bombs for whoever reads or compiles it
  "more memory than anyone may have": [/memory-refused/, raw({ memory: `(memory (export "memory") 1025)` })],
  "a table of ten million entries": [/too-many/, raw({ fields: "(table 9999999 funcref)" })],
  "seventeen tables": [/too-many/, raw({ fields: "(table 50000 funcref)".repeat(17) })],
  "a segment beyond its memory": [/segment-out-of-bounds/, raw({ fields: `(data (i32.const ${end - 1}) "ab")` })],
  "five million bytes": [/more than/, () => new Uint8Array(5_000_000)],
  "a function of 200 KB": [/function-too-large/, body(repeat(200_000, 0x01))],
  "blocks three thousand deep": [/function-too-deep/, body([...repeat(3000, 0x02, 0x40), ...repeat(3000, 0x0b)])],
  "a hundred thousand locals": [/module-invalid/, body([], {}, locals(100_000))],
  "three thousand locals": [/frame-too-large/, body([], {}, locals(3000))],
  "constants in every local at every branch": [
    /function-too-large/,
    body([0x02, 0x40, ...setAll(1900), ...repeat(20_000, 0x41, 0, 0x0d, 0), 0x0b], {}, locals(1900)),
  ],
  "operands that wait behind every condition": [
    /function-too-large/,
    body([...repeat(1900, 0x41, 0), ...repeat(15_000, 0x41, 0, 0x04, 0x40, 0x0b), ...repeat(1900, 0x1a)]),
  ],
  "locals that change in loops within loops": [
    /function-too-large/,
    body([...repeat(1900, 0x03, 0x40), ...setAll(1900), ...repeat(1900, 0x0b)], {}, locals(1900)),
  ],
  "a table of branches to every block around it": [
    /function-too-large/,
    body(
      [
        ...repeat(1900, 0x02, 0x40),
        ...setAll(1900),
        0x41,
        0,
        0x0e,
        ...label(1899),
        ...Array.from({ length: 1900 }, (_, i) => label(i)).flat(),
        ...repeat(1900, 0x0b),
      ],
      {},
      locals(1900),
    ),
  ],
  "a hundred thousand labels": [
    /function-too-large/,
    body([
      ...repeat(100, 0x02, 0x40),
      ...repeat(12, 0x02, 0x40, 0x41, 0, 0x0e, 0x8f, 0x4e, ...Array.from({ length: 10_000 }, (_, i) => i % 100), 0x0b),
      ...repeat(100, 0x0b),
    ]),
  ],
  "many functions, each as hard to compile as it may be": [
    /module-too-large/,
    () => {
      const code = [...locals(900), 0x02, 0x40, ...setAll(900), ...repeat(1000, 0x41, 0, 0x0d, 0), 0x0b, 0x0b];
      return encodeModule({
        types: [{ params: [], results: [] }],
        functions: Array.from({ length: 6 }, () => ({ type: 0, body: code })),
        memory: { min: 1 },
      });
    },
  ],
  "a count of four thousand million types": [/module-invalid/, module(section(1, 0xff, 0xff, 0xff, 0xff, 0x0f))],
  "a count of four thousand million locals": [/module-invalid/, body([], {}, [1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f])],
  "a section that is longer than the module": [/module-invalid/, module([1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0])],
  "nothing but its magic": [/module-invalid/, () => Uint8Array.from(header.slice(0, 4))],
  "a component": [/module-invalid/, () => Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0)],
  "a global that starts as a sum": [
    /constant-refused/,
    raw({ fields: "(global i32 (i32.add (i32.const 1) (i32.const 2)))" }),
  ],
  "names that are not UTF-8": [/module-invalid/, module(section(5, 1, 0, 1), section(7, 1, 1, 0xff, 2, 0))],
  "twenty thousand functions and one": [
    /too-many/,
    () =>
      encodeModule({
        types: [{ params: [], results: [] }],
        functions: Array.from({ length: 20_001 }, () => ({ type: 0, body: [0, 0x0b] })),
        memory: { min: 1 },
      }),
  ],
  "ten thousand exports": [/too-many/, raw({ fields: times(10_000, (i) => `(export "e${i}" (func $done))`) })],
};
