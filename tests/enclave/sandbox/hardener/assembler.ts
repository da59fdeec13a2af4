/** Modules by hand: each instruction a list of bytes, a module an object. It shares no code with what it tests. */

export type Code = readonly number[];

const join = (...parts: readonly (number | Code)[]): number[] => parts.flat();

export function u32(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return [...bytes, rest];
}

/** Of 32 or 64 bits alike. */
export function signed(value: number | bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest < -64n || rest > 63n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest & 0x7fn)];
}

export const vector = (items: readonly Code[]): number[] => [...u32(items.length), ...items.flat()];
export const text = (value: string): number[] => {
  const bytes = new TextEncoder().encode(value);
  return [...u32(bytes.length), ...bytes];
};

export const i32 = 0x7f;
export const i64 = 0x7e;
export const f32 = 0x7d;
export const f64 = 0x7c;
export const v128 = 0x7b;
export const funcref = 0x70;
export const externref = 0x6f;
export const none = 0x40;

export const unreachable = [0x00];
export const nop = [0x01];
export const block = (type: number, ...code: Code[]): number[] => [0x02, ...blockType(type), ...code.flat(), 0x0b];
export const loop = (type: number, ...code: Code[]): number[] => [0x03, ...blockType(type), ...code.flat(), 0x0b];
export const when = (type: number, then: Code, otherwise?: Code): number[] =>
  join(0x04, blockType(type), then, otherwise === undefined ? [] : join(0x05, otherwise), 0x0b);
/** A block's type that is an index: `typeOf(3)`. */
export const typeOf = (index: number): number => 0x100 + index;
const blockType = (type: number): number[] => (type >= 0x100 ? signed(type - 0x100) : [type]);
export const br = (label: number): number[] => [0x0c, ...u32(label)];
export const brIf = (label: number): number[] => [0x0d, ...u32(label)];
export const brTable = (labels: readonly number[], other: number): number[] => [
  0x0e,
  ...vector(labels.map(u32)),
  ...u32(other),
];
export const ret = [0x0f];
export const call = (index: number): number[] => [0x10, ...u32(index)];
export const callIndirect = (type: number, table = 0): number[] => [0x11, ...u32(type), ...u32(table)];
export const drop = [0x1a];
export const select = [0x1b];
export const get = (local: number): number[] => [0x20, ...u32(local)];
export const set = (local: number): number[] => [0x21, ...u32(local)];
export const tee = (local: number): number[] => [0x22, ...u32(local)];
export const globalGet = (global: number): number[] => [0x23, ...u32(global)];
export const globalSet = (global: number): number[] => [0x24, ...u32(global)];
export const memory = (opcode: number, offset = 0, align = 0): number[] => [opcode, ...u32(align), ...u32(offset)];
export const memorySize = [0x3f, 0];
export const memoryGrow = [0x40, 0];
export const memoryInit = (segment: number): number[] => [0xfc, 8, ...u32(segment), 0];
export const memoryCopy = [0xfc, 10, 0, 0];
export const memoryFill = [0xfc, 11, 0];
export const i32Const = (value: number): number[] => [0x41, ...signed(value)];
export const i64Const = (value: bigint): number[] => [0x42, ...signed(value)];
export const f64Const = (value: number): number[] => [0x44, ...new Uint8Array(Float64Array.of(value).buffer)];
export const refNull = (type: number): number[] => [0xd0, type];
export const refFunc = (index: number): number[] => [0xd2, ...u32(index)];
export const simd = (number: number, ...immediates: number[]): number[] => [0xfd, ...u32(number), ...immediates];
/** Instructions without immediates, by opcode. */
export const plain = (...opcodes: number[]): number[] => opcodes;
export const repeat = (count: number, code: Code): number[] => Array.from({ length: count }, () => code).flat();

export interface Signature {
  readonly parameters?: readonly number[];
  readonly results?: readonly number[];
}

export interface FunctionSource extends Signature {
  /** Groups: how many, of which type. */
  readonly locals?: readonly (readonly [count: number, type: number])[];
  /** Without the last `end`. */
  readonly code: Code;
  readonly exported?: string;
}

