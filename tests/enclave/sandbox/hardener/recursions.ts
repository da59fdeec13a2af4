/**
 * Functions that recurse, each made to take as much of the machine's stack as it can for what it is charged: by locals,
 * operands, parameters, results, vectors, and by values that an optimizing compiler keeps instead of computing them twice.
 */
import {
  call,
  callIndirect,
  drop,
  f64,
  get,
  i32,
  i32Const,
  i64,
  i64Const,
  none,
  plain,
  set,
  simd,
  tee,
  v128,
  when,
  type FunctionSource,
  type ModuleSource,
} from "./assembler.ts";

const each = (count: number, code: (index: number) => readonly number[]): number[] =>
  Array.from({ length: count }, (_, index) => code(index)).flat();

const add32 = plain(0x6a);
const add64 = plain(0x7c);
const sub64 = plain(0x7d);
const xor64 = plain(0x85);
const addF64 = plain(0xa0);
/** Something that depends on the first parameter and differs for each index. */
const value = (index: number): number[] => [...get(0), ...i64Const(BigInt(index) * 7919n + 1n), ...xor64];
const splat = simd(17);
const addVector = simd(206);
const vectorValue = (index: number): number[] => [...get(0), ...i32Const(index), ...splat, ...simd(81)];
/** clz ctz popcnt, and abs neg popcnt not of bytes: one instruction, one value more to keep. */
const unary = (index: number): number[] => plain(0x79 + (index % 3));
const vectorUnary = (index: number): number[] => simd([96, 97, 98, 77][index % 4]!);

const of = (type: number, code: readonly number[], locals: FunctionSource["locals"] = []): FunctionSource => ({
  parameters: [type],
  results: [type],
  locals,
  code,
});
const vectorEntry: FunctionSource = { exported: "f", code: [...i32Const(1), ...splat, ...call(1), ...drop] };

/** What goes on while the parameter is not zero, with one less. */
const onward = [...get(0), 0x50, 0x45, ...when(none, [...get(0), ...i64Const(1n), ...sub64, ...call(1), ...drop])];
const entry: FunctionSource = { exported: "f", code: [...i64Const(-1n), ...call(1), ...drop] };
/** Comes back, so that the engine learns which calls are worth inlining. */
const warming: FunctionSource = { exported: "warm", code: [...i64Const(5n), ...call(1), ...drop] };

/** Small functions, so that they are inlined, and long constants, so that more of them are. */
const inlined: readonly FunctionSource[] = each(20, (k) => [k]).flatMap((k) => [
  of(i64, [...value(k), ...each(30, unary)]),
  {
    parameters: [i64, i64],
    results: [i64],
    code: [...value(k), ...set(0), ...get(1), ...each(30, (i) => [...get(0), ...unary(i), ...tee(0), ...xor64])],
  },
]);

const only = (...functions: FunctionSource[]): ModuleSource => ({ functions: [entry, ...functions] });
const vectors = (...functions: FunctionSource[]): ModuleSource => ({ functions: [vectorEntry, ...functions] });

