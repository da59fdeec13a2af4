/** Contracts that would not end. */
import { forever, times, type Attacks } from "./attack.ts";

export const endless: Attacks = {
  "an empty loop": { call: forever("") },
  "loops within loops": {
    call: `(local $i i32) ${times(40, (i) => `(loop $l${i}`)} ${times(40, (i) => `(br_if $l${39 - i} (i32.const 1)))`)} (unreachable)`,
  },
  "a loop that a table of branches goes back to": {
    call: `(loop $again (br_table ${"$again ".repeat(5000)} (local.get $length))) (unreachable)`,
  },
  "a loop that ends with a branch from deep inside": {
    call: `(loop $again ${times(500, () => "(block")} (br $again) ${")".repeat(500)}) (unreachable)`,
  },
  "a loop whose work is in the branch that is not taken": {
    call: forever(`(if (i32.eqz (local.get $length)) (then ${"(drop (i32.const 1))".repeat(500)}))`),
  },
  "divisions, which are slow": {
    call: `(local $x i64) (local.set $x (i64.const -1))
      ${forever("(local.set $x (i64.div_s (i64.const 0x7fffffffffffffff) (i64.or (i64.rem_u (local.get $x) (i64.const 7)) (i64.const 1))))".repeat(20))}`,
  },
  "square roots of vectors": {
    call: `(local $x v128) ${forever("(local.set $x (f64x2.sqrt (f64x2.div (v128.const f64x2 2 3) (f64x2.sqrt (local.get $x)))))".repeat(20))}`,
  },
  "denormal numbers": {
    call: `(local $x f64) (local.set $x (f64.const 4e-320)) ${forever("(local.set $x (f64.add (f64.mul (local.get $x) (f64.const 0.999)) (f64.const 1e-322)))".repeat(20))}`,
  },
  "a tree of calls that doubles with every level": {
    fields: times(32, (i) => `(func $f${i} ${i === 0 ? "" : `(call $f${i - 1}) (call $f${i - 1})`})`),
    call: `(call $f31) (call $done)`,
  },
  "a tree of calls through a table that doubles with every level": {
    fields: `(type $t (func)) (table 32 32 funcref) (elem (i32.const 0) ${times(32, (i) => `$f${i}`)})
      ${times(32, (i) => `(func $f${i} ${i === 0 ? "" : `(call_indirect (type $t) (i32.const ${i - 1})) `.repeat(2)})`)}`,
    call: `(call_indirect (type $t) (i32.const 31)) (call $done)`,
  },
  "small functions that carry no checks, in a chain, in a loop": {
    fields: times(
      12,
      (i) => `(func $f${i} ${i === 0 ? "(drop (i32.const 1))".repeat(9) : `(call $f${i - 1})`.repeat(2)})`,
    ),
    call: forever("(call $f11)"),
  },
  "a small function that carries no check, through a table": {
    fields: `(type $t (func)) (table 1 1 funcref) (elem (i32.const 0) $leaf) (func $leaf (drop (i32.const 1)))`,
    call: forever("(call_indirect (type $t) (i32.const 0))"),
  },
  "filling all memory": {
    call: forever("(memory.fill (i32.const 0x120000) (i32.const 7) (i32.const 0x20000))"),
  },
  "filling nothing": { call: forever("(memory.fill (i32.const 0) (i32.const 7) (i32.const 0))") },
  "copying memory over itself": {
    call: forever("(memory.copy (i32.const 0x30001) (i32.const 0x30000) (i32.const 0x100000))"),
  },
  "copying a segment": {
    fields: `(data $segment "${"x".repeat(60_000)}")`,
    call: forever("(memory.init $segment (i32.const 0x120000) (i32.const 0) (i32.const 60000))"),
  },
  "growing by nothing": { call: forever("(drop (memory.grow (i32.const 0)))") },
  "growing by too much": { call: forever("(drop (memory.grow (i32.const -1)))") },
  "growing by one page after the other": { call: forever("(drop (memory.grow (i32.const 1)))") },
  "asking for the size of memory": { call: forever("(drop (memory.size))") },
  "asking for references": {
    fields: `(table 4 4 funcref) (elem declare func $leaf) (func $leaf)`,
    call: forever("(drop (ref.is_null (ref.func $leaf))) (drop (ref.is_null (table.get 0 (i32.const 1))))"),
  },
  "lines of log": {
    imports: `(import "room" "log" (func $log (param i32 i32)))`,
    call: forever("(call $log (i32.const 0) (i32.const 0x100000))"),
  },
};