export interface ModuleSource {
  /** Added after those of the functions. */
  readonly types?: readonly Signature[];
  readonly imports?: readonly ({ readonly name: string } & Signature)[];
  readonly functions?: readonly FunctionSource[];
  readonly memory?: { readonly min: number; readonly max?: number } | null;
  readonly table?: { readonly min: number; readonly functions: readonly number[]; readonly offset?: number };
  readonly globals?: readonly {
    readonly type: number;
    readonly mutable: boolean;
    readonly value: Code;
    readonly exported?: string;
  }[];
  readonly start?: number;
  /** Active ones have an offset. */
  readonly data?: readonly { readonly offset?: number; readonly bytes: Code }[];
  /** Functions that `ref.func` may name. */
  readonly declared?: readonly number[];
  /** Sections in place of, or beside, those that follow from the rest: id and contents. */
  readonly sections?: Readonly<Record<number, Code>>;
}

export const signatureBytes = ({ parameters = [], results = [] }: Signature): number[] => [
  0x60,
  ...u32(parameters.length),
  ...parameters,
  ...u32(results.length),
  ...results,
];

const limits = ({ min, max }: { readonly min: number; readonly max?: number }): number[] =>
  max === undefined ? [0, ...u32(min)] : [1, ...u32(min), ...u32(max)];

function functionBytes({ locals = [], code }: FunctionSource): number[] {
  const body = [...vector(locals.map(([count, type]) => [...u32(count), type])), ...code, 0x0b];
  return [...u32(body.length), ...body];
}

/** The order in which sections stand. */
const order = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

/** Types are: one for each function, then one for each import, then `types`. The memory is exported as "memory". */
export function assemble(source: ModuleSource): Uint8Array<ArrayBuffer> {
  const { types = [], imports = [], functions = [], globals = [], data = [] } = source;
  const memoryLimits = source.memory === undefined ? { min: 1 } : source.memory;
  const exports = [
    ...functions.flatMap(({ exported }, i) => (exported === undefined ? [] : [[exported, 0, imports.length + i]])),
    ...globals.flatMap(({ exported }, i) => (exported === undefined ? [] : [[exported, 3, i]])),
    ...(memoryLimits === null ? [] : [["memory", 2, 0]]),
  ] as [string, number, number][];
  const elements = [
    ...(source.table === undefined
      ? []
      : [[0, ...i32Const(source.table.offset ?? 0), 0x0b, ...vector(source.table.functions.map(u32))]]),
    ...(source.declared === undefined ? [] : [[3, 0, ...vector(source.declared.map(u32))]]),
  ];
  const sections: Record<number, Code> = {
    1: vector([...functions, ...imports, ...types].map(signatureBytes)),
    2: vector(imports.map(({ name }, i) => join(name.split(".").flatMap(text), 0, u32(functions.length + i)))),
    3: vector(functions.map((_, i) => u32(i))),
    ...(source.table === undefined ? {} : { 4: vector([[funcref, ...limits(source.table)]]) }),
    ...(memoryLimits === null ? {} : { 5: vector([limits(memoryLimits)]) }),
    6: vector(globals.map(({ type, mutable, value }) => join(type, mutable ? 1 : 0, value, 0x0b))),
    7: vector(exports.map(([name, kind, index]) => join(text(name), kind, u32(index)))),
    ...(source.start === undefined ? {} : { 8: u32(source.start) }),
    9: vector(elements),
    12: u32(data.length),
    10: vector(functions.map(functionBytes)),
    11: vector(
      data.map(({ offset, bytes }) =>
        offset === undefined
          ? join(1, u32(bytes.length), bytes)
          : join(0, i32Const(offset), 0x0b, u32(bytes.length), bytes),
      ),
    ),
    ...source.sections,
  };
  const written = order.flatMap((id) => {
    const contents = sections[id];
    // A vector of nothing is left out, unless it was asked for.
    const empty = contents?.length === 1 && contents[0] === 0 && id !== 8 && source.sections?.[id] === undefined;
    return contents === undefined || empty ? [] : join(id, u32(contents.length), contents);
  });
  return Uint8Array.from([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...written]);
}
