/** What a hostile contract can do to its sandbox as core WebAssembly, and modules that are no contracts: for every language. */
import { encodeMsgpack } from "#protocol/msgpack.ts";
import { assemble, dataText, letter, rawInput, rawOutput, rawWasm } from "../support/raw-wasm.ts";
import type { Attack, FrontEnd } from "./front-end.ts";

/** Answers that are none: read from here to the end of the memory's first page. */
const nonsenseAt = 0x4000;
const nested = (depth: number): unknown => (depth === 0 ? [] : [nested(depth - 1)]);
const done = (effects: unknown): unknown => ({ answer: "done", reason: null, effects });
const ends = (count: number): unknown => done(Array.from({ length: count }, () => ({ effect: "end", result: null })));

const nonsense: Readonly<Record<string, Uint8Array>> = {
  "bytes that are no msgpack": Uint8Array.of(0xc1),
  "bytes and more bytes": Uint8Array.of(0x01, 0x01),
  "an array that says it is long": Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff),
  "a map that says it is long": Uint8Array.of(0xdf, 0x7f, 0xff, 0xff, 0xff),
  "a byte string that says it is long": Uint8Array.of(0xc6, 0xff, 0xff, 0xff, 0xff),
  "text that is no UTF-8": Uint8Array.of(0xa1, 0xff),
  "a number that is none": Uint8Array.of(0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0),
  "an extension type": Uint8Array.of(0xd4, 0x01, 0x00),
  "a key that names the prototype": Uint8Array.of(0x81, 0xa9, ...Buffer.from("__proto__"), 0x01),
  "an answer that is a number": encodeMsgpack(7),
  "the answer to another call": encodeMsgpack({ answer: "views", views: [] }),
  "an answer without effects": encodeMsgpack({ answer: "done", reason: null }),
  "a result nobody asked for": encodeMsgpack({ ...(done([]) as object), result: null }),
  "an effect that does not exist": encodeMsgpack(done([{ effect: "fetch", url: "https://example.org" }])),
  "a timer in the past": encodeMsgpack(done([{ effect: "schedule", name: "x", tick: 0, payload: null }])),
  "a message that is too deep": encodeMsgpack(done([{ effect: "send", to: "everyone", message: nested(30) }])),
  "a refusal with effects": encodeMsgpack({ answer: "done", reason: "no", effects: [{ effect: "end", result: null }] }),
  "a reason that is too long": encodeMsgpack({ answer: "done", reason: "no ".repeat(100), effects: [] }),
  "more effects than one call has": encodeMsgpack(ends(257)),
};

