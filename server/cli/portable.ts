/**
 * TypeScript that AssemblyScript understands, and means the same by: numbers that are doubles, truth values, functions,
 * `Math` of what is exact (sqrt, abs, min, max, floor, ceil, trunc, round), and columns of components by row.
 *
 * AssemblyScript's `number` is a double already. What it would take for whole numbers of 32 bits are literals, so they are
 * given a point; and its columns are made here so that rows and values are doubles, stored as typed arrays store them.
 */
import { placeTables, type ColumnType, type PlacedTable, type TableLayout } from "#protocol/tables.ts";

/** A whole number that is no part of a name or of another number. */
const wholeNumber = /(?<![\w$.])\d[\d_]*(?![\w.])/g;

/** Comments and texts, which stay as they are; the last is what lies between. */
const pieces = /\/\*[^]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|[^/"'`]+|\//g;

/** The same program for AssemblyScript. Lines stay where they are. */
export function portableText(text: string): string {
  return text.replaceAll(/^(import [^;]* from "[^"]*)\.ts";/gm, '$1";').replaceAll(pieces, (piece) =>
    /^(\/[*/]|["'`])/.test(piece)
      ? piece
      : // Typed arrays may have no such element, as TypeScript sees it; these columns always do.
        piece.replaceAll(wholeNumber, "$&.0").replaceAll("]!", "]"),
  );
}

/** How an element is read as a double, and how a double is stored. */
const stored: Readonly<Record<Exclude<ColumnType, "text">, readonly [type: string, bytes: number]>> = {
  u8: ["u8", 1],
  i8: ["i8", 1],
  bool: ["u8", 1],
  u16: ["u16", 2],
  i16: ["i16", 2],
  u32: ["u32", 4],
  i32: ["i32", 4],
  f32: ["f32", 4],
  f64: ["f64", 8],
  angle16: ["f32", 4],
  range: ["f32", 4],
};

/** What `./components.ts` is for a portable module: its columns, without texts and without what takes rows into use. */
export function portableComponents(layouts: readonly TableLayout[]): string {
  const { tables, length } = placeTables(layouts);
  return [`export const region: usize = memory.data(${length}, 8);`, ...tables.flatMap(tableText), ``].join("\n");
}

function tableText({ name, capacity, columns }: PlacedTable): string[] {
  const numbers = columns.filter(({ type }) => type !== "text");
  const types = [...new Set(numbers.map(({ type }) => type as keyof typeof stored))];
  return [
    `@inline function ${name}_row(row: f64): usize {`,
    `  const index = <u32>row;`,
    `  if (<f64>index != row || index >= ${capacity}) unreachable();`,
    `  return <usize>index;`,
    `}`,
    ...types.flatMap((type) => columnText(name, type)),
    `export namespace ${name} {`,
    `  export const capacity: f64 = ${capacity};`,
    ...numbers.map(
      ({ name: field, type, at }) =>
        `  @inline export const ${field}: ${name}_${type} = changetype<${name}_${type}>(region + ${at});`,
    ),
    `}`,
  ];
}

function columnText(table: string, type: keyof typeof stored): string[] {
  const [element, bytes] = stored[type];
  const place = `changetype<usize>(this) + ${table}_row(row) * ${bytes}`;
  const whole = element[0] !== "f";
  return [
    `@final @unmanaged class ${table}_${type} {`,
    `  @inline @operator("[]") get(row: f64): f64 {`,
    `    return <f64>load<${element}>(${place});`,
    `  }`,
    `  @inline @operator("[]=") set(row: f64, value: f64): void {`,
    `    store<${element}>(${place}, ${whole ? `<${element}><i64>value` : `<${element}>value`});`,
    `  }`,
    `}`,
  ];
}
