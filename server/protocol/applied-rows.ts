/**
 * The input rows that one tick uses, as a room's log holds them and as they get into the contract's memory.
 *
 * ```text
 * rows = [cleared u16 le] ([seat u16 le])* ([seat u16 le] [seen u32 le] fields…)*
 * ```
 * Of the seats that are cleared all fields are 0 from this tick on, or from the row that follows. Seats ascend in both
 * lists. Fields are those of `input-row.ts`; `seen` is clamped already. Whoever has no row keeps the last.
 */
import { inputFormat, seenField, valueOf, type InputFormat } from "./input-row.ts";
import { placeTables, type ColumnType, type PlacedColumn, type PlacedTable, type TableLayout } from "./tables.ts";

/** [seat u16] [seen u32] */
export const appliedHeaderLength = 6;

/** The input table of a contract. */
export class InputTable {
  readonly format: InputFormat;
  readonly #table: PlacedTable;
  /** Of the fields that travel, in their order. */
  readonly #columns: readonly PlacedColumn[];
  readonly #seen: PlacedColumn | undefined;

  /** @param name one of the tables. */
  constructor(tables: readonly TableLayout[], name: string) {
    const at = tables.findIndex((table) => table.name === name);
    this.format = inputFormat(tables[at]!);
    this.#table = placeTables(tables).tables[at]!;
    const column = (field: string): PlacedColumn | undefined =>
      // The first three are every table's; a field may not be called like them.
      this.#table.columns.slice(3).find((placed) => placed.name === field);
    this.#columns = this.format.fields.map((field) => column(field.name)!);
    this.#seen = column(seenField);
  }

  /** Seats. */
  get capacity(): number {
    return this.#table.capacity;
  }

  /** Whether these are rows of this table. */
  fits(rows: Uint8Array): boolean {
    if (rows.length < 2) return false;
    const each = appliedHeaderLength + this.format.length;
    const first = 2 + 2 * u16(rows, 0);
    if (first > rows.length || (rows.length - first) % each !== 0) return false;
    const ascend = (from: number, to: number, step: number): boolean => {
      for (let at = from, last = -1; at < to; at += step) {
        const seat = u16(rows, at);
        if (seat <= last || seat >= this.capacity) return false;
        last = seat;
      }
      return true;
    };
    return ascend(2, first, 2) && ascend(first, rows.length, each);
  }

  /** Writes rows that fit into a contract's tables. */
  put(region: Uint8Array, rows: Uint8Array): void {
    const view = new DataView(region.buffer, region.byteOffset, region.length);
    const cleared = u16(rows, 0);
    for (let i = 0; i < cleared; i++) this.#clear(region, u16(rows, 2 + 2 * i));
    const { fields, length } = this.format;
    const reader = new DataView(rows.buffer, rows.byteOffset, rows.length);
    for (let at = 2 + 2 * cleared; at < rows.length; at += appliedHeaderLength + length) {
      const seat = u16(rows, at);
      if (this.#seen !== undefined) view.setUint32(this.#seen.at + 4 * seat, reader.getUint32(at + 2, true), true);
      let from = at + appliedHeaderLength;
      for (let i = 0; i < fields.length; i++) {
        const { field, lengthMax } = fields[i]!;
        let step = 0;
        for (let byte = lengthMax - 1; byte >= 0; byte--) step = step * 256 + rows[from + byte]!;
        from += lengthMax;
        const { type, at: start, width } = this.#columns[i]!;
        write(view, start + seat * width, type, valueOf(field, step));
      }
    }
  }

  #clear(region: Uint8Array, seat: number): void {
    for (const { at, width } of this.#columns) region.fill(0, at + seat * width, at + (seat + 1) * width);
    if (this.#seen !== undefined) region.fill(0, this.#seen.at + seat * 4, this.#seen.at + (seat + 1) * 4);
  }
}

const u16 = (bytes: Uint8Array, at: number): number => bytes[at]! | (bytes[at + 1]! << 8);

function write(view: DataView, at: number, type: ColumnType, value: number): void {
  switch (type) {
    case "u16":
    case "i16":
      return view.setInt16(at, value, true);
    case "u32":
    case "i32":
      return view.setInt32(at, value, true);
    case "angle16":
    case "range":
      return view.setFloat32(at, value, true);
    default:
      return view.setInt8(at, value);
  }
}