/** Never comes back, or comes back with what is no answer. The text is a function's body that leaves an i32. */
const fatal: Readonly<Record<string, string>> = {
  "endless loop": "(loop $again (br $again)) (unreachable)",
  "endless loop with a condition": "(loop $again (br_if $again (i32.const 1))) (i32.const 1)",
  "endless loop through a table of branches":
    "(loop $again (block $out (br_table $again $again (i32.const 0)))) (unreachable)",
  "endless loop of calls": "(loop $again (call $nothing) (br $again)) (unreachable)",
  "endless loop of indirect calls":
    "(loop $again (call_indirect (type $nothing) (i32.const 1)) (br $again)) (unreachable)",
  "endless loop of fills":
    "(loop $again (memory.fill (i32.const 0x120000) (i32.const 7) (i32.const 0x10000)) (br $again)) (unreachable)",
  "endless loop of copies":
    "(loop $again (memory.copy (i32.const 0x120000) (i32.const 0) (i32.const 0x10000)) (br $again)) (unreachable)",
  "endless loop of growing by nothing": "(loop $again (drop (memory.grow (i32.const 0))) (br $again)) (unreachable)",
  "endless loop of growing by too much":
    "(loop $again (drop (memory.grow (i32.const 65535))) (br $again)) (unreachable)",
  "endless loop of lines to the log":
    "(loop $again (call $log (i32.const 0) (i32.const 0x10000)) (br $again)) (unreachable)",
  "endless loop that draws out division":
    "(loop $again (drop (i64.div_s (i64.const -9) (i64.const 3))) (br $again)) (unreachable)",
  "calls of calls of calls": "(call $twice (i32.const 60)) (i32.const 1)",
  "memory bomb": "(loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) (unreachable)",
  "memory bomb that goes on for ever": "(loop $again (drop (memory.grow (i32.const 1))) (br $again)) (unreachable)",
  "memory bomb that writes": `(loop $again
      (memory.fill (i32.mul (memory.grow (i32.const 1)) (i32.const 65536)) (i32.const 1) (i32.const 65536))
      (br $again)) (unreachable)`,
  "more memory than there is": "(memory.grow (i32.const 65536)) (i32.store8 (i32.const 0x140000) (i32.const 1))",
  "deep recursion": "(call $deeper (i32.const 0))",
  "deep recursion of two": "(call $ping (i32.const 0))",
  "deep recursion through the table": "(call $indirect (i32.const 0))",
  "deep recursion of large frames": "(i32.wrap_i64 (call $wide (i64.const 1)))",
  "a load beyond the memory": "(i32.load (i32.const 0x7fffffff))",
  "a load with an offset that wraps around": "(i32.load offset=0xffffffff (i32.const -1))",
  "a store beyond the memory": "(i64.store (i32.const -8) (i64.const 0)) (i32.const 1)",
  "a fill beyond the memory": "(memory.fill (i32.const 0x10000) (i32.const 1) (i32.const -1)) (i32.const 1)",
  "a copy beyond the memory": "(memory.copy (i32.const 0) (i32.const 0x10000) (i32.const 0x7fffffff)) (i32.const 1)",
  unreachable: "(unreachable)",
  "division by zero": "(i32.div_u (i32.const 1) (i32.const 0))",
  "remainder by zero": "(i32.wrap_i64 (i64.rem_s (i64.const 1) (i64.const 0)))",
  "division that overflows": "(i32.div_s (i32.const 0x80000000) (i32.const -1))",
  "a whole number from none": "(i32.trunc_f64_s (f64.const nan))",
  "a whole number from too much": "(i32.trunc_f32_u (f32.const 1e30))",
  "a call of no function": "(call_indirect (type $answer) (i32.const 0))",
  "a call of another type": "(call_indirect (type $answer) (i32.const 1))",
  "a call beyond the table": "(call_indirect (type $answer) (i32.const 1000))",
  "gives up": "(call $abort (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)) (i32.const 1)",
  "gives up with texts that are nowhere":
    "(call $abort (i32.const -1) (i32.const 0x7fffffff) (i32.const -5) (i32.const 3)) (i32.const 1)",
  "answers with no length": "(i32.const 0)",
  "answers with more than its window": `(i32.const ${rawOutput.length + 1})`,
  "answers with all there is": "(i32.const 0x7fffffff)",
  "answers with the smallest number": "(i32.const 0x80000000)",
  "a fault longer than its window": `(i32.const ${-rawOutput.length - 1})`,
  "a fault of bytes that are no text": `(memory.fill (i32.const ${rawOutput.at}) (i32.const 0xff) (i32.const 100)) (i32.const -100)`,
  "fills its window with nonsense": `(memory.fill (i32.const ${rawOutput.at}) (i32.const 0x91) (i32.const ${rawOutput.length})) (i32.const ${rawOutput.length})`,
  "overwrites all its memory":
    "(memory.fill (i32.const 0) (i32.const 0xc1) (i32.mul (memory.size) (i32.const 65536))) (i32.const 9)",
};

/** Comes back, having done harm to nobody but its own room. What `view` shows is at `$shown`. */
const selfish: Readonly<Record<string, string>> = {
  "moves its windows": "(memory.fill (i32.const 0x400) (i32.const 0xff) (i32.const 32)) (call $show) (call $done)",
  "takes all the memory it may have":
    "(loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) (call $show) (call $done)",
  "writes to its input": `(memory.fill (i32.const ${rawInput.at}) (i32.const 0xff) (i32.const ${rawInput.length})) (call $show) (call $done)`,
  "uses most of its fuel": `(local $left i32) (local.set $left (i32.const 100000))
      (loop $again (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1))))) (call $show) (call $done)`,
};

const viewsAt = 0x2000;
const views = encodeMsgpack({ answer: "views", views: [0] });
const shownAt = viewsAt + views.length - 1;

const bodies = [...Object.values(fatal), ...Object.values(selfish)];

