/**
 * From a contract's tables to AssemblyScript: columns with the vocabulary of the TypeScript SDK, at addresses that are
 * constants. The same layouts give the same text.
 */
import {
  placeTables,
  type ColumnType,
  type PlacedBits,
  type PlacedColumn,
  type PlacedTable,
  type TableLayout,
} from "#protocol/tables.ts";
import type { Value } from "#protocol/value.ts";

/** @param source the file the layouts come from, as the text names it. */
export function componentsAssembly(layouts: readonly TableLayout[], source: string): string {
  const { tables, length } = placeTables(layouts);
  return [
    `/** The tables of ${source}, made by \`phatroom build\`: change that file instead. */`,
    `import { declareTables, Entity, freeRow, noSuchRow, textAt, writeTextAt, Writer } from "phatroom/assembly";`,
    `import { hideRow, hideRowFromAll, hideRowsFrom, isRowRevealed, revealRow } from "phatroom/assembly";`,
    ``,
    `const region: usize = memory.data(${length}, 8);`,
    ``,
    ...tables.flatMap(tableText),
    `function writeLayouts(out: Writer): void {`,
    `  out.list();`,
    ...layouts.flatMap(layoutText),
    `  out.end();`,
    `}`,
    ``,
    `function hideFrom(seat: i32): void {`,
    ...tables.flatMap(({ revealed }) => (revealed === undefined ? [] : hideFromText(revealed))),
    `}`,
    ``,
    `declareTables(region, ${length}, writeLayouts, hideFrom);`,
    ``,
  ].join("\n");
}

/** AssemblyScript's type of an element, and what it takes to find one. */
const elements: Readonly<Record<Exclude<ColumnType, "text">, string>> = {
  u8: "u8",
  i8: "i8",
  u16: "u16",
  i16: "i16",
  u32: "u32",
  i32: "i32",
  f32: "f32",
  f64: "f64",
  bool: "bool",
  angle16: "f32",
  range: "f32",
};

function tableText(table: PlacedTable): string[] {
  const { name, capacity, columns } = table;
  const classes = new Map(columns.map((column) => [classOf(table, column), column]));
  return [
    `@inline function ${name}_row(row: i32): usize {`,
    `  if (<u32>row >= ${capacity}) {`,
    `    noSuchRow(${JSON.stringify(name)}, row, ${capacity});`,
    `    unreachable();`,
    `  }`,
    `  return <usize>row;`,
    `}`,
    ``,
    ...Array.from(classes, ([className, column]) => classText(table, className, column)).flat(),
    `export namespace ${name} {`,
    `  export const capacity: i32 = ${capacity};`,
    ...columns.map((column) => columnText(table, column)),
    ``,
    ...spawnText(table),
    ``,
    `  /** Frees a row. What is in it stays until it is taken into use again. */`,
    `  export function despawn(row: i32): void {`,
    `    if (<u32>row < ${capacity}) store<u8>(${addressOf(column(table, "live"))} + <usize>row, 0);`,
    `  }`,
    ``,
    `  /** Names the row and its tenant, for \`context.focus\`. */`,
    `  export function entity(row: i32): Entity {`,
    `    const generation = load<u16>(${addressOf(column(table, "generation"))} + ${name}_row(row) * 2);`,
    `    return new Entity(${JSON.stringify(name)}, row, generation);`,
    `  }`,
    ...revealText(table),
    `}`,
    ``,
  ];
}

/** Only `spawn` and `despawn` write these. */
const isReadonly = ({ name }: PlacedColumn): boolean => name === "live" || name === "generation";

/** Elements of one kind share a class within their table, whose number of rows it knows. */
function classOf({ name }: PlacedTable, { type, width, ...rest }: PlacedColumn): string {
  if (type === "text") return `${name}_text${width}`;
  return `${name}_${isReadonly({ type, width, ...rest }) ? "readonly_" : ""}${elements[type]}`;
}

function classText(table: PlacedTable, className: string, placed: PlacedColumn): string[] {
  const { type, width } = placed;
  const element = type === "text" ? "string" : elements[type];
  const row = `changetype<usize>(this) + ${table.name}_row(row)${width === 1 ? "" : ` * ${width}`}`;
  const [read, write] =
    type === "text"
      ? [`textAt(${row}, ${width})`, `writeTextAt(${row}, ${width}, value)`]
      : [`load<${element}>(${row})`, `store<${element}>(${row}, value)`];
  // Text is got and set by name, as in TypeScript.
  const operator = (sign: string): string => (type === "text" ? "" : `@operator("${sign}") `);
  return [
    `@final @unmanaged class ${className} {`,
    `  @inline ${operator("[]")}get(row: i32): ${element} {`,
    `    return ${read};`,
    `  }`,
    ...(isReadonly(placed)
      ? []
      : [`  @inline ${operator("[]=")}set(row: i32, value: ${element}): void {`, `    ${write};`, `  }`]),
    `}`,
    ``,
  ];
}

