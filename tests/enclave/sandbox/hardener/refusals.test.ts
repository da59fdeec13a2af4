/** A module that could overrun, hide state, or compute otherwise elsewhere is refused, by a code its author can look up. */
import { describe, expect, test } from "vitest";
import { hardenCodes, HardenError, type HardenErrorCode } from "#enclave/sandbox/hardener/errors.ts";
import { harden } from "#enclave/sandbox/hardener/harden.ts";
import {
  assemble,
  brTable,
  drop,
  externref,
  f64,
  funcref,
  get,
  i32,
  i32Const,
  i64,
  i64Const,
  none,
  nop,
  refNull,
  repeat,
  simd,
  text,
  u32,
  v128,
  vector,
  type ModuleSource,
} from "./assembler.ts";
import { options } from "./room.ts";

const code = (...instructions: readonly (readonly number[])[]): ModuleSource => ({
  functions: [{ exported: "f", locals: [[1, i32]], code: instructions.flat() }],
  table: { min: 2, functions: [0] },
  data: [{ bytes: [1, 2, 3] }],
});
const many = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);
const zero = i32Const(0);
/** Twelve bytes for two instructions. */
const longConstant = [...i64Const(-(2n ** 63n)), ...drop];

/** The engine that runs these tests knows these proposals, or says itself that the module is not valid. */
const refusals: readonly (readonly [what: string, code: HardenErrorCode, module: ModuleSource])[] = [
  ["a shared memory", "threads-refused", { sections: { 5: [1, 3, 1, 2] } }],
  ["an atomic load", "threads-refused", code(zero, [0xfe, 0x10, 2, 0], drop)],
  ["a fence", "threads-refused", code([0xfe, 0x03, 0])],
  ["a relaxed multiply-add", "relaxed-simd-refused", code(...many(3, simd(12, ...many(16, 0))), simd(0x105), drop)],
  ["a relaxed swizzle", "relaxed-simd-refused", code(...many(2, simd(12, ...many(16, 0))), simd(0x100), drop)],
  ["a struct type", "garbage-collection-refused", { sections: { 1: [1, 0x5f, 1, i32, 0], 3: [0], 10: [0] } }],
  ["a recursive group", "garbage-collection-refused", { sections: { 1: [1, 0x4e, 1, 0x60, 0, 0] } }],
  ["a local of type i31ref", "garbage-collection-refused", { functions: [{ locals: [[1, 0x6c]], code: [] }] }],
  ["a null of type anyref", "garbage-collection-refused", code([0xd0, 0x6e], drop)],
  ["a comparison of references", "garbage-collection-refused", code([0xd0, 0x6d], [0xd0, 0x6d], [0xd3], drop)],
  ["a call through a typed reference", "garbage-collection-refused", code([0xd0, 0], [0x14, 0])],
  ["a tag", "exceptions-refused", { functions: [{ code: [] }], sections: { 13: [1, 0, 0] } }],
  ["a block that catches", "exceptions-refused", code([0x06, none], [0x19], [0x0b])],
  ["a tail call", "tail-calls-refused", code([0x12, 0])],
  ["a tail call through a table", "tail-calls-refused", code(zero, [0x13, 0, 0])],
  ["a memory of 64 bits", "memory64-refused", { sections: { 5: [1, 4, 1] } }],
  ["a table of 64 bits", "memory64-refused", { sections: { 4: [1, funcref, 4, 1] } }],
  ["two memories", "memory-refused", { sections: { 5: [2, 0, 1, 0, 1] } }],
  [
    "an access to a second memory",
    "memory-refused",
    {
      ...code(zero, [0x28, 0x40, 1, 0], drop),
      sections: { 5: [2, 0, 1, 0, 1] },
    },
  ],
  ["no memory", "memory-missing", { memory: null, functions: [{ code: [] }] }],
  ["a memory that begins above the limit", "memory-refused", { memory: { min: 65 } }],
  ["table.set", "table-changes-refused", code(zero, refNull(funcref), [0x26, 0])],
  ["table.grow", "table-changes-refused", code(refNull(funcref), zero, [0xfc, 15, 0], drop)],
  ["table.fill", "table-changes-refused", code(zero, refNull(funcref), zero, [0xfc, 17, 0])],
  ["table.copy", "table-changes-refused", code(zero, zero, zero, [0xfc, 14, 0, 0])],
  ["table.init", "table-changes-refused", code(zero, zero, zero, [0xfc, 12, 0, 0])],
  ["elem.drop", "segment-drops-refused", code([0xfc, 13, 0])],
  ["data.drop", "segment-drops-refused", code([0xfc, 9, 0])],
  ["a mutable reference", "global-refused", { globals: [{ type: funcref, mutable: true, value: refNull(funcref) }] }],
  [
    "a mutable vector",
    "global-refused",
    {
      globals: [{ type: v128, mutable: true, value: simd(12, ...many(16, 0)) }],
    },
  ],
  [
    "arithmetic in a global",
    "constant-refused",
    {
      globals: [{ type: i32, mutable: false, value: [...i32Const(1), ...i32Const(2), 0x6a] }],
    },
  ],
  [
    "a global from another global",
    "constant-refused",
    {
      globals: [
        { type: i32, mutable: false, value: i32Const(1) },
        { type: i32, mutable: false, value: [0x23, 0] },
      ],
    },
  ],
  [
    "arithmetic in an offset",
    "constant-refused",
    {
      data: [],
      sections: { 12: [1], 11: [1, 0, ...i32Const(1), ...i32Const(2), 0x6a, 0x0b, 1, 7] },
    },
  ],
  ["an import it may not have", "import-refused", { imports: [{ name: "env.seed" }] }],
  ["an import of that name from elsewhere", "import-refused", { imports: [{ name: "other.abort" }] }],
  ["an import that takes a float", "import-refused", { imports: [{ name: "room.log", parameters: [f64] }] }],
  [
    "an import that returns whatever the host has",
    "import-refused",
    {
      imports: [{ name: "room.log", results: [externref] }],
    },
  ],
  ...(
    [
      ["memory", [2, 0, 1]],
      ["table", [1, funcref, 0, 1]],
      ["global", [3, i32, 0]],
      ["mutable global", [3, i32, 1]],
    ] as const
  ).map(
    ([what, description]) =>
      [
        `an imported ${what}`,
        "import-refused",
        {
          memory: what === "memory" ? null : { min: 1 },
          sections: { 2: [1, ...text("env"), ...text("abort"), ...description] },
        },
      ] as const,
  ),
  [
    "an export that looks like ours",
    "export-refused",
    {
      globals: [{ type: i32, mutable: true, value: zero, exported: "phatroom_fuel" }],
    },
  ],
  ["an export with our prefix", "export-refused", { functions: [{ exported: "phatroom_anything", code: [] }] }],
  ["a data segment beyond the memory", "segment-out-of-bounds", { data: [{ offset: 65_535, bytes: [1, 2] }] }],
  ["a data segment at a negative offset", "segment-out-of-bounds", { data: [{ offset: -1, bytes: [] }] }],
  [
    "an element segment beyond its table",
    "segment-out-of-bounds",
    {
      functions: [{ code: [] }],
      table: { min: 1, offset: 1, functions: [0] },
    },
  ],
  ["a function of 131,073 bytes", "function-too-large", code(repeat(131_073 - 4, nop))],
  ["2,000 blocks inside each other", "function-too-deep", code(repeat(2000, [0x02, none]), repeat(2000, [0x0b]))],
  ["2,001 locals", "frame-too-large", { functions: [{ locals: [[2001, i64]], code: [] }] }],
  ["2,002 units of vectors", "frame-too-large", { functions: [{ locals: [[1001, v128]], code: [] }] }],
  ["12,000 operands at once", "frame-too-large", code(repeat(12_000, zero), repeat(12_000, drop))],
  ["101 parameters", "too-many", { functions: [{ parameters: many(101, i32), code: [] }] }],
  ["17 results", "too-many", { functions: [{ results: many(17, i32), code: repeat(17, zero) }] }],
  ["10,001 labels", "too-many", code(zero, brTable(many(10_001, 0), 0))],
  ["2,001 types", "too-many", { types: many(2001, {}) }],
  ["101 imports", "too-many", { imports: many(101, { name: "env.abort" }) }],
  [
    "20,001 functions",
    "too-many",
    { sections: { 1: [1, 0x60, 0, 0], 3: vector(many(20_001, [0])), 10: vector(many(20_001, [2, 0, 0x0b])) } },
  ],
  ["2,001 globals", "too-many", { globals: many(2001, { type: i32, mutable: false, value: zero }) }],
  ["17 tables", "too-many", { sections: { 4: vector(many(17, [funcref, 0, 1])) } }],
  ["a table of 50,001 entries", "too-many", { table: { min: 50_001, functions: [] } }],
  ["10,001 data segments", "too-many", { data: many(10_001, { bytes: [] }) }],
  ["10,001 element segments", "too-many", { sections: { 9: vector(many(10_001, [1, 0, 0])) } }],
  [
    "50,001 elements",
    "too-many",
    { functions: [{ code: [] }], sections: { 9: [1, 1, 0, ...vector(many(50_001, [0]))] } },
  ],
];

