/** The tables of one room: its region of memory, and what components show of it while the room is called. */
import { columnOf, placeTables, type PlacedColumn, type PlacedTable } from "#protocol/tables.ts";
import { hideColumns, layoutsOf, type Components, type Rows } from "./components.ts";
import { TextColumn } from "./text-column.ts";

interface Shown {
  readonly rows: Rows;
  readonly properties: PropertyDescriptorMap;
}

export class RoomTables {
  readonly region: Uint8Array;
  readonly #shown: readonly Shown[];

  /** Bytes of a region for these. */
  static lengthOf(components: Components): number {
    return placeTables(layoutsOf(components)).length;
  }

  /** @param region as long as `lengthOf` says, zeros when the room opens; it begins at a multiple of 8. */
  constructor(components: Components, region: Uint8Array) {
    this.region = region;
    this.#shown = placeTables(layoutsOf(components)).tables.map((table) => ({
      rows: components[table.name]!,
      properties: propertiesOf(table, region),
    }));
  }

  /** From now on components are this room's. Nothing else is left of what was shown before. */
  show(): void {
    for (const { rows, properties } of this.#shown) Object.defineProperties(rows, properties);
  }

  /** Components are nobody's any more. */
  hide(): void {
    for (const { rows } of this.#shown) hideColumns(rows);
  }
}

function propertiesOf(table: PlacedTable, region: Uint8Array): PropertyDescriptorMap {
  const properties: PropertyDescriptorMap = {};
  const add = (name: string, value: unknown): void => {
    properties[name] = { value, configurable: true, enumerable: true };
  };
  const [live, generation, owner, ...fields] = table.columns;
  const columns = {
    live: columnOf(region, table, live as PlacedColumn & { type: "u8" }),
    generation: columnOf(region, table, generation as PlacedColumn & { type: "u16" }),
    owner: columnOf(region, table, owner as PlacedColumn & { type: "i16" }),
  };
  for (const [name, column] of Object.entries(columns)) add(name, column);
  const elements = fields.map((field) => columnOf(region, table, field));
  fields.forEach(({ name, type, width }, i) => {
    const column = elements[i]!;
    add(name, type === "text" ? new TextColumn(column as Uint8Array, width) : column);
  });

  add("spawn", (ownerSeat = -1): number => {
    const row = columns.live.indexOf(0);
    if (row === -1) return -1;
    columns.live[row] = 1;
    columns.generation[row]! += 1;
    columns.owner[row] = ownerSeat;
    for (const column of elements) {
      const each = column.length / table.capacity;
      column.fill(0, row * each, (row + 1) * each);
    }
    hideRow(table, region, row);
    return row;
  });
  add("despawn", (row: number): void => {
    columns.live[row] = 0;
  });
  add("entity", (row: number) => ({
    table: table.name,
    row: checkRow(table, row),
    generation: columns.generation[row],
  }));
  for (const [name, value] of Object.entries(revealing(table, region))) add(name, value);
  return properties;
}

/** From every seat. */
function hideRow({ revealed }: PlacedTable, region: Uint8Array, row: number): void {
  if (revealed === undefined) return;
  const { at, seats, stride } = revealed;
  for (let seat = 0; seat < seats; seat++) region[at + seat * stride + (row >> 3)]! &= ~(1 << (row & 7));
}

/** What a component shows of its bits. */
function revealing(
  table: PlacedTable,
  region: Uint8Array,
): Pick<Rows, "reveal" | "hide" | "isRevealed" | "hideFrom" | "hideFromAll"> {
  const { revealed } = table;
  if (revealed === undefined) {
    const refuse = (): never => {
      throw new TypeError(`${table.name} has no audience "revealed"`);
    };
    return { reveal: refuse, hide: refuse, isRevealed: refuse, hideFromAll: refuse, hideFrom: () => undefined };
  }
  const { at, seats, stride } = revealed;
  const bits = region.subarray(at, at + seats * stride);
  const byteOf = (row: number, seat: number): number => {
    if (!Number.isInteger(seat) || seat < 0 || seat >= seats) throw new RangeError(`seat ${seat} of ${seats}`);
    return seat * stride + (checkRow(table, row) >> 3);
  };
  return {
    reveal: (row, seat) => void (bits[byteOf(row, seat)]! |= 1 << (row & 7)),
    hide: (row, seat) => void (bits[byteOf(row, seat)]! &= ~(1 << (row & 7))),
    isRevealed: (row, seat) => (bits[byteOf(row, seat)]! & (1 << (row & 7))) !== 0,
    hideFromAll: (row) => hideRow(table, region, checkRow(table, row)),
    hideFrom: (seat) => void bits.fill(0, seat * stride, (seat + 1) * stride),
  };
}

function checkRow({ name, capacity }: PlacedTable, row: number): number {
  if (Number.isInteger(row) && row >= 0 && row < capacity) return row;
  throw new RangeError(`row ${row} of ${name}, which has rows 0 to ${capacity - 1}`);
}
