/** Random constants and arguments, with a liking for the edges where implementations differ. */
import type { SeededNumbers } from "../../deep/deep.ts";
import type { WasmBytes } from "./bytes.ts";
import type { ValueType } from "./instructions.ts";

const int32s = [0, 1, -1, 2, 7, 31, 32, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x10000, 0x7fffffff, -0x80000000];
const int64s = [0n, 1n, -1n, 63n, 64n, 0xffn, 0x7fffffffn, 0x80000000n, 0xffffffffn, 2n ** 63n - 1n, -(2n ** 63n)];
const floats = [
  0,
  -0,
  1,
  -1,
  0.5,
  1.5,
  2.5,
  -2.5,
  NaN,
  Infinity,
  -Infinity,
  3.4e38,
  1e-45,
  5e-324,
  1.7e308,
  2147483648,
];
/** Bit patterns of NaNs: canonical, negative, with payloads, signalling. */
const nan32s = [0x7fc00000, 0xffc00000, 0x7fc00001, 0xffffffff, 0x7fa00000, 0x7f800001];

const scratch = new DataView(new ArrayBuffer(16));

export function randomInt32(numbers: SeededNumbers): number {
  const kind = numbers.below(8);
  if (kind < 3) return numbers.pick(int32s);
  return kind < 6 ? numbers.below(64) : numbers.below(2 ** 32) | 0;
}

export function randomInt64(numbers: SeededNumbers): bigint {
  if (numbers.below(2) === 0) return numbers.pick(int64s);
  if (numbers.below(2) === 0) return BigInt(numbers.below(100));
  return BigInt.asIntN(64, (BigInt(numbers.below(2 ** 32)) << 32n) | BigInt(numbers.below(2 ** 32)));
}

/** Bytes of one float, little endian, in a view that the next call overwrites. */
function floatBytes(numbers: SeededNumbers, type: "f32" | "f64"): Uint8Array {
  const length = type === "f32" ? 4 : 8;
  const kind = numbers.below(8);
  if (kind === 0) {
    const nan = numbers.pick(nan32s);
    if (type === "f32") scratch.setUint32(0, nan, true);
    else scratch.setBigUint64(0, (BigInt(nan >>> 19) << 51n) | BigInt(nan & 0x7ffff) | 1n, true);
  } else if (kind === 1) {
    scratch.setUint32(0, numbers.below(2 ** 32), true);
    scratch.setUint32(4, numbers.below(2 ** 32), true);
  } else {
    const value = kind < 5 ? numbers.pick(floats) : (numbers.below(2000) - 1000) / 8;
    if (type === "f32") scratch.setFloat32(0, value, true);
    else scratch.setFloat64(0, value, true);
  }
  return new Uint8Array(scratch.buffer, 0, length);
}

/** Writes a constant that is some NaN, or a vector of which most lanes are. */
export function writeNaN(numbers: SeededNumbers, type: "f32" | "f64" | "v128", out: WasmBytes): void {
  if (type === "v128") {
    out.byte(0xfd).unsigned(12);
    for (let i = 0; i < 2; i++) out.bytes(nanBytes(numbers, numbers.below(2) === 0 ? "f32" : "f64", 8));
    return;
  }
  out.byte(type === "f32" ? 0x43 : 0x44).bytes(nanBytes(numbers, type, type === "f32" ? 4 : 8));
}

/** A double, or a float and whatever lies beside it. */
function nanBytes(numbers: SeededNumbers, type: "f32" | "f64", length: number): Uint8Array {
  const nan = numbers.pick(nan32s);
  scratch.setUint32(0, type === "f32" ? nan : numbers.below(2 ** 32), true);
  // The upper half of a double has three bits more for its exponent.
  const upper = (nan & 0x80000000) | 0x7ff00000 | ((nan & 0x7fffff) >>> 3) | 1;
  scratch.setUint32(4, type === "f32" ? numbers.pick(int32s) : upper, true);
  return new Uint8Array(scratch.buffer, 0, length);
}

/** Writes a constant instruction. References are null. */
export function writeConstant(numbers: SeededNumbers, type: ValueType, out: WasmBytes): void {
  switch (type) {
    case "i32":
      out.byte(0x41).signed(randomInt32(numbers));
      return;
    case "i64":
      out.byte(0x42).signed64(randomInt64(numbers));
      return;
    case "f32":
      out.byte(0x43).bytes(floatBytes(numbers, "f32"));
      return;
    case "f64":
      out.byte(0x44).bytes(floatBytes(numbers, "f64"));
      return;
    case "v128":
      out.byte(0xfd).unsigned(12);
      for (let i = 0; i < 4; i++) out.bytes(vectorQuarter(numbers));
      return;
    case "funcref":
      out.byte(0xd0).byte(0x70);
      return;
    case "externref":
      out.byte(0xd0).byte(0x6f);
      return;
  }
}

function vectorQuarter(numbers: SeededNumbers): Uint8Array {
  if (numbers.below(2) === 0) return floatBytes(numbers, "f32");
  scratch.setInt32(0, randomInt32(numbers), true);
  return new Uint8Array(scratch.buffer, 0, 4);
}

export type Argument = number | bigint | null;

/** What JavaScript passes for a parameter. */
export function randomArgument(numbers: SeededNumbers, type: ValueType): Argument {
  switch (type) {
    case "i32":
      return randomInt32(numbers);
    case "i64":
      return randomInt64(numbers);
    case "f32":
    case "f64":
      return numbers.below(2) === 0 ? numbers.pick(floats) : (numbers.below(2000) - 1000) / 8;
    default:
      return null;
  }
}
