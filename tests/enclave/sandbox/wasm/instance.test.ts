/** What an instance remembers: memory, globals and tables, also across snapshots. */
import { describe, expect, test } from "vitest";
import { placeTables } from "#protocol/tables.ts";
import { letter, rawInput, rawOutput, rawPages, rawWasmManifest } from "../../../support/raw-wasm.ts";
import { bodies, count, counting, load, open, seen, shown, tick } from "./contract.ts";

describe("a room", () => {
  test("whose memory grows goes on, also from a snapshot", async () => {
    const grow = `(drop (memory.grow (i32.const 3))) (i32.store (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 4)) (i32.const 7))`;
    const contract = await load(counting(`${grow} ${count}`));
    const instance = contract.instantiate();
    instance.call(open);
    instance.call(tick);
    expect(instance.usage.pages).toBe(rawPages + 6);
    expect(seen(instance)).toBe(2);
    const restored = contract.restore(instance.snapshot());
    expect(restored.usage.pages).toBe(rawPages + 6);
    expect(restored.fingerprint()).toEqual(instance.fingerprint());
    for (const room of [instance, restored]) room.call(tick);
    expect(restored.fingerprint()).toEqual(instance.fingerprint());
    expect(restored.snapshot()).toEqual(instance.snapshot());
    expect(contract.instantiate().usage.pages).toBe(rawPages);
  });

  test("cannot grow beyond its own contract's memory, though the module could", async () => {
    const contract = await load(
      counting(`(i32.store8 (i32.const ${shown}) (i32.eq (memory.grow (i32.const 45)) (i32.const -1)))`),
    );
    const instance = contract.instantiate();
    instance.call(open);
    expect(rawWasmManifest.memoryPages).toBeLessThan(rawPages + 45);
    expect(seen(instance)).toBe(1);
    expect(instance.usage.pages).toBe(rawPages);
  });

  test("remembers its globals, of every type", async () => {
    const globals = `
      (global $a (mut i32) (i32.const 1)) (global $b (mut i64) (i64.const 0x7ffffffffffffff0))
      (global $c (mut f32) (f32.const 0.5)) (global $d (mut f64) (f64.const 0.1))`;
    const step = `
      (global.set $a (i32.mul (global.get $a) (i32.const -3)))
      (global.set $b (i64.add (global.get $b) (i64.const 7)))
      (global.set $c (f32.div (global.get $c) (f32.const -3)))
      (global.set $d (f64.sqrt (f64.sub (global.get $d) (f64.const 1))))
      (i64.store (i32.const 0x3000) (global.get $b)) (f32.store (i32.const 0x3008) (global.get $c))
      (f64.store (i32.const 0x3010) (global.get $d)) (i32.store (i32.const 0x3018) (global.get $a))`;
    const parts = counting(step);
    const contract = await load({ ...parts, fields: parts.fields + globals });
    const whole = contract.instantiate();
    let instance = contract.instantiate();
    for (let i = 0; i < 5; i++) {
      for (const room of [whole, instance]) room.call(tick);
      expect(instance.fingerprint()).toEqual(whole.fingerprint());
      instance = contract.restore(instance.snapshot());
    }
    expect(contract.instantiate().fingerprint()).not.toEqual(whole.fingerprint());
  });

  test("shows its tables where they are, also after its memory has moved", async () => {
    const layout = bodies();
    const { length, tables } = placeTables([layout]);
    const at = rawOutput.at + rawOutput.length;
    const windows = [1, rawInput.at, rawInput.length, rawOutput.at, rawOutput.length, at, length, 0];
    const x = at + tables[0]!.columns.find(({ name }) => name === "x")!.at;
    const call = `(drop (memory.grow (i32.const 1)))
      (f64.store (i32.const ${x}) (f64.add (f64.const 1.5) (f64.load (i32.const ${x})))) (call $done)`;
    const contract = await load({ windows, call, manifest: { ...rawWasmManifest, tables: [layout] } });
    const instance = contract.instantiate();
    const look = (): number => new DataView(instance.tables().slice().buffer).getFloat64(x - at, true);
    expect(instance.tables()).toHaveLength(length);
    expect(look()).toBe(0);
    instance.call(open);
    expect(look()).toBe(1.5);
    instance.call(tick);
    expect(look()).toBe(3);
    expect(contract.restore(instance.snapshot()).tables()).toEqual(instance.tables());
  });

  test("has no tables if it declares none", async () => {
    expect((await load()).instantiate().tables()).toHaveLength(0);
  });

  test("sees of a call what is in it, behind it what was there before", async () => {
    // The input is memory like any other: what a longer call left is part of the room, and of its snapshots.
    const last = rawInput.at + 200;
    const contract = await load(counting(`(i32.store8 (i32.const ${shown}) (i32.load8_u (i32.const ${last})))`));
    const instance = contract.instantiate();
    instance.call({ call: "timer", tick: 1, name: "t", payload: "x".repeat(400) });
    const restored = contract.restore(instance.snapshot());
    for (const room of [instance, restored]) {
      room.call(tick);
      expect(seen(room)).toBe(letter("x"));
    }
    expect(restored.fingerprint()).toEqual(instance.fingerprint());
  });
});
