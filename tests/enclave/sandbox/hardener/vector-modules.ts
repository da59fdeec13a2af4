/** Small modules that between them meet every rule of the hardener; their hardened bytes are golden. */
import {
  block,
  br,
  brIf,
  brTable,
  call,
  callIndirect,
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
  loop,
  memory,
  memoryCopy,
  memoryFill,
  memoryGrow,
  memoryInit,
  none,
  plain,
  ret,
  set,
  simd,
  tee,
  when,
  type ModuleSource,
} from "./assembler.ts";

const zeros = Array<number>(16).fill(0);

export const vectorModules: Readonly<Record<string, ModuleSource>> = {
  nothing: {},
  "a leaf and its caller": {
    functions: [
      { exported: "f", results: [i32], code: [...i32Const(1), ...call(1)] },
      { parameters: [i32], results: [i32], code: [...get(0), ...i32Const(2), ...plain(0x6a)] },
    ],
  },
  factorial: {
    functions: [
      {
        exported: "f",
        parameters: [i64],
        results: [i64],
        code: [
          ...get(0),
          ...plain(0x50),
          ...when(i64, i64Const(1n), [
            ...get(0),
            ...get(0),
            ...i64Const(1n),
            ...plain(0x7d),
            ...call(0),
            ...plain(0x7e),
          ]),
        ],
      },
    ],
  },
  "loops and ways out": {
    functions: [
      {
        exported: "f",
        parameters: [i32],
        results: [i32, i64],
        locals: [
          [2, i32],
          [1, i64],
        ],
        code: [
          ...loop(none, get(0), i32Const(1), plain(0x6b), tee(0), brIf(0)),
          ...block(none, block(none, get(0), brTable([0, 1], 0)), br(0)),
          ...get(1),
          ...when(none, [...get(0), ...get(3), ...ret]),
          ...get(0),
          ...i64Const(7n),
        ],
      },
    ],
    table: { min: 1, functions: [0] },
  },
  "memory and tables": {
    memory: { min: 2, max: 30 },
    imports: [{ name: "env.abort", parameters: [i32, i32, i32, i32] }],
    functions: [
      {
        exported: "f",
        results: [i32],
        code: [
          [...i32Const(0), ...i32Const(7), ...i32Const(100), ...memoryFill],
          [...i32Const(50), ...i32Const(0), ...i32Const(100), ...memoryCopy],
          [...i32Const(0), ...i32Const(0), ...i32Const(3), ...memoryInit(0)],
          [...i32Const(0), ...callIndirect(1)],
          [...i32Const(2), ...memoryGrow],
        ].flat(),
      },
      { code: [...i32Const(0), ...i32Const(0), ...i32Const(0), ...i32Const(0), ...call(0)] },
    ],
    table: { min: 3, offset: 0, functions: [2] },
    data: [{ bytes: [1, 2, 3] }, { offset: 8, bytes: [4, 5] }],
  },
  "floats and globals": {
    globals: [
      { type: i32, mutable: true, value: i32Const(1) },
      { type: f32, mutable: true, value: [0x43, 0, 0, 0, 0] },
      { type: f64, mutable: true, value: f64Const(0) },
      { type: i64, mutable: false, value: i64Const(5n) },
    ],
    functions: [
      {
        exported: "f",
        locals: [[1, f64]],
        code: [
          [...get(0), ...get(0), ...plain(0xa3), ...tee(0), ...globalSet(2)],
          [...i32Const(0), ...get(0), ...memory(0x39)],
          [...i32Const(0), ...get(0), ...plain(0xb6), ...memory(0x38)],
          [...f64Const(1), ...get(0), ...plain(0xa6, 0xbd), ...drop],
          [...globalGet(0), ...i32Const(1), ...plain(0x6a), ...globalSet(0)],
        ].flat(),
      },
    ],
  },
  vectors: {
    functions: [
      {
        exported: "f",
        locals: [[1, 0x7b]],
        code: [
          [...simd(12, ...zeros), ...simd(12, ...zeros), ...simd(243), ...set(0)],
          [...get(0), ...f64Const(1), ...simd(34, 1), ...simd(94), ...drop],
        ].flat(),
      },
    ],
  },
  "a start function": {
    functions: [{ code: [...i32Const(4), ...i32Const(2), ...memory(0x36)] }],
    start: 0,
  },
};
