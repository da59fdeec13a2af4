/** A NaN that anybody can see is the canonical one, whatever the machine computed. */
import { describe, expect, test } from "vitest";
import { harden } from "#enclave/sandbox/hardener/harden.ts";
import {
  assemble,
  drop,
  f32,
  f64,
  f64Const,
  get,
  globalGet,
  globalSet,
  i32,
  i32Const,
  i64,
  i64Const,
  memory,
  plain,
  repeat,
  set,
  simd,
  v128,
  type ModuleSource,
} from "./assembler.ts";
import { options, room } from "./room.ts";

/** A signalling NaN with payload and sign, as an integer made a float: nothing has touched its bits. */
const strange32 = [...i32Const(-0x5a_aaab), ...plain(0xbe)];
const strange64 = [...i64Const(-0x5_5555_5555_5555n), ...plain(0xbf)];
const canonical32 = 0x7fc0_0000;
const canonical64 = 0x7ff8_0000_0000_0000n;

const load32 = memory(0x28);
const load64 = memory(0x29);
const storeVector = memory(0x00).slice(1);
const at0 = i32Const(0);

const shows32 = (code: readonly number[]): ModuleSource => ({
  functions: [{ exported: "f", results: [i32], locals: [[1, v128]], code }],
});
const shows64 = (code: readonly number[]): ModuleSource => ({
  functions: [{ exported: "f", results: [i64], locals: [[1, v128]], code }],
});
const f32Global = { type: f32, mutable: true, value: [0x43, 0, 0, 0, 0], exported: "kept" } as const;
const f64Global = { type: f64, mutable: true, value: f64Const(0), exported: "kept" } as const;

describe("scalars", () => {
  test.for([
    ["f32.store", shows32([...at0, ...strange32, ...memory(0x38), ...at0, ...load32]), canonical32],
    ["f64.store", shows64([...at0, ...strange64, ...memory(0x39), ...at0, ...load64]), canonical64],
    ["i32.reinterpret_f32", shows32([...strange32, 0xbc]), canonical32],
    ["i64.reinterpret_f64", shows64([...strange64, 0xbd]), canonical64],
    ["f32.copysign", shows32([0x43, 0, 0, 0x80, 0x3f, ...strange32, 0x98, 0xbc]), 0x3f80_0000],
    ["f64.copysign", shows64([...f64Const(1), ...strange64, 0xa6, 0xbd]), 0x3ff0_0000_0000_0000n],
    ["a NaN made canonical, then negated", shows64([...strange64, 0x9a, 0xbd]), canonical64],
    ["zero by zero", shows64([...f64Const(0), ...f64Const(0), 0xa3, 0xbd]), canonical64],
    ["a promoted NaN", shows64([...strange32, 0xbb, 0xbd]), canonical64],
    ["a demoted NaN", shows32([...strange64, 0xb6, 0xbc]), canonical32],
    ["a splat", shows64([...strange64, ...simd(20), ...simd(29, 1)]), canonical64],
    ["a small splat", shows32([...strange32, ...simd(19), ...simd(27, 3)]), canonical32],
    [
      "a lane",
      shows64([...simd(12, ...Array<number>(16).fill(0)), ...strange64, ...simd(34, 1), ...simd(29, 1)]),
      canonical64,
    ],
    [
      "a small lane",
      shows32([...simd(12, ...Array<number>(16).fill(0)), ...strange32, ...simd(32, 2), ...simd(27, 2)]),
      canonical32,
    ],
  ] as const)("%s", ([, source, expected]) => {
    const value = room(source).run("f").value as number | bigint;
    expect(typeof value === "bigint" ? BigInt.asUintN(64, value) : value >>> 0).toBe(expected);
  });

  test.for([
    ["f32.store", [...at0, 0x43, 1, 2, 3, 4, ...memory(0x38), ...at0, ...load32], 0x0403_0201],
    ["an infinity", [...at0, 0x43, 0, 0, 0x80, 0xff, ...memory(0x38), ...at0, ...load32], 0xff80_0000],
    ["minus zero", [...at0, 0x43, 0, 0, 0, 0x80, ...memory(0x38), ...at0, ...load32], 0x8000_0000],
    ["a sign", [0x43, 0, 0, 0x80, 0x3f, 0x43, 0, 0, 0, 0x80, 0x98, 0xbc], 0xbf80_0000],
  ] as const)("what is no NaN keeps its bits: %s", ([, code, expected]) => {
    expect((room(shows32(code)).run("f").value as number) >>> 0).toBe(expected);
  });
});

