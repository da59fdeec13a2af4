/**
 * A table that everyone sees: one set of ids and one block of bytes for all.
 *
 * Who has got every block so far gets the next one as it is. Who has not is told like anybody of any table, by the same
 * ids, until nothing is missing.
 */
import { Draft } from "./draft.ts";
import { KnownRows } from "./known-rows.ts";
import { slack, type Records } from "./records.ts";
import type { TableRows } from "./table-rows.ts";

export class SharedRows {
  /** What everyone knows who is in step. `sentAt` is when an id was given out or last had news. */
  readonly known: KnownRows;
  readonly draft: Draft;
  readonly #table: TableRows;
  /** This look's block; empty if there is no news. One view for all who get it. */
  block = new Uint8Array(0);
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  /** By id, for the leaves of this look: what it was. */
  readonly #leftRow: Uint16Array;
  readonly #leftSerial: Uint32Array;
  readonly #leftOwner: Int16Array;
  /** By id: the look at which it was given out. */
  readonly #enteredAt: Uint32Array;
  /** By seat: the look at which its own rows became others. */
  readonly #ownedAt = new Map<number, number>();

  constructor(table: TableRows, records: Records) {
    const { capacity } = table.wire;
    this.#table = table;
    this.known = new KnownRows(capacity);
    this.draft = new Draft(table, records);
    this.#leftRow = new Uint16Array(capacity);
    this.#leftSerial = new Uint32Array(capacity);
    this.#leftOwner = new Int16Array(capacity);
    this.#enteredAt = new Uint32Array(capacity);
  }

  /** After every look at the table. */
  prepare(look: number): void {
    const { known, draft } = this;
    const { rows, count, serial, owner, changedAt, wire } = this.#table;
    draft.begin();
    this.block = this.#bytes.subarray(0, 0);
    for (let id = 0; id < known.top; id++) {
      const row = known.rowOf[id]!;
      if (row === -1) continue;
      if (known.serialOf[id] !== serial[row]) this.#leave(id, row, look);
      else if (changedAt[row] === look) draft.updates[draft.updateCount++] = id;
    }
    for (let i = 0; i < draft.leaveCount; i++) known.leave(draft.leaves[i]!);
    if (this.#table.reseated) {
      for (let i = 0; i < count; i++) if (known.idOf[rows[i]!] === 0) draft.enters[draft.enterCount++] = rows[i]!;
    }
    if (draft.empty) return;
    draft.fitRows(Number.POSITIVE_INFINITY, known, -1, look);
    for (let i = 0; i < draft.enterCount; i++) {
      const row = draft.enters[i]!;
      const id = known.enter(row, serial[row]!, owner[row]!, look);
      this.#enteredAt[id] = look;
      if (owner[row]! >= 0) this.#ownedAt.set(owner[row]!, look);
      draft.setEnterId(i, id);
    }
    const ids = draft.leaveCount + draft.enterCount + draft.updateCount;
    this.#reserve(64 + 3 * ids + (draft.enterCount + draft.updateCount) * (wire.rowMax + wire.maskBytes));
    this.block = this.#bytes.subarray(0, draft.write(this.#bytes, this.#view, 0, known, look));
  }

  /** Whether this look made other rows this seat's own. */
  ownsOthers(seat: number, look: number): boolean {
    return this.#ownedAt.get(seat) === look;
  }

  /** Copies this look's block. Returns where the next byte goes. */
  write(into: Uint8Array, at: number): number {
    into.set(this.block, at);
    return at + this.block.length;
  }

  /** What somebody knows who was in step until this look and was not told of it. */
  stateBefore(look: number): KnownRows {
    const before = new KnownRows(this.#table.wire.capacity);
    const { known, draft } = this;
    for (let id = 0; id < known.top; id++) {
      const row = known.rowOf[id]!;
      if (row === -1 || this.#enteredAt[id] === look) continue;
      before.enterAs(id, row, known.serialOf[id]!, known.ownerOf[id]!, look - 1);
    }
    for (let i = 0; i < draft.leaveCount; i++) {
      const id = draft.leaves[i]!;
      before.enterAs(id, this.#leftRow[id]!, this.#leftSerial[id]!, this.#leftOwner[id]!, look - 1);
    }
    return before;
  }

  #leave(id: number, row: number, look: number): void {
    const { known, draft } = this;
    draft.leaves[draft.leaveCount++] = id;
    this.#leftRow[id] = row;
    this.#leftSerial[id] = known.serialOf[id]!;
    this.#leftOwner[id] = known.ownerOf[id]!;
    if (known.ownerOf[id]! >= 0) this.#ownedAt.set(known.ownerOf[id]!, look);
  }

  #reserve(length: number): void {
    if (length + slack <= this.#bytes.length) return;
    this.#bytes = new Uint8Array(2 * (length + slack));
    this.#view = new DataView(this.#bytes.buffer);
  }
}
