/** What the engine asks of a module before it is a contract. */
import { describe, expect, test } from "vitest";
import { assemble, rawPages, rawWasm, rawWasmManifest } from "../../../support/raw-wasm.ts";
import { bodies, count, counting, done, engine, load, open, refusalOf, seen, tick } from "./contract.ts";

describe("a module", () => {
  test.for<[string, string, RegExp]>([
    [
      "without room_call",
      `(module (memory (export "memory") 1) (func (export "room_windows") (result i32) (i32.const 0)))`,
      /room_call/,
    ],
    [
      "whose room_call takes nothing",
      `(module (memory (export "memory") 1) (func (export "room_windows") (result i32) (i32.const 0))
        (func (export "room_call") (result i32) (i32.const 0)))`,
      /room_call with 1 parameter/,
    ],
    [
      "whose room_windows is a global",
      `(module (memory (export "memory") 1) (global (export "room_windows") i32 (i32.const 0))
        (func (export "room_call") (param i32) (result i32) (i32.const 0)))`,
      /room_windows/,
    ],
  ])("%s is refused", async ([, text, told]) => {
    await expect(engine.load(assemble(text))).rejects.toMatchObject({
      code: "bundle-refused",
      detail: expect.stringMatching(told) as string,
    });
  });

  test("that imports what a room does not have is told what and why", async () => {
    expect(await refusalOf({ imports: `(import "env" "now" (func (result f64)))` })).toMatch(/import.*env\.now/s);
  });

  test.for<[string, unknown, RegExp]>([
    ["no manifest", null, /manifest/],
    ["another ABI", { ...rawWasmManifest, abi: "room-wasm v2" }, /abi/],
    ["less memory than it begins with", { ...rawWasmManifest, memoryPages: rawPages - 1 }, /takes 20/],
    ["tables it has no room for", { ...rawWasmManifest, tables: [bodies()] }, /the tables take/],
  ])("that declares %s is refused", async ([, manifest, told]) => {
    expect(await refusalOf({ manifest })).toMatch(told);
  });

  test("is what it was when it was loaded, whatever becomes of the caller's bytes", async () => {
    const bundle = rawWasm();
    const contract = await engine.load(bundle);
    bundle.fill(0);
    expect((await load()).hash).toEqual(contract.hash);
    expect(contract.instantiate().call(open)).toEqual(done);
  });

  test("prepares itself once, and every room begins after that", async () => {
    const fields = `${counting("").fields}
      (global $started (mut i32) (i32.const 0))
      (func $start ${count} (global.set $started (i32.const 1)))
      (start $start)
      (func (export "_initialize") ${count} (memory.fill (i32.const 0x120000) (global.get $started) (i32.const 5000)))`;
    const contract = await load({ ...counting(count), fields });
    const rooms = [contract.instantiate(), contract.instantiate()];
    expect(rooms.map(seen)).toEqual([2, 2]);
    rooms[0]!.call(tick);
    expect(rooms.map(seen)).toEqual([3, 2]);
    expect(seen(contract.instantiate())).toBe(2);
  });

  test("whose description leaves traces leaves none in its rooms", async () => {
    const contract = await load({ ...counting(""), before: count });
    expect(seen(contract.instantiate())).toBe(1);
  });
});