function columnText(table: PlacedTable, placed: PlacedColumn): string {
  const className = classOf(table, placed);
  return `  @inline export const ${placed.name}: ${className} = changetype<${className}>(${addressOf(placed)});`;
}

function spawnText(table: PlacedTable): string[] {
  const { capacity, columns } = table;
  const fields = columns.slice(3);
  const put = (placed: PlacedColumn, value: string): string => {
    const at = `${addressOf(placed)} + <usize>row${placed.width === 1 ? "" : ` * ${placed.width}`}`;
    if (placed.type === "text") return `    memory.fill(${at}, 0, ${placed.width});`;
    return `    store<${elements[placed.type]}>(${at}, ${value});`;
  };
  const generation = column(table, "generation");
  return [
    `  /** Takes the lowest free row into use, with 0 in every field. Returns the row, or -1 if none is free. */`,
    `  export function spawn(ownerSeat: i32 = -1): i32 {`,
    `    const row = freeRow(${addressOf(column(table, "live"))}, ${capacity});`,
    `    if (row < 0) return -1;`,
    put(column(table, "live"), "1"),
    put(generation, `load<u16>(${addressOf(generation)} + <usize>row * 2) + 1`),
    put(column(table, "owner"), "<i16>ownerSeat"),
    ...fields.map((field) => put(field, field.type === "bool" ? "false" : "0")),
    ...(table.revealed === undefined ? [] : [`    hideRowFromAll(${bitsOf(table.revealed)}, row);`]),
    `    return row;`,
    `  }`,
  ];
}

/** Where a table's bits are, how many bytes each seat has, and how many seats there are. */
const bitsOf = ({ at, stride, seats }: PlacedBits): string => `region + ${at}, ${stride}, ${seats}`;

function revealText({ name, revealed }: PlacedTable): string[] {
  if (revealed === undefined) return [];
  const bits = bitsOf(revealed);
  return [
    ``,
    `  /** Shows a row to the player in a seat. */`,
    `  export function reveal(row: i32, seat: i32): void {`,
    `    revealRow(${bits}, ${name}_row(row), seat);`,
    `  }`,
    ``,
    `  export function hide(row: i32, seat: i32): void {`,
    `    hideRow(${bits}, ${name}_row(row), seat);`,
    `  }`,
    ``,
    `  export function isRevealed(row: i32, seat: i32): bool {`,
    `    return isRowRevealed(${bits}, ${name}_row(row), seat);`,
    `  }`,
    ``,
    `  export function hideFromAll(row: i32): void {`,
    `    hideRowFromAll(${bits}, <i32>${name}_row(row));`,
    `  }`,
    ``,
    `  /** Hides every row from a seat. */`,
    `  export function hideFrom(seat: i32): void {`,
    ...hideFromText(revealed).map((line) => `  ${line}`),
    `  }`,
  ];
}

const hideFromText = ({ at, stride, seats }: PlacedBits): string[] => [
  `  if (<u32>seat < ${seats}) hideRowsFrom(region + ${at}, ${stride}, seat);`,
];

const column = ({ columns }: PlacedTable, name: string): PlacedColumn =>
  columns.find((placed) => placed.name === name)!;

const addressOf = ({ at }: PlacedColumn): string => (at === 0 ? "region" : `region + ${at}`);

/** How the manifest gets this table. */
function layoutText({ name, capacity, fields, audience, position }: TableLayout): string[] {
  return [
    `  out.map().key("name").text("${name}").key("capacity").whole(${capacity}).key("fields").list();`,
    ...fields.map((field) => `  out${writerCalls(field)};`),
    `  out.end().key("audience")${writerCalls(audience as Value)};`,
    `  out.key("position")${writerCalls(position)}.end();`,
  ];
}

/** The calls of the SDK's writer that write this value. */
function writerCalls(value: Value): string {
  if (value === null) return ".nothing()";
  if (typeof value === "string") return `.text(${JSON.stringify(value)})`;
  if (typeof value === "number") return `.${Number.isSafeInteger(value) ? "whole" : "number"}(${value})`;
  if (Array.isArray(value)) return `.list()${value.map(writerCalls).join("")}.end()`;
  const members = Object.entries(value as { readonly [name: string]: Value });
  return `.map()${members.map(([name, member]) => `.key(${JSON.stringify(name)})${writerCalls(member)}`).join("")}.end()`;
}
