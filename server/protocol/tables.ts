/**
 * Component tables: what a contract declares of its entities, and where every column lies in its memory.
 *
 * A table is a structure of arrays: one column for each field, one element for each row. Contracts write the columns, the
 * worker reads them, and both take every address from `placeTables`.
 */

export type NumberType = "u8" | "i8" | "u16" | "i16" | "u32" | "i32" | "f32" | "f64";

/** What one field holds, in memory and on the wire. */
export type FieldType =
  | { readonly type: NumberType | "bool" }
  /** Radians. An f32 in memory; on the wire 16 bits for a full turn, so that no angle is out of range. */
  | { readonly type: "angle16" }
  /** An f32 in memory; on the wire the nearest of 2^bits steps from `min` to `max`, both included. */
  | { readonly type: "range"; readonly min: number; readonly max: number; readonly bits: number }
  /** UTF-8 of at most so many bytes, filled up with zeros. */
  | { readonly type: "text"; readonly bytes: number };

export type TableField = FieldType & { readonly name: string };

/** Who may see a row. Spectators see what everyone may, and nothing else. */
export type Audience<Name extends string = string> =
  | { readonly who: "everyone" | "nobody" }
  /** The player in the seat that the row's `owner` names. */
  | { readonly who: "owner" }
  /** Players whose team is what this field of the row says. */
  | { readonly who: "team"; readonly field: Name }
  /**
   * Players whose focus is within this distance of the row's position. In rooms that tick, those from whom it is farther
   * than `full` are told of it at every `far`th tick instead of at each. Both are there, or neither.
   */
  | { readonly who: "near"; readonly radius: number; readonly full?: number; readonly far?: number }
  /** Players in seats below `seats` to whom the contract has revealed the row. */
  | { readonly who: "revealed"; readonly seats: number }
  /** Whoever at least one of these admits. */
  | { readonly who: "any"; readonly of: readonly Audience<Name>[] };

/** One table as a manifest holds it. */
export interface TableLayout {
  readonly name: string;
  /** Rows. */
  readonly capacity: number;
  /** In the order in which they are declared, which is their order in memory and on the wire. */
  readonly fields: readonly TableField[];
  readonly audience: Audience;
  /** The two fields that say where a row is; null if it is nowhere. */
  readonly position: readonly [string, string] | null;
}

export const tableLimits = {
  /** A game has a handful of kinds of things. */
  tables: 16,
  fields: 32,
  /** A thousand players with ten things each, and room to spare; a row's number fits 16 bits. */
  capacity: 16_384,
  /** All tables of a room: the worker compares them row by row at every tick. */
  bytes: 1024 * 1024,
  textBytes: 255,
  /** What an f32 holds exactly. */
  rangeBits: 24,
  /** As many as a room has. */
  seats: 1024,
  nameLength: 32,
  /** Between two news of a row that is told of seldom: what comes less often does not look as if it moved. */
  farTicks: 32,
} as const;

/** Every column begins at a multiple of this: no element straddles one, and any typed array may look at it. */
export const columnAlignment = 8;

/** What an element of a column is, in memory. Text is `bytes` elements for each row. Numbers are little-endian. */
const elements = {
  u8: Uint8Array,
  i8: Int8Array,
  u16: Uint16Array,
  i16: Int16Array,
  u32: Uint32Array,
  i32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
  bool: Uint8Array,
  angle16: Float32Array,
  range: Float32Array,
  text: Uint8Array,
} as const;

export type ColumnType = keyof typeof elements;

/** The elements of a field of this type. */
export type ElementsOf<Type extends ColumnType> = InstanceType<(typeof elements)[Type]>;

export interface PlacedColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** Where it begins, from the region's start. */
  readonly at: number;
  /** Bytes of one row. */
  readonly width: number;
}

/** To whom rows are revealed: for each seat one bit for each row, row 0 being the lowest bit of the seat's first byte. */
export interface PlacedBits {
  readonly at: number;
  readonly seats: number;
  /** Bytes of one seat: a multiple of 4. */
  readonly stride: number;
}

export interface PlacedTable {
  readonly name: string;
  readonly capacity: number;
  /** `live`, `generation`, `owner`, then the fields. */
  readonly columns: readonly PlacedColumn[];
  /** Behind the columns; only there if the audience has `revealed`. */
  readonly revealed?: PlacedBits;
}

export interface PlacedTables {
  readonly tables: readonly PlacedTable[];
  /** Bytes of the whole region: a multiple of `columnAlignment`, 0 without tables. */
  readonly length: number;
}

/**
 * Columns that every table has before its fields: whether a row is in use (1 or 0), how often it has been (it wraps
 * around), and the seat it belongs to (-1: nobody's).
 */
const rowColumns: readonly TableField[] = [
  { name: "live", type: "u8" },
  { name: "generation", type: "u16" },
  { name: "owner", type: "i16" },
];

/**
 * Where every column of these tables is: table after table and column after column in the order given, each at the next
 * multiple of `columnAlignment`; behind a table's columns its bits.
 */
export function placeTables(layouts: readonly TableLayout[]): PlacedTables {
  let end = 0;
  const place = (bytes: number): number => {
    const at = end;
    end = Math.ceil((at + bytes) / columnAlignment) * columnAlignment;
    return at;
  };
  const tables = layouts.map(({ name, capacity, fields, audience }): PlacedTable => {
    const columns = [...rowColumns, ...fields].map((field): PlacedColumn => {
      const width = field.type === "text" ? field.bytes : elements[field.type].BYTES_PER_ELEMENT;
      return { name: field.name, type: field.type, at: place(width * capacity), width };
    });
    const revealed = choicesOf(audience).find(({ who }) => who === "revealed");
    if (revealed?.who !== "revealed") return { name, capacity, columns };
    const stride = Math.ceil(capacity / 32) * 4;
    return { name, capacity, columns, revealed: { at: place(revealed.seats * stride), seats: revealed.seats, stride } };
  });
  return { tables, length: end };
}

/** Each of which admits by itself. */
export const choicesOf = (audience: Audience): readonly Audience[] =>
  audience.who === "any" ? audience.of : [audience];

/** Ticks between two news of a row of such an audience, at most, if it changes all the time. */
export function ticksApart(audience: Audience): number {
  const near = choicesOf(audience).find(({ who }) => who === "near");
  return near?.who === "near" ? (near.far ?? 1) : 1;
}

/**
 * A column's elements, where they lie in a region.
 *
 * @throws RangeError if the region is too short or does not begin at a multiple of the element's size.
 */
export function columnOf<Type extends ColumnType>(
  region: Uint8Array,
  { capacity }: Pick<PlacedTable, "capacity">,
  { type, at, width }: PlacedColumn & { readonly type: Type },
): ElementsOf<Type> {
  const Elements = elements[type];
  if (at + width * capacity > region.length) throw new RangeError("a column beyond the end of its region");
  const count = (width * capacity) / Elements.BYTES_PER_ELEMENT;
  return new Elements(region.buffer as ArrayBuffer, region.byteOffset + at, count) as ElementsOf<Type>;
}
