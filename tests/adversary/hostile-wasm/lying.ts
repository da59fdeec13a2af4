/** Contracts whose answers are none: lengths that lie, and MessagePack that is not what it says. */
import { dataText, rawOutput, type RawWasm } from "../../support/raw-wasm.ts";
import type { Attacks } from "./attack.ts";

/** An answer of these bytes. */
const answers = (...bytes: readonly number[]): RawWasm => ({
  fields: dataText(0x3000, Uint8Array.from(bytes)),
  call: `(call $say (i32.const 0x3000) (i32.const ${bytes.length}))`,
});

/** `count` times one byte, and nothing behind it. */
const filled = (byte: number, count: number): RawWasm => ({
  call: `(memory.fill (i32.const ${rawOutput.at}) (i32.const ${byte}) (i32.const ${count})) (i32.const ${count})`,
});

const text = (words: string): number[] => [0xa0 | words.length, ...Buffer.from(words)];
/** `{ answer: "done", reason: null, effects: … }` up to the value of `effects`. */
const doneUpTo = [0x83, ...text("answer"), ...text("done"), ...text("reason"), 0xc0, ...text("effects")];

export const lying: Attacks = {
  "an answer of no length": { call: "(i32.const 0)" },
  "an answer longer than the window": { call: `(i32.const ${rawOutput.length + 1})` },
  "an answer of the greatest length": { call: "(i32.const 0x7fffffff)" },
  "a fault of the smallest length": { call: "(i32.const 0x80000000)" },
  "a fault longer than the window": { call: `(i32.const ${-rawOutput.length - 1})` },
  "a fault that is not UTF-8": {
    call: "(memory.fill (i32.const 0x20000) (i32.const 0xff) (i32.const 100)) (i32.const -100)",
  },
  "an array of four thousand million": answers(0xdd, 0xff, 0xff, 0xff, 0xff),
  "a map of four thousand million": answers(0xdf, 0xff, 0xff, 0xff, 0xff),
  "a text of four thousand million bytes": answers(0xdb, 0xff, 0xff, 0xff, 0xff, 0x61),
  "bytes that are longer than the window": answers(0xc6, 0x7f, 0xff, 0xff, 0xff, 0x61),
  "effects of four thousand million": answers(...doneUpTo, 0xdd, 0xff, 0xff, 0xff, 0xff),
  "arrays within arrays, a million deep": filled(0x91, rawOutput.length),
  "maps within maps, a million deep": filled(0x81, rawOutput.length),
  "a million empty arrays": {
    call: `(memory.fill (i32.const ${rawOutput.at}) (i32.const 0x90) (i32.const ${rawOutput.length}))
      (i32.store8 (i32.const ${rawOutput.at}) (i32.const 0xdd)) (i32.store (i32.const ${rawOutput.at + 1}) (i32.const 0xfbff0f00))
      (i32.const ${rawOutput.length})`,
  },
  "a map whose key is __proto__": answers(0x81, ...text("__proto__"), 0x80),
  "a map with one key twice": answers(0x82, ...text("answer"), ...text("done"), ...text("answer"), ...text("done")),
  "a key that is a number": answers(0x81, 0x01, 0x01),
  "a date, which is an extension": answers(0xd6, 0xff, 0, 0, 0, 0),
  "a byte that means nothing": answers(0xc1),
  "text that is not UTF-8": answers(0x81, 0xa1, 0xff, 0xc0),
  "half a surrogate": answers(0xa3, 0xed, 0xa0, 0x80),
  "a number that is none": answers(...doneUpTo, 0x91, 0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0),
  "an integer of 64 bits": answers(...doneUpTo, 0x91, 0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
  "an answer and something behind it": answers(...doneUpTo, 0x90, 0x00),
  "an answer cut short": answers(...doneUpTo),
  "the answer to another call": answers(0x82, ...text("answer"), ...text("views"), ...text("views"), 0x90),
  "what was said to it": {
    call: `(memory.copy (i32.const ${rawOutput.at}) (i32.const 0x10000) (local.get $length)) (local.get $length)`,
  },
  "a trap in the middle of its answer": {
    call: `(drop (call $done)) (i32.store (i32.const 0x3000) (i32.const -1)) (i32.load (i32.const -4))`,
  },
  "a call through a table of a function that is not there": {
    fields: `(type $t (func (result i32))) (table 1 1 funcref)`,
    call: `(call_indirect (type $t) (i32.const 0))`,
  },
  "a call through a table of a function of another type": {
    fields: `(type $t (func (result i32))) (table 1 1 funcref) (elem (i32.const 0) $f) (func $f (param i64))`,
    call: `(call_indirect (type $t) (i32.const 0))`,
  },
  "an abort with texts that are everywhere": {
    imports: `(import "env" "abort" (func $abort (param i32 i32 i32 i32)))`,
    fields: dataText(0x2ffc, Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x00, 0xd8)),
    call: `(call $abort (i32.const 0x3000) (i32.const -2) (i32.const -1) (i32.const -1)) (call $done)`,
  },
  "an import that it says gives something back": {
    imports: `(import "room" "log" (func $log (param i32 i32) (result i64)))`,
    call: `(drop (call $log (i32.const 0) (i32.const 0))) (call $done)`,
  },
};