const refusal = (module: Uint8Array): HardenErrorCode => {
  try {
    harden(module, options);
  } catch (error) {
    if (error instanceof HardenError) return error.code;
    throw error;
  }
  throw new Error("it was accepted");
};

test.for(refusals)("%s is refused: %s", ([, expected, source]) => {
  expect(refusal(assemble(source))).toBe(expected);
});

test("a module of more than 4 MiB is refused: module-too-large", () => {
  const module = new Uint8Array(4 * 1024 * 1024 + 1);
  const custom = [0, ...u32(module.length - 8 - 5)];
  module.set([...assemble({ memory: null }), ...custom]);
  expect(WebAssembly.validate(module)).toBe(true);
  expect(refusal(module)).toBe("module-too-large");
});

test.for([
  ["nothing at all", new Uint8Array(0)],
  ["text", new TextEncoder().encode("export default {}")],
  ["half a module", assemble({ functions: [{ code: [] }] }).subarray(0, 20)],
  ["a module that fills its fuel by the index of our global", assemble(code(i32Const(1_000_000), [0x24, 0]))],
  ["a module that calls our helpers by their index", assemble(code(zero, [0x10, 1], drop))],
  ["two exports of one name", assemble({ functions: many(2, { exported: "f", code: [] }) })],
] as const)("%s is refused: module-invalid", ([, module]) => {
  expect(refusal(module)).toBe("module-invalid");
});