describe("vectors", () => {
  const strangeLanes64 = [...i64Const(-0x5_5555_5555_5555n), ...simd(18)];
  const strangeLanes32 = [...i32Const(-0x5a_aaab), ...simd(17)];
  const one = [...f64Const(1), ...simd(20)];
  const one32 = [0x43, 0, 0, 0x80, 0x3f, ...simd(19)];

  /** Both lanes of one operand after another. */
  const lanes64 = (number: number, operands: 1 | 2): ModuleSource =>
    shows64([...strangeLanes64, ...(operands === 2 ? one : []), ...simd(number), ...simd(29, 1)]);
  const lanes32 = (number: number, operands: 1 | 2): ModuleSource =>
    shows32([...strangeLanes32, ...(operands === 2 ? one32 : []), ...simd(number), ...simd(27, 3)]);

  test.for([
    ...[116, 117, 122, 148, 239].map((number) => [number, lanes64(number, 1), canonical64] as const),
    ...[240, 241, 242, 243, 244, 245].map((number) => [number, lanes64(number, 2), canonical64] as const),
    ...[103, 104, 105, 106, 227].map((number) => [number, lanes32(number, 1), canonical32] as const),
    ...[228, 229, 230, 231, 232, 233].map((number) => [number, lanes32(number, 2), canonical32] as const),
    [95, shows64([...strangeLanes32, ...simd(95), ...simd(29, 1)]), canonical64],
    [94, shows32([...strangeLanes64, ...simd(94), ...simd(27, 1)]), canonical32],
  ] as const)("instruction %i leaves the canonical NaN", ([, source, expected]) => {
    const value = room(source).run("f").value as number | bigint;
    expect(typeof value === "bigint" ? BigInt.asUintN(64, value) : value >>> 0).toBe(expected);
  });

  test("bits that integers made stay as they are", () => {
    const source = shows64([
      ...at0,
      ...strangeLanes64,
      ...set(0),
      ...get(0),
      0xfd,
      11,
      ...storeVector,
      ...at0,
      ...load64,
    ]);
    expect(room(source).run("f").value).toBe(-0x5_5555_5555_5555n);
  });

  test("pmin and pmax return one of their operands as it is", () => {
    for (const number of [246, 247]) {
      const source = shows64([...strangeLanes64, ...one, ...simd(number), ...simd(29, 0)]);
      expect(room(source).run("f").value).toBe(-0x5_5555_5555_5555n);
    }
  });

  test("a lane that is no NaN keeps its bits beside one that is", () => {
    const mixed = [...one, ...strange64, ...simd(34, 1), ...one, ...simd(240), ...simd(29, 0)];
    expect(room(shows64(mixed)).run("f").value).toBe(0x4000_0000_0000_0000n);
  });
});

describe("globals, which reach the host as numbers", () => {
  test.for([
    ["f32", f32Global, strange32, 0xbc, 4],
    ["f64", f64Global, strange64, 0xbd, 8],
  ] as const)("a mutable %s holds the canonical NaN", ([type, global, strange, , length]) => {
    const source = { globals: [global], functions: [{ exported: "f", code: [...strange, ...globalSet(0)] }] };
    const played = room(source);
    played.run("f");
    const view = new DataView(new ArrayBuffer(8));
    const kept = (played.exports["phatroom_global_0"] as WebAssembly.Global).value as number;
    if (length === 4) view.setFloat32(0, kept);
    else view.setFloat64(0, kept);
    expect(view.getBigUint64(0)).toBe(length === 4 ? BigInt(canonical32) << 32n : canonical64);
    expect(harden(assemble(source), options).globals).toEqual([{ name: "phatroom_global_0", type }]);
  });

  test("what the host reads and sets again is the same number", () => {
    const source = {
      globals: [f32Global],
      functions: [
        { exported: "f", code: [0x43, 0xcd, 0xcc, 0xcc, 0x3d, ...globalSet(0)] },
        { exported: "bits", results: [i32], code: [...globalGet(0), 0xbc] },
      ],
    };
    const played = room(source);
    played.run("f");
    const global = played.exports["phatroom_global_0"] as WebAssembly.Global;
    const other = room(source);
    (other.exports["phatroom_global_0"] as WebAssembly.Global).value = global.value as number;
    expect(other.run("bits").value).toBe(0x3dcc_cccd);
  });

  test("integers and constants are left alone", () => {
    const source = {
      globals: [{ type: i64, mutable: true, value: i64Const(0n) }],
      functions: [{ exported: "f", results: [i64], code: [...i64Const(-1n), ...globalSet(0), ...globalGet(0)] }],
    };
    expect(room(source).run("f").value).toBe(-1n);
  });
});

test("operands below the one that is made canonical stay where they are", () => {
  const code = [...repeat(3, i32Const(7)), ...at0, ...strange64, ...memory(0x39), ...drop, ...drop];
  expect(room(shows32(code)).run("f").value).toBe(7);
});
