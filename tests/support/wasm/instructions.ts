/**
 * The instructions that compute something from the stack alone or move it to and from memory: WebAssembly 2.0, section
 * 5.4, without control, variables, tables and bulk memory, which whoever writes code writes by hand.
 */
export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128" | "funcref" | "externref";

export interface Instruction {
  readonly name: string;
  /** With a prefix, the second number is not yet LEB128. */
  readonly opcode: readonly [number] | readonly [prefix: number, number];
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
  /** Bytes that a load or store touches; its immediate is an alignment and an offset. */
  readonly memory?: number;
  /** Number of lanes; its last immediate is one of them. */
  readonly lanes?: number;
  /** It may trap for some operands, memory aside. */
  readonly traps?: true;
}

const integer = ["eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u"];
const float = ["eq", "ne", "lt", "gt", "le", "ge"];

/** Consecutive opcodes of one signature. An empty name is an opcode that does not exist. */
function row(
  first: number,
  prefix: string,
  names: readonly string[],
  params: string,
  results: string,
  more: Partial<Instruction> = {},
): Instruction[] {
  return names.flatMap((name, i) =>
    name === ""
      ? []
      : [
          {
            name: `${prefix}.${name}`,
            opcode: [first + i] as const,
            params: types(params),
            results: types(results),
            ...more,
          },
        ],
  );
}

const types = (text: string): ValueType[] => (text === "" ? [] : (text.split(" ") as ValueType[]));

function integers(type: "i32" | "i64", test: number, compare: number, compute: number): Instruction[] {
  const two = `${type} ${type}`;
  return [
    ...row(test, type, ["eqz"], type, "i32"),
    ...row(compare, type, integer, two, "i32"),
    ...row(compute, type, ["clz", "ctz", "popcnt"], type, type),
    ...row(compute + 3, type, ["add", "sub", "mul"], two, type),
    ...row(compute + 6, type, ["div_s", "div_u", "rem_s", "rem_u"], two, type, { traps: true }),
    ...row(compute + 10, type, ["and", "or", "xor", "shl", "shr_s", "shr_u", "rotl", "rotr"], two, type),
  ];
}

function floats(type: "f32" | "f64", compare: number, compute: number): Instruction[] {
  const two = `${type} ${type}`;
  return [
    ...row(compare, type, float, two, "i32"),
    ...row(compute, type, ["abs", "neg", "ceil", "floor", "trunc", "nearest", "sqrt"], type, type),
    ...row(compute + 7, type, ["add", "sub", "mul", "div", "min", "max", "copysign"], two, type),
  ];
}

const prefixed = (prefix: number, instructions: Instruction[]): Instruction[] =>
  instructions.map((instruction) => ({ ...instruction, opcode: [prefix, instruction.opcode[0]] }));

/** Section 5.4.7. */
export const scalar: readonly Instruction[] = [
  ...integers("i32", 0x45, 0x46, 0x67),
  ...integers("i64", 0x50, 0x51, 0x79),
  ...floats("f32", 0x5b, 0x8b),
  ...floats("f64", 0x61, 0x99),
  ...row(0xa7, "i32", ["wrap_i64"], "i64", "i32"),
  ...row(0xa8, "i32", ["trunc_f32_s", "trunc_f32_u"], "f32", "i32", { traps: true }),
  ...row(0xaa, "i32", ["trunc_f64_s", "trunc_f64_u"], "f64", "i32", { traps: true }),
  ...row(0xac, "i64", ["extend_i32_s", "extend_i32_u"], "i32", "i64"),
  ...row(0xae, "i64", ["trunc_f32_s", "trunc_f32_u"], "f32", "i64", { traps: true }),
  ...row(0xb0, "i64", ["trunc_f64_s", "trunc_f64_u"], "f64", "i64", { traps: true }),
  ...row(0xb2, "f32", ["convert_i32_s", "convert_i32_u"], "i32", "f32"),
  ...row(0xb4, "f32", ["convert_i64_s", "convert_i64_u"], "i64", "f32"),
  ...row(0xb6, "f32", ["demote_f64"], "f64", "f32"),
  ...row(0xb7, "f64", ["convert_i32_s", "convert_i32_u"], "i32", "f64"),
  ...row(0xb9, "f64", ["convert_i64_s", "convert_i64_u"], "i64", "f64"),
  ...row(0xbb, "f64", ["promote_f32"], "f32", "f64"),
  ...row(0xbc, "i32", ["reinterpret_f32"], "f32", "i32"),
  ...row(0xbd, "i64", ["reinterpret_f64"], "f64", "i64"),
  ...row(0xbe, "f32", ["reinterpret_i32"], "i32", "f32"),
  ...row(0xbf, "f64", ["reinterpret_i64"], "i64", "f64"),
  ...row(0xc0, "i32", ["extend8_s", "extend16_s"], "i32", "i32"),
  ...row(0xc2, "i64", ["extend8_s", "extend16_s", "extend32_s"], "i64", "i64"),
  ...prefixed(0xfc, [
    ...row(0, "i32", ["trunc_sat_f32_s", "trunc_sat_f32_u"], "f32", "i32"),
    ...row(2, "i32", ["trunc_sat_f64_s", "trunc_sat_f64_u"], "f64", "i32"),
    ...row(4, "i64", ["trunc_sat_f32_s", "trunc_sat_f32_u"], "f32", "i64"),
    ...row(6, "i64", ["trunc_sat_f64_s", "trunc_sat_f64_u"], "f64", "i64"),
  ]),
];

function loads(type: string, accesses: readonly [opcode: number, name: string, bytes: number][]): Instruction[] {
  return accesses.flatMap(([opcode, name, memory]) => row(opcode, type, [name], "i32", type, { memory }));
}

function stores(type: string, accesses: readonly [opcode: number, name: string, bytes: number][]): Instruction[] {
  return accesses.flatMap(([opcode, name, memory]) => row(opcode, type, [name], `i32 ${type}`, "", { memory }));
}

/** Section 5.4.6. */
export const scalarMemory: readonly Instruction[] = [
  ...loads("i32", [
    [0x28, "load", 4],
    [0x2c, "load8_s", 1],
    [0x2d, "load8_u", 1],
    [0x2e, "load16_s", 2],
    [0x2f, "load16_u", 2],
  ]),
  ...loads("i64", [
    [0x29, "load", 8],
    [0x30, "load8_s", 1],
    [0x31, "load8_u", 1],
    [0x32, "load16_s", 2],
    [0x33, "load16_u", 2],
    [0x34, "load32_s", 4],
    [0x35, "load32_u", 4],
  ]),
  ...loads("f32", [[0x2a, "load", 4]]),
  ...loads("f64", [[0x2b, "load", 8]]),
  ...stores("i32", [
    [0x36, "store", 4],
    [0x3a, "store8", 1],
    [0x3b, "store16", 2],
  ]),
  ...stores("i64", [
    [0x37, "store", 8],
    [0x3c, "store8", 1],
    [0x3d, "store16", 2],
    [0x3e, "store32", 4],
  ]),
  ...stores("f32", [[0x38, "store", 4]]),
  ...stores("f64", [[0x39, "store", 8]]),
];