export const recursions: Readonly<Record<string, ModuleSource>> = {
  nothing: { functions: [{ exported: "f", code: call(0) }] },
  "one parameter": only(of(i64, [...get(0), ...i64Const(1n), ...add64, ...call(1), ...i64Const(1n), ...add64])),
  "through a table": {
    ...only(of(i64, [...get(0), ...i32Const(0), ...callIndirect(1), ...i64Const(1n), ...add64])),
    table: { min: 1, functions: [1] },
  },
  "three functions in turn": only(
    of(i64, [...get(0), ...call(2), ...get(0), ...add64]),
    of(i64, [...get(0), ...call(3), ...get(0), ...add64]),
    of(i64, [...get(0), ...call(1), ...get(0), ...add64]),
  ),
  "sixty locals": only(
    of(
      i64,
      [
        ...each(60, (i) => [...value(i), ...set(1 + i)]),
        ...get(0),
        ...call(1),
        ...each(60, (i) => [...get(1 + i), ...add64]),
      ],
      [[60, i64]],
    ),
  ),
  "1,900 locals": only(
    of(
      i64,
      [
        ...each(1900, (i) => [...value(i), ...set(1 + i)]),
        ...get(0),
        ...call(1),
        ...each(1900, (i) => [...get(1 + i), ...add64]),
      ],
      [[1900, i64]],
    ),
  ),
  "1,900 small locals": {
    functions: [
      {
        ...of(
          i32,
          [
            ...each(1900, (i) => [...get(0), ...i32Const(i * 7919), ...add32, ...set(1 + i)]),
            ...get(0),
            ...call(0),
            ...each(1900, (i) => [...get(1 + i), ...add32]),
          ],
          [[1900, i32]],
        ),
        exported: "f",
      },
    ],
  },
  "900 operands": only(of(i64, [...each(900, value), ...get(0), ...call(1), ...each(900, () => add64)])),
  "a hundred parameters": {
    functions: [
      {
        exported: "f",
        parameters: Array(100).fill(i64),
        results: [i64],
        code: [
          ...each(100, (i) => [...get(i), ...i64Const(1n), ...add64]),
          ...call(0),
          ...each(100, (i) => [...get(i), ...add64]),
        ],
      },
    ],
  },
  "a hundred floats": {
    functions: [
      {
        exported: "f",
        parameters: Array(100).fill(f64),
        results: [f64],
        code: [
          ...each(100, (i) => [...get(i), ...get(99 - i), ...addF64]),
          ...call(0),
          ...each(100, (i) => [...get(i), ...addF64]),
        ],
      },
    ],
  },
  "sixteen results": { functions: [{ exported: "f", results: Array(16).fill(i64), code: call(0) }] },
  "fifty parameters, sixteen results": {
    functions: [
      {
        exported: "f",
        parameters: Array(50).fill(i64),
        results: Array(16).fill(i64),
        code: [...each(50, (i) => get(49 - i)), ...call(0), ...each(16, () => drop), ...each(50, get), ...call(0)],
      },
    ],
  },
  "900 locals that are vectors": vectors(
    of(
      v128,
      [
        ...each(900, (i) => [...vectorValue(i), ...set(1 + i)]),
        ...get(0),
        ...call(1),
        ...each(900, (i) => [...get(1 + i), ...addVector]),
      ],
      [[900, v128]],
    ),
  ),
  "fifty parameters that are vectors": {
    functions: [
      { exported: "f", code: [...each(50, (i) => [...i32Const(i), ...splat]), ...call(1), ...drop] },
      {
        parameters: Array(50).fill(v128),
        results: [v128],
        code: [
          ...each(50, (i) => [...get(i), ...get(49 - i), ...addVector]),
          ...call(1),
          ...each(50, (i) => [...get(i), ...addVector]),
        ],
      },
    ],
  },
  "400 operands that are vectors": vectors(
    of(v128, [...each(400, vectorValue), ...get(0), ...call(1), ...each(400, () => addVector)]),
  ),
  "two thousand values worth keeping": only(
    of(i64, [
      ...each(2000, (i) => [...value(i), ...drop]),
      ...get(0),
      ...call(1),
      ...each(2000, (i) => [...value(i), ...add64]),
    ]),
  ),
  "a thousand values, each of the one before": only(
    of(
      i64,
      [
        ...get(0),
        ...each(1000, unary),
        ...drop,
        ...get(0),
        ...call(1),
        ...get(0),
        ...set(1),
        ...each(1000, (i) => [...get(1), ...unary(i), ...tee(1), ...xor64]),
      ],
      [[1, i64]],
    ),
  ),
  "a thousand vectors, each of the one before": vectors(
    of(
      v128,
      [
        ...get(0),
        ...each(1000, vectorUnary),
        ...drop,
        ...get(0),
        ...call(1),
        ...get(0),
        ...set(1),
        ...each(1000, (i) => [...get(1), ...vectorUnary(i), ...tee(1), ...simd(81)]),
      ],
      [[1, v128]],
    ),
  ),
  "values of functions that are inlined": only(
    of(i64, [
      ...each(20, (k) => [...get(0), ...call(2 + 2 * k), ...drop]),
      ...each(110, () => [...i64Const(-(2n ** 63n)), ...drop]),
      ...onward,
      ...each(20, (k) => [...get(0), ...get(0), ...call(3 + 2 * k), ...drop]),
      ...get(0),
    ]),
    ...inlined,
    warming,
  ),
};