describe("the largest of everything is accepted", () => {
  test.for([
    ["a function of 131,072 bytes", code(repeat((131_072 - 16) / 12, longConstant), repeat(12, nop))],
    ["1,999 blocks inside each other", code(repeat(1999, [0x02, none]), repeat(1999, [0x0b]))],
    ["2,000 locals", { functions: [{ locals: [[2000, i64]], code: [] }] }],
    [
      "100 parameters and 16 results",
      {
        functions: [{ parameters: many(100, i32), results: many(16, i32), code: repeat(16, get(0)) }],
      },
    ],
    ["10,000 labels", code(zero, brTable(many(10_000, 0), 0))],
    ["2,000 types", { types: many(2000, {}) }],
    ["a table of 50,000 entries", { table: { min: 50_000, functions: [] } }],
    ["the most pages", { memory: { min: 64 } }],
    ["a data segment up to the end", { data: [{ offset: 65_534, bytes: [1, 2] }] }],
    [
      "exports of any other name",
      {
        functions: [
          { exported: "phatroom", code: [] },
          { exported: "", code: [] },
        ],
      },
    ],
    ["imports of both names", { imports: [{ name: "env.abort", parameters: [i32, i64] }, { name: "room.log" }] }],
  ] as const)("%s", ([, source]) => {
    expect(() => harden(assemble(source as ModuleSource), options)).not.toThrow();
  });
});

test("a table of nothing but sentences says what each code means", () => {
  const sentences = Object.values(hardenCodes);
  for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*\.$/);
  expect(new Set(sentences).size).toBe(sentences.length);
  const error = new HardenError("tail-calls-refused", "function 3");
  expect(error).toMatchObject({
    code: "tail-calls-refused",
    detail: "function 3",
    sentence: hardenCodes["tail-calls-refused"],
  });
  expect(error.message).toBe("tail-calls-refused: function 3");
});
