/** Assembles a module from its parts; nothing in it is checked. WebAssembly 2.0, section 5.5. */
import { WasmBytes } from "./bytes.ts";
import type { ValueType } from "./instructions.ts";

export interface FunctionType {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

export interface Limits {
  readonly min: number;
  readonly max?: number | undefined;
}

export interface ModuleParts {
  readonly types?: readonly FunctionType[];
  readonly imports?: readonly { readonly module: string; readonly name: string; readonly type: number }[];
  /** Type and body of each; the body as in the code section, without its size. */
  readonly functions?: readonly { readonly type: number; readonly body: ArrayLike<number> }[];
  readonly tables?: readonly (Limits & { readonly type: "funcref" | "externref" })[];
  readonly memory?: Limits | undefined;
  readonly globals?: readonly {
    readonly type: ValueType;
    readonly mutable: boolean;
    /** Without its `end`. */
    readonly init: ArrayLike<number>;
  }[];
  readonly exports?: readonly { readonly name: string; readonly kind: ExportKind; readonly index: number }[];
  readonly start?: number | undefined;
  /** Each as in the element section. */
  readonly elements?: readonly ArrayLike<number>[];
  /** Each as in the data section. */
  readonly data?: readonly ArrayLike<number>[];
  readonly dataCount?: boolean;
}

export type ExportKind = "func" | "table" | "memory" | "global";

const kinds: readonly ExportKind[] = ["func", "table", "memory", "global"];

const valueTypes: { readonly [type in ValueType]: number } = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
  funcref: 0x70,
  externref: 0x6f,
};

export const valueTypeByte = (type: ValueType): number => valueTypes[type];

export const header: readonly number[] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

export function encodeModule(parts: ModuleParts): Uint8Array {
  const out = new WasmBytes().bytes(header);
  const content = new WasmBytes();
  const section = <T>(id: number, items: readonly T[] | undefined, write: (item: T) => unknown): void => {
    if (items === undefined || items.length === 0) return;
    content.clear().unsigned(items.length);
    items.forEach(write);
    out.byte(id).sized(content.view());
  };
  const typeList = (list: readonly ValueType[]): void => {
    content.unsigned(list.length);
    for (const type of list) content.byte(valueTypeByte(type));
  };
  const limits = ({ min, max }: Limits): void => {
    content.byte(max === undefined ? 0 : 1).unsigned(min);
    if (max !== undefined) content.unsigned(max);
  };
  section(1, parts.types, ({ params, results }) => {
    content.byte(0x60);
    typeList(params);
    typeList(results);
  });
  section(2, parts.imports, ({ module, name, type }) => content.name(module).name(name).byte(0).unsigned(type));
  section(3, parts.functions, ({ type }) => content.unsigned(type));
  section(4, parts.tables, (table) => {
    content.byte(valueTypeByte(table.type));
    limits(table);
  });
  section(5, parts.memory === undefined ? [] : [parts.memory], limits);
  section(6, parts.globals, ({ type, mutable, init }) =>
    content
      .byte(valueTypeByte(type))
      .byte(mutable ? 1 : 0)
      .bytes(init)
      .byte(0x0b),
  );
  section(7, parts.exports, ({ name, kind, index }) => content.name(name).byte(kinds.indexOf(kind)).unsigned(index));
  if (parts.start !== undefined) out.byte(8).sized(new WasmBytes().unsigned(parts.start).view());
  section(9, parts.elements, (element) => content.bytes(element));
  if (parts.dataCount === true) out.byte(12).sized(new WasmBytes().unsigned(parts.data?.length ?? 0).view());
  section(10, parts.functions, ({ body }) => content.sized(body));
  section(11, parts.data, (data) => content.bytes(data));
  return out.copy();
}