/** Each attack is a function; a move is its number. */
function hostileModule(): Uint8Array {
  let at = nonsenseAt;
  const lies = Object.values(nonsense).map((bytes) => {
    const lie = { data: dataText(at, bytes), body: `(call $say (i32.const ${at}) (i32.const ${bytes.length}))` };
    at += bytes.length;
    return lie;
  });
  if (at > rawInput.at) throw new Error("the lies do not fit");
  const all = [...bodies, ...lies.map(({ body }) => body)];
  const fields = `
    (type $nothing (func))
    (type $answer (func (result i32)))
    (table 8 funcref)
    (elem (i32.const 1) $nothing $indirect)
    (func $nothing)
    (func $show (i32.store8 (i32.const ${shownAt}) (i32.const 1)))
    (func $twice (param $n i32)
      (if (local.get $n) (then
        (call $twice (i32.sub (local.get $n) (i32.const 1)))
        (call $twice (i32.sub (local.get $n) (i32.const 1))))))
    (func $deeper (param $n i32) (result i32) (i32.add (i32.const 1) (call $deeper (i32.add (local.get $n) (i32.const 1)))))
    (func $ping (param $n i32) (result i32) (i32.add (i32.const 1) (call $pong (local.get $n))))
    (func $pong (param $n i32) (result i32) (i32.add (i32.const 1) (call $ping (local.get $n))))
    (func $indirect (param $n i32) (result i32)
      (i32.add (i32.const 1) (call_indirect (param i32) (result i32) (local.get $n) (i32.const 2))))
    (func $wide (param $n i64) (result i64)
      (local ${"i64 ".repeat(200)})
      (i64.add (local.get 1) (call $wide (i64.add (local.get $n) (i64.const 1)))))
    ${dataText(viewsAt, views)}
    ${lies.map(({ data }) => data).join("\n")}
    ${all.map((body, i) => `(func $attack${i} (result i32) ${body})`).join("\n")}
    (func $move (param $attack i32) (result i32)
      ${"(block ".repeat(all.length)}
      (br_table ${all.map((_, i) => i).join(" ")} (local.get $attack))
      ${all.map((_, i) => `) (return (call $attack${i}))`).join("\n")})`;
  return rawWasm({
    imports: `
      (import "env" "abort" (func $abort (param i32 i32 i32 i32)))
      (import "room" "log" (func $log (param i32 i32)))`,
    fields,
    // A move comes last in its call, and the numbers of attacks take one byte.
    call: `
      (if (call $is (i32.const ${letter("v")}))
        (then (return (call $say (i32.const ${viewsAt}) (i32.const ${views.length})))))
      (if (result i32) (call $is (i32.const ${letter("m")}))
        (then (call $move (i32.load8_u offset=${rawInput.at - 1} (local.get $length))))
        (else (call $done)))`,
  });
}

const numbered = (names: readonly string[], first: number): Attack[] =>
  names.map((name, i) => ({ name, move: first + i }));

const firstLie = bodies.length;
if (firstLie + Object.keys(nonsense).length > 0x80) throw new Error("more attacks than one byte names");

/** Modules that are no contracts. What the hardener refuses has tests of its own. */
const refused: FrontEnd["refused"] = [
  ["nothing", () => new Uint8Array(0)],
  ["a magic without a module", () => Uint8Array.of(0x00, 0x61, 0x73, 0x6d)],
  ["a module of nothing", () => assemble("(module)")],
  ["without a memory that is exported", () => rawWasm({ memory: "(memory 20)" })],
  ["another's memory", () => rawWasm({ memory: `(memory (export "memory") (import "env" "memory") 20)` })],
  ["without functions", () => assemble(`(module (memory (export "memory") 20))`)],
  [
    "asking for files",
    () =>
      rawWasm({ imports: `(import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))` }),
  ],
  ["asking for the time", () => rawWasm({ imports: `(import "Date" "now" (func (result f64)))` })],
  ["never started", () => rawWasm({ fields: "(func $start (loop $again (br $again))) (start $start)" })],
  ["never initialized", () => rawWasm({ fields: `(func (export "_initialize") (loop $again (br $again)))` })],
  ["never answering", () => rawWasm({ manifest: {}, call: "(loop $again (br $again)) (unreachable)" })],
  ["failing as it starts", () => rawWasm({ fields: "(func $start (unreachable)) (start $start)" })],
  ["describing itself as nothing", () => rawWasm({ manifest: null })],
];

/** For front-ends whose contracts are core WebAssembly. */
export const hostileWasm: Pick<FrontEnd, "refused" | "hostile" | "faulty"> = {
  refused,
  hostile: {
    bundle: async () => hostileModule(),
    attacks: () => ({
      fatal: [...numbered(Object.keys(fatal), 0), ...numbered(Object.keys(nonsense), firstLie)],
      selfish: numbered(Object.keys(selfish), Object.keys(fatal).length),
      // Whatever a module could reach, it would have to import.
      escapes: [],
    }),
  },
  faulty: [
    ["endless loop", /^out of fuel: this call costs more than the 2,000,000 it may/],
    ["deep recursion", /^calls are nested too deeply/],
    ["unreachable", /never to be reached/],
    ["a load beyond the memory", /^an address outside the contract's memory/],
    ["division by zero", /^a division by zero/],
    ["a call of no function", /^a call of a function that is not in the table/],
    ["a call of another type", /^a call of a function .* of another type/],
    ["a call beyond the table", /^a call of a function that is not in the table/],
    ["a fill beyond the memory", /^out of fuel/],
    ["division that overflows", /^a division whose result is too large/],
    ["a whole number from none", /^a number that does not fit/],
    ["memory bomb", /gave up, with 64 of 64 pages of memory in use$/],
    ["gives up", /^the contract gave up$/],
    ["answers with no length", /length in the output window/],
  ],
};
