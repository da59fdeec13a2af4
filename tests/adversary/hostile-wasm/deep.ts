/** Contracts that call themselves without end. */
import { times, type Attacks } from "./attack.ts";

const locals = (count: number, type: string): string => `(local ${`${type} `.repeat(count)})`;

export const deep: Attacks = {
  "a function that calls itself": { fields: "(func $f (call $f))", call: "(call $f) (call $done)" },
  "a function that calls itself and needs the result": {
    fields:
      "(func $f (param i32) (result i32) (i32.add (local.get 0) (call $f (i32.add (local.get 0) (i32.const 1)))))",
    call: "(drop (call $f (i32.const 0))) (call $done)",
  },
  "functions that call each other in a circle": {
    fields: times(50, (i) => `(func $f${i} (call $f${(i + 1) % 50}))`),
    call: "(call $f0) (call $done)",
  },
  "a function that calls itself through a table": {
    fields: `(type $t (func)) (table 1 1 funcref) (elem (i32.const 0) $f) (func $f (call_indirect (type $t) (i32.const 0)))`,
    call: "(call $f) (call $done)",
  },
  "room_call that calls itself": {
    fields: `(type $t (func (param i32) (result i32))) (table 1 1 funcref) (elem (i32.const 0) $f)
      (func $f (param i32) (result i32) (call_indirect (type $t) (local.get 0) (i32.const 0)))`,
    call: "(call $f (local.get $length))",
  },
  "frames of many locals": { fields: `(func $f ${locals(1500, "i64")} (call $f))`, call: "(call $f) (call $done)" },
  "frames of vectors": { fields: `(func $f ${locals(900, "v128")} (call $f))`, call: "(call $f) (call $done)" },
  "many parameters": {
    fields: `(func $f (param ${"f64 ".repeat(100)}) (call $f ${times(100, (i) => `(local.get ${i})`)}))`,
    call: `(call $f ${"(f64.const 1)".repeat(100)}) (call $done)`,
  },
  "many results": {
    fields: `(func $f (result ${"i64 ".repeat(16)}) (call $f))`,
    call: `(call $f) ${"(drop)".repeat(16)} (call $done)`,
  },
  "many operands that wait": {
    fields: `(func $f (result i64) ${times(300, () => "(i64.add (i64.const 5)")} (call $f) ${")".repeat(300)})`,
    call: `(drop (call $f)) (call $done)`,
  },
  "values that live across a call": {
    fields: `(func $f (param i32) (result i32) ${locals(200, "i32")}
      ${times(200, (i) => `(local.set ${i + 1} (i32.mul (local.get ${i}) (i32.const 3)))`)}
      (call $f (local.get 200))
      ${times(200, (i) => `(i32.add (local.get ${i + 1}))`)})`,
    call: "(drop (call $f (i32.const 1))) (call $done)",
  },
  "a chain of small functions below a recursion": {
    fields: `${times(20, (i) => `(func $g${i} (param i32) (result i32) ${i === 0 ? "(local.get 0)" : `(call $g${i - 1} (local.get 0))`})`)}
      (func $f (param i32) (drop (call $g19 (local.get 0))) (call $f (local.get 0)))`,
    call: "(call $f (i32.const 1)) (call $done)",
  },
  "recursion inside a loop that never turns": {
    fields: "(func $f (loop $l (call $f) (br $l)))",
    call: "(call $f) (call $done)",
  },
  "recursion out of every case of a table": {
    fields: `(func $f (param i32) (block $a (block $b (block $c (br_table $a $b $c (local.get 0))) (call $f (i32.const 1))) (call $f (i32.const 0))) (call $f (i32.const 2)))`,
    call: "(call $f (i32.const 2)) (call $done)",
  },
};
