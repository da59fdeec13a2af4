/**
 * What one viewer knows of one table: which rows by which ids, and how fresh.
 *
 * Ids are the viewer's own: the lowest that is free, whatever the row's place in the table is and whatever else there is.
 */

const free = -1;

export class KnownRows {
  /** By row: its id plus 1; 0 if the viewer does not know it. */
  readonly idOf: Uint16Array;
  /** By id, for ids below `top`: the row, or -1. */
  rowOf = new Int16Array(16).fill(free);
  /** By id: which tenant of the row is meant; see `TableRows.serial`. */
  serialOf = new Uint32Array(16);
  /** By id: the look whose state the viewer has of it. */
  sentAt = new Uint32Array(16);
  /** By id: the seat that this tenant belongs to. */
  ownerOf = new Int16Array(16);
  /** Ids in use are below it. */
  top = 0;
  count = 0;
  /** No free id is below it. */
  #freeFrom = 0;

  /** @param capacity rows of the table. */
  constructor(capacity: number) {
    this.idOf = new Uint16Array(capacity);
  }

  /** Gives a row the lowest free id. */
  enter(row: number, serial: number, owner: number, look: number): number {
    let id = this.#freeFrom;
    while (id < this.top && this.rowOf[id] !== free) id++;
    this.enterAs(id, row, serial, owner, look);
    this.#freeFrom = id + 1;
    return id;
  }

  /** Gives a row this id, which is free. */
  enterAs(id: number, row: number, serial: number, owner: number, look: number): void {
    if (id >= this.rowOf.length) this.#grow(id + 1);
    this.rowOf[id] = row;
    this.serialOf[id] = serial;
    this.ownerOf[id] = owner;
    this.sentAt[id] = look;
    this.idOf[row] = id + 1;
    this.count += 1;
    if (id >= this.top) this.top = id + 1;
  }

  has(id: number): boolean {
    return id < this.top && this.rowOf[id] !== free;
  }

  leave(id: number): void {
    const row = this.rowOf[id]!;
    if (this.idOf[row] === id + 1) this.idOf[row] = 0;
    this.rowOf[id] = free;
    this.count -= 1;
    if (id < this.#freeFrom) this.#freeFrom = id;
    while (this.top > 0 && this.rowOf[this.top - 1] === free) this.top -= 1;
  }

  #grow(wanted: number): void {
    const length = Math.min(this.idOf.length, Math.max(wanted, 2 * this.rowOf.length));
    const rowOf = new Int16Array(length).fill(free);
    const serialOf = new Uint32Array(length);
    const sentAt = new Uint32Array(length);
    const ownerOf = new Int16Array(length);
    rowOf.set(this.rowOf);
    serialOf.set(this.serialOf);
    sentAt.set(this.sentAt);
    ownerOf.set(this.ownerOf);
    this.rowOf = rowOf;
    this.serialOf = serialOf;
    this.sentAt = sentAt;
    this.ownerOf = ownerOf;
  }
}
