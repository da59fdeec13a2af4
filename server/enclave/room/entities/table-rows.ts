/**
 * The rows of one table as they were at the newest look: which are there, since when, and what changed when.
 *
 * Looks are counted from 1. What is compared is what would be sent: a change too small for a field's bits is none.
 */
import { choicesOf, columnOf, type PlacedColumn, type PlacedTable, type TableLayout } from "#protocol/tables.ts";
import type { WireTable } from "#protocol/entities/layout.ts";
import { columnFor, type Column } from "./columns.ts";

/** A column of any kind. */
export type Numbers = { readonly [row: number]: number };

export class TableRows {
  readonly wire: WireTable;
  readonly layout: TableLayout;
  readonly placed: PlacedTable;
  readonly columns: readonly Column[];
  /** Rows in use, lowest first; only the first `count`. */
  readonly rows: Uint16Array;
  count = 0;
  /** Another number for each tenant of a row; 0 while it is free. Rows that get another owner have another tenant. */
  readonly serial: Uint32Array;
  readonly owner: Int16Array;
  /** The look at which the tenant was first seen. */
  readonly bornAt: Uint32Array;
  /** The newest look at which anything in the row changed, and the one before that. */
  readonly changedAt: Uint32Array;
  readonly changedBefore: Uint32Array;
  /** Bit for each field: what changed at the newest look. */
  readonly changed: Uint32Array;
  /** By field: the newest look at which it changed, by row. */
  readonly fieldAt: readonly Uint32Array[];
  /** Whether a row was taken into use, freed or given to another owner at the newest look. */
  reseated = false;
  /** To which seats rows are revealed: 32 rows in each word; see `PlacedBits`. */
  revealed = new Uint32Array(0);
  readonly #generation: Uint16Array;
  #lastSerial = 0;
  #region: Uint8Array | undefined;
  #live = new Uint8Array(0);
  #liveGeneration = new Uint16Array(0);
  #liveOwner = new Int16Array(0);
  /** Rows' places, if the table has any. */
  xs: Numbers = [];
  zs: Numbers = [];
  #team: Numbers | undefined;

  constructor(wire: WireTable, layout: TableLayout, placed: PlacedTable) {
    this.wire = wire;
    this.layout = layout;
    this.placed = placed;
    const { capacity } = wire;
    const fields = placed.columns.slice(3);
    this.columns = wire.fields.map((field, i) => columnFor(field, fields[i]!, capacity));
    this.rows = new Uint16Array(capacity);
    this.serial = new Uint32Array(capacity);
    this.owner = new Int16Array(capacity);
    this.bornAt = new Uint32Array(capacity);
    this.changedAt = new Uint32Array(capacity);
    this.changedBefore = new Uint32Array(capacity);
    this.changed = new Uint32Array(capacity);
    this.fieldAt = wire.fields.map(() => new Uint32Array(capacity));
    this.#generation = new Uint16Array(capacity);
  }

  /** What a row's field says that names a team; NaN if the audience has no teams. */
  team(row: number): number {
    return this.#team === undefined ? Number.NaN : this.#team[row]!;
  }

  /** Whether this row has this tenant, as a contract names it. */
  holds(row: number, generation: number): boolean {
    return row < this.wire.capacity && this.serial[row] !== 0 && this.#generation[row] === generation;
  }

  /**
   * Compares all rows with those of the last look.
   *
   * @param region all tables of the room, as they are now.
   * @param look this look's number.
   */
  look(region: Uint8Array, look: number): void {
    this.#attach(region);
    this.changed.fill(0);
    this.#census(look);
    for (let i = 0; i < this.columns.length; i++) this.columns[i]!.compare(this, 1 << i);
    this.#note(look);
  }

  #attach(region: Uint8Array): void {
    const last = this.#region;
    if (
      last !== undefined &&
      last.buffer === region.buffer &&
      last.byteOffset === region.byteOffset &&
      last.length === region.length
    )
      return;
    this.#region = region;
    const { columns, revealed } = this.placed;
    const [live, generation, owner, ...fields] = columns;
    this.#live = columnOf(region, this.placed, live as PlacedColumn & { type: "u8" });
    this.#liveGeneration = columnOf(region, this.placed, generation as PlacedColumn & { type: "u16" });
    this.#liveOwner = columnOf(region, this.placed, owner as PlacedColumn & { type: "i16" });
    this.columns.forEach((column) => column.attach(region));
    const { position, audience } = this.layout;
    const column = (name: string): Numbers => {
      const placed = fields.find((field) => field.name === name)!;
      return columnOf(region, this.placed, placed) as Numbers;
    };
    if (position !== null) {
      this.xs = column(position[0]);
      this.zs = column(position[1]);
    }
    const team = choicesOf(audience).find((choice) => choice.who === "team");
    this.#team = team === undefined ? undefined : column(team.field);
    if (revealed === undefined) return;
    const at = region.byteOffset + revealed.at;
    this.revealed = new Uint32Array(region.buffer as ArrayBuffer, at, (revealed.seats * revealed.stride) / 4);
  }

  /** Who is there. */
  #census(look: number): void {
    const live = this.#live;
    const generations = this.#liveGeneration;
    const owners = this.#liveOwner;
    const { rows, serial, owner, changed } = this;
    const { capacity } = this.wire;
    const all = this.wire.fields.length === 32 ? -1 : (1 << this.wire.fields.length) - 1;
    let count = 0;
    this.reseated = false;
    for (let row = 0; row < capacity; row++) {
      if (live[row] === 0) {
        if (serial[row] === 0) continue;
        serial[row] = 0;
        this.reseated = true;
        continue;
      }
      rows[count++] = row;
      const generation = generations[row]!;
      const seat = owners[row]!;
      if (serial[row] !== 0 && this.#generation[row] === generation && owner[row] === seat) continue;
      // 0 means that the row is free.
      this.#lastSerial = (this.#lastSerial + 1) >>> 0 || 1;
      serial[row] = this.#lastSerial;
      this.#generation[row] = generation;
      owner[row] = seat;
      this.bornAt[row] = look;
      this.changedAt[row] = look;
      changed[row] = all;
      this.reseated = true;
    }
    this.count = count;
  }

  #note(look: number): void {
    const { rows, count, changed, changedAt, changedBefore, fieldAt } = this;
    const fields = fieldAt.length;
    for (let i = 0; i < count; i++) {
      const row = rows[i]!;
      const mask = changed[row]!;
      if (mask === 0) continue;
      changedBefore[row] = changedAt[row]!;
      changedAt[row] = look;
      for (let field = 0; field < fields; field++) {
        if ((mask & (1 << field)) !== 0) fieldAt[field]![row] = look;
      }
    }
  }
}
