/** Tells one viewer after the other of one look: leaves, enters and news of every table, within the viewer's room. */
import { idSetLength, writeIdSet } from "#protocol/entities/id-set.ts";
import {
  acknowledgedHeaderLength,
  acknowledgedVersion,
  entitiesHeaderLength,
  entitiesVersion,
  parts,
} from "#protocol/entities/message.ts";
import { tableLimits } from "#protocol/tables.ts";
import type { Draft } from "./draft.ts";
import { KnownRows } from "./known-rows.ts";
import { slack, type Records } from "./records.ts";
import type { SharedRows } from "./shared-rows.ts";
import type { Beholder, Sight } from "./sight.ts";
import type { TableRows } from "./table-rows.ts";

/** One table that somebody may see. */
export interface ShownTable {
  readonly rows: TableRows;
  readonly records: Records;
  readonly draft: Draft;
  /** What everyone sees is shared; all else is seen by each viewer's own sight. */
  readonly shared: SharedRows | undefined;
  readonly sight: Sight;
}

/** What one viewer knows of one table. */
interface TableKnown {
  /** Undefined: all that everyone knows. */
  known: KnownRows | undefined;
  /** The list of own rows last told is not the right one any more. */
  mineStale: boolean;
}

/** What one connection has been told. */
export class ToldRows {
  readonly tables: readonly TableKnown[];
  /** The table whose turn it is first, when there is not room for all. */
  first = 0;
  /** Something is still to be told. */
  left = false;

  constructor(tables: readonly ShownTable[]) {
    this.tables = tables.map(({ rows }) => ({ known: new KnownRows(rows.wire.capacity), mineStale: false }));
  }
}

export class Teller {
  readonly #tables: readonly ShownTable[];
  #bytes: Uint8Array;
  #view: DataView;
  readonly #mine = new Uint16Array(tableLimits.capacity);
  #tick = 0;
  #look = 0;
  #headerLength = entitiesHeaderLength;

