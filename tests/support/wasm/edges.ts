/** Operands from the edges of each type, 16 bytes each, little-endian, whatever of them the type reads. */
import type { ValueType } from "./instructions.ts";

const nans32 = [0x7fc00000, 0xffc00000, 0x7fc00001, 0x7fffffff, 0x7fa00000, 0xff800001];
const nans64 = [
  0x7ff8000000000000n,
  0xfff8000000000000n,
  0x7ff8000000000001n,
  0x7fffffffffffffffn,
  0x7ff4000000000000n,
  0xfff0000000000001n,
];

const int32s = [0, 1, -1, 2, 31, 32, 33, 0x7f, 0x80, 0xffff, 0x7fffffff, -0x80000000, 0x55555555];
const int64s = [
  0n,
  1n,
  -1n,
  2n,
  63n,
  64n,
  0x80n,
  0x8000n,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  2n ** 63n - 1n,
  2n ** 63n,
];
const shared = [0, -0, 1, -1, 0.5, -1.5, 2.5, 4294967296, 9223372036854775808, Infinity, -Infinity];
const float32s = [...shared, 1e-45, -3.4028234663852886e38, 2147483648, -2147483904, 18446744073709551616];
const float64s = [...shared, 5e-324, -1.7976931348623157e308, 2147483647.5, -2147483649, 3.5e38];

const bits = (write: (view: DataView) => void): Uint8Array => {
  const bytes = new Uint8Array(16);
  write(new DataView(bytes.buffer));
  return bytes;
};

const scalars = {
  i32: int32s.map((value) => bits((view) => view.setInt32(0, value, true))),
  i64: int64s.map((value) => bits((view) => view.setBigInt64(0, value, true))),
  f32: [
    ...float32s.map((value) => bits((view) => view.setFloat32(0, value, true))),
    ...nans32.map((value) => bits((view) => view.setUint32(0, value, true))),
  ],
  f64: [
    ...float64s.map((value) => bits((view) => view.setFloat64(0, value, true))),
    ...nans64.map((value) => bits((view) => view.setBigUint64(0, value, true))),
  ],
};

/** Lanes filled with the edges of one type, one after the other. */
function lanes(values: readonly Uint8Array[], length: number): Uint8Array[] {
  const perVector = 16 / length;
  return Array.from({ length: Math.ceil(values.length / perVector) }, (_, i) => {
    const bytes = new Uint8Array(16);
    for (let lane = 0; lane < perVector; lane++) {
      bytes.set(values[(i * perVector + lane) % values.length]!.subarray(0, length), lane * length);
    }
    return bytes;
  });
}

const vectors = [
  ...lanes(scalars.i32, 4),
  ...lanes(scalars.i64, 8),
  ...lanes(scalars.f32, 4),
  ...lanes(scalars.f64, 8),
  Uint8Array.from({ length: 16 }, (_, i) => i * 17),
  Uint8Array.from({ length: 16 }, (_, i) => [0x7f, 0x80, 0x00, 0xff][i % 4]!),
];

export function edgesOf(type: ValueType): readonly Uint8Array[] {
  if (type === "v128") return vectors;
  if (type === "funcref" || type === "externref") throw new Error("references are not made of bits");
  return scalars[type];
}

/** Around the end of a memory of one page. */
export const addresses = [
  256, 257, 65_512, 65_520, 65_521, 65_528, 65_529, 65_532, 65_533, 65_535, 65_536, -1, 0x7fffffff,
].map((value) => bits((view) => view.setInt32(0, value, true)));
