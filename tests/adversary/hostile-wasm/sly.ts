/** Contracts that do what they may, in ways that nobody should be able to use. All of them answer. */
import { dataText, rawInput, rawOutput } from "../../support/raw-wasm.ts";
import { times, type Attacks } from "./attack.ts";

/** Addresses of the numbers behind `room_windows`. */
const windows = 0x400;

const rewritten = times(8, (i) => `(i32.store (i32.const ${windows + 4 * i}) (i32.const -1))`);

export const sly: Attacks = {
  "one that writes over the numbers of its windows": { call: `${rewritten} (call $done)` },
  "one that writes over its input": {
    call: `(memory.fill (i32.const ${rawInput.at}) (i32.const 0xc1) (i32.const ${rawInput.length})) (call $done)`,
  },
  "one that leaves lies behind its answer": {
    call: `(memory.fill (i32.const ${rawOutput.at}) (i32.const 0xdd) (i32.const ${rawOutput.length})) (call $done)`,
  },
  "one that takes all memory it may have": {
    call: `(drop (memory.grow (i32.sub (i32.const 64) (memory.size)))) (call $done)`,
  },
  "one that asks for more memory than there is": {
    call: `(i32.store (i32.const 0x3000) (memory.grow (i32.const 65535)))
      (i32.store (i32.const 0x3004) (memory.grow (i32.const 0x80000000)))
      (i32.store (i32.const 0x3008) (memory.grow (i32.const 45))) (call $done)`,
  },
  "one that shows the bits of NaNs": {
    call: `
      (f64.store (i32.const 0x3000) (f64.div (f64.const 0) (f64.const 0)))
      (f64.store (i32.const 0x3008) (f64.sub (f64.const inf) (f64.const inf)))
      (f32.store (i32.const 0x3010) (f32.sqrt (f32.const -1)))
      (i32.store (i32.const 0x3014) (i32.reinterpret_f32 (f32.neg (f32.const nan:0x200001))))
      (f64.store (i32.const 0x3018) (f64.copysign (f64.const 1) (f64.div (f64.const 0) (f64.const 0))))
      (v128.store (i32.const 0x3020) (f32x4.div (v128.const i32x4 0 0 0 0) (v128.const i32x4 0 0 0 0)))
      (v128.store (i32.const 0x3030) (f64x2.sqrt (v128.const f64x2 -1 -2)))
      (call $done)`,
  },
  "one that keeps a NaN in a global": {
    fields: `(global $g (mut f64) (f64.const -nan:0x123)) (global $h (mut f32) (f32.const -nan:0x123))`,
    call: `(global.set $h (f32.demote_f64 (global.get $g)))
      (global.set $g (f64.div (f64.const 0) (f64.promote_f32 (f32.mul (global.get $h) (f32.const 0))))) (call $done)`,
  },
  "one that remembers calls in the middle of its windows' gap": {
    fields: dataText(0x3000, Uint8Array.of(1)),
    call: `(i32.store8 (i32.const 0x3000) (i32.add (i32.load8_u (i32.const 0x3000)) (i32.const 1))) (call $done)`,
  },
  "one with a table of everything it has": {
    fields: `(table (export "table") 50000 50000 funcref) (elem (i32.const 0) $say $is $done)`,
    call: `(i32.store (i32.const 0x3000) (ref.is_null (table.get 0 (i32.const 2)))) (call $done)`,
  },
  "one with names that mean something to JavaScript": {
    fields: ["__proto__", "constructor", "then", "toString", "valueOf", "hasOwnProperty"]
      .map((name) => `(func (export "${name}") (result i32) (unreachable))`)
      .join(""),
    call: "(call $done)",
  },
  "one whose names look like ours": {
    fields: `(global (export "Phatroom_fuel") (mut i32) (i32.const 5)) (global (export "phatroom") (mut i32) (i32.const 5))`,
    call: "(call $done)",
  },
};