  /** @param lengthMax of a message. */
  constructor(tables: readonly ShownTable[], lengthMax: number) {
    this.#tables = tables;
    this.#bytes = new Uint8Array(lengthMax + slack);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** The message last written; only its first bytes. Valid until the next one is. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Of the next message. */
  get headerLength(): number {
    return this.#headerLength;
  }

  /** The next message is to somebody who pushes: so many of their rows were used, the last so early. */
  acknowledge(applied: number, ahead: number): void {
    this.#headerLength = acknowledgedHeaderLength;
    this.#view.setUint32(entitiesHeaderLength, applied, true);
    this.#bytes[acknowledgedHeaderLength - 1] = ahead;
  }

  acknowledgeNothing(): void {
    this.#headerLength = entitiesHeaderLength;
  }

  begin(tick: number, look: number): void {
    this.#tick = tick;
    this.#look = look;
  }

  /**
   * Writes what a viewer has not been told yet. Returns its length, that of the header alone if there is nothing.
   *
   * @param room bytes that the message may take.
   */
  write(told: ToldRows, beholder: Beholder, room: number): number {
    const bytes = this.#bytes;
    let at = this.#headerLength;
    bytes[0] = at === entitiesHeaderLength ? entitiesVersion : acknowledgedVersion;
    this.#view.setUint32(1, this.#tick, true);
    const count = this.#tables.length;
    const first = told.first;
    told.left = false;
    for (let i = 0; i < count; i++) {
      const index = (first + i) % count;
      const shown = this.#tables[index]!;
      const before = told.left;
      at = this.#writeTable(shown, told, told.tables[index]!, beholder, at, room);
      // Whoever took what the others wanted comes last the next time.
      if (told.left && !before) told.first = (index + 1) % count;
    }
    return at;
  }

  /** This viewer is not told of this look. */
  skip(told: ToldRows): void {
    told.left = true;
    for (let i = 0; i < this.#tables.length; i++) {
      const { shared } = this.#tables[i]!;
      const table = told.tables[i]!;
      if (shared !== undefined && table.known === undefined && shared.block.length > 0) this.#fallBehind(shared, table);
    }
  }

  #writeTable(
    shown: ShownTable,
    told: ToldRows,
    table: TableKnown,
    beholder: Beholder,
    at: number,
    room: number,
  ): number {
    const { shared } = shown;
    if (shared !== undefined && table.known === undefined) {
      if (shared.ownsOthers(beholder.seat, this.#look)) table.mineStale = true;
      if (at + shared.block.length <= room) {
        const end = shared.block.length === 0 ? at : shared.write(this.#bytes, at);
        return this.#listMine(shown, told, table, shared.known, beholder.seat, at, end, room);
      }
      this.#fallBehind(shared, table);
    }
    const known = table.known!;
    const end = this.#writeKnown(shown, told, table, known, beholder, at, room);
    if (shared !== undefined && !shown.draft.left && known.count === shared.known.count) table.known = undefined;
    return end;
  }

  #fallBehind(shared: SharedRows, table: TableKnown): void {
    table.known = shared.stateBefore(this.#look);
    table.mineStale = true;
  }

  #writeKnown(
    shown: ShownTable,
    told: ToldRows,
    table: TableKnown,
    known: KnownRows,
    beholder: Beholder,
    at: number,
    room: number,
  ): number {
    const { draft, shared, rows, sight } = shown;
    draft.begin();
    if (shared === undefined) sight.behold(beholder, known.idOf);
    this.#compare(shown, known);
    const left = draft.leaveCount === 0 ? room - at : draft.fitLeaves(room - at);
    for (let i = 0; i < draft.leaveCount; i++) {
      if (known.ownerOf[draft.leaves[i]!] === beholder.seat) table.mineStale = true;
      known.leave(draft.leaves[i]!);
    }
    const seen = shared === undefined ? sight : rows;
    if (known.count < seen.count || draft.left) listNew(draft, seen, known, shared?.known);
    if (!draft.empty) draft.fitRows(left, known, beholder.seat, this.#look, shared?.known);
    for (let i = 0; i < draft.enterCount; i++) {
      const row = draft.enters[i]!;
      if (rows.owner[row] === beholder.seat) table.mineStale = true;
      draft.setEnterId(i, this.#enter(rows, known, row, shared?.known));
    }
    if (draft.left) told.left = true;
    const end = draft.empty ? at : draft.write(this.#bytes, this.#view, at, known, this.#look);
    return this.#listMine(shown, told, table, known, beholder.seat, at, end, room);
  }

  #enter(rows: TableRows, known: KnownRows, row: number, shared: KnownRows | undefined): number {
    const serial = rows.serial[row]!;
    const owner = rows.owner[row]!;
    if (shared === undefined) return known.enter(row, serial, owner, this.#look);
    const id = shared.idOf[row]! - 1;
    known.enterAs(id, row, serial, owner, this.#look);
    return id;
  }

  /** Which known rows are gone from sight, and which have news. */
  #compare({ draft, shared, rows, sight }: ShownTable, known: KnownRows): void {
    const { rowOf, serialOf, sentAt, top } = known;
    const { serial, changedAt } = rows;
    const look = this.#look;
    const tick = this.#tick;
    const every = shared === undefined ? sight.farEvery : 1;
    const { seenAt, glance } = sight;
    for (let id = 0; id < top; id++) {
      const row = rowOf[id]!;
      if (row === -1) continue;
      if (serialOf[id] !== serial[row] || (shared === undefined && seenAt[row] !== glance)) {
        draft.leaves[draft.leaveCount++] = id;
        continue;
      }
      const since = sentAt[id]!;
      if (changedAt[row]! <= since) continue;
      // Those seen from afar take turns by their ids, which are the viewer's own: whose turn it is tells nothing else.
      if (every > 1 && sight.isFar(row) && (tick + id) % every !== 0 && look - since < 2 * every) continue;
      draft.updates[draft.updateCount++] = id;
    }
  }

  /** Behind a table's block: which rows are the viewer's own, if that has changed and there is room to say so. */
  #listMine(
    { rows }: ShownTable,
    told: ToldRows,
    table: TableKnown,
    known: KnownRows,
    seat: number,
    start: number,
    end: number,
    room: number,
  ): number {
    if (!table.mineStale || seat === -1) return end;
    const mine = this.#mine;
    let count = 0;
    for (let id = 0; id < known.top; id++) {
      if (known.rowOf[id] !== -1 && known.ownerOf[id] === seat) mine[count++] = id;
    }
    const length = (end === start ? 2 : 0) + idSetLength(mine, count);
    if (end + length > room) {
      told.left = true;
      return end;
    }
    table.mineStale = false;
    const bytes = this.#bytes;
    let at = end;
    if (end === start) {
      bytes[at++] = rows.wire.index;
      bytes[at++] = 0;
    }
    bytes[start + 1]! |= parts.mine;
    return writeIdSet(bytes, at, mine, count);
  }
}

/** Rows that are seen and not known. */
function listNew(
  draft: Draft,
  seen: { readonly rows: Uint16Array; readonly count: number },
  known: KnownRows,
  shared: KnownRows | undefined,
): void {
  for (let i = 0; i < seen.count; i++) {
    const row = seen.rows[i]!;
    if (known.idOf[row] !== 0) continue;
    // Its id may still be that of a row whose leave has not been told.
    if (shared !== undefined && known.has(shared.idOf[row]! - 1)) continue;
    draft.enters[draft.enterCount++] = row;
  }
}
