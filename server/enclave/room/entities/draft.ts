/**
 * One table's block before it is written: which ids leave, which rows come, which ids have news. Reused for every viewer.
 *
 * What comes at once is ordered by what is sent of it, then by how long it has been there, never by where it lies: the
 * order of ids must not tell what else there is.
 */
import { parts, repeatsLength, setRepeat } from "#protocol/entities/message.ts";
import { writeIdSet } from "#protocol/entities/id-set.ts";
import type { KnownRows } from "./known-rows.ts";
import type { Records } from "./records.ts";
import type { TableRows } from "./table-rows.ts";

/** Bytes of one id in a set, at most, and of the bit that says whether a mask repeats. */
export const idMax = 3;
/** Of what else a block consists of. */
export const blockOverhead = 16;

export class Draft {
  readonly leaves: Uint16Array;
  leaveCount = 0;
  /** Rows; ids once they have some. */
  readonly enters: Uint16Array;
  enterCount = 0;
  readonly updates: Uint16Array;
  updateCount = 0;
  /** Something was left out for want of room. */
  left = false;
  readonly #table: TableRows;
  readonly #records: Records;
  readonly #ids: Uint16Array;
  readonly #keys: Float64Array;

  constructor(table: TableRows, records: Records) {
    const { capacity } = table.wire;
    this.#table = table;
    this.#records = records;
    this.leaves = new Uint16Array(capacity);
    this.enters = new Uint16Array(capacity);
    this.updates = new Uint16Array(capacity);
    this.#ids = new Uint16Array(capacity);
    this.#keys = new Float64Array(capacity);
  }

  begin(): void {
    this.leaveCount = 0;
    this.enterCount = 0;
    this.updateCount = 0;
    this.left = false;
  }

  get empty(): boolean {
    return this.leaveCount + this.enterCount + this.updateCount === 0;
  }

  /** Keeps as many leaves as there is room for. Returns the room that is left. */
  fitLeaves(room: number): number {
    const fit = Math.max(0, Math.floor((room - blockOverhead) / idMax));
    if (this.leaveCount > fit) {
      this.leaveCount = fit;
      this.left = true;
    }
    return room - idMax * this.leaveCount;
  }

  /**
   * Orders the rows that come, and keeps as many of them and of the updates as there is room for: own rows first.
   *
   * @param shared where the rows' ids are given by it, they come in the order of those.
   */
  fitRows(room: number, known: KnownRows, seat: number, look: number, shared?: KnownRows): void {
    for (let i = 0; i < this.enterCount; i++) this.#records.makeWhole(this.enters[i]!, look);
    if (shared === undefined) this.#sortEnters(seat);
    else this.enters.subarray(0, this.enterCount).sort((a, b) => shared.idOf[a]! - shared.idOf[b]!);
    const { rowMax, maskBytes } = this.#table.wire;
    const most = (this.enterCount + this.updateCount) * (idMax + maskBytes + rowMax);
    if (blockOverhead + most <= room) return;
    const free = Math.max(0, room - blockOverhead);
    const forUpdates = this.updateCount === 0 ? 0 : this.enterCount === 0 ? free : free >> 1;
    const used = this.#keepUpdates(forUpdates, known, seat, look);
    this.#keepEnters(free - used);
  }

  /** The longest-waiting updates that fit, own rows before others. Returns their bytes. */
  #keepUpdates(room: number, known: KnownRows, seat: number, look: number): number {
    const keys = this.#keys.subarray(0, this.updateCount);
    for (let i = 0; i < this.updateCount; i++) {
      const id = this.updates[i]!;
      const age = Math.min(look - known.sentAt[id]!, 0xf_ffff);
      const own = known.ownerOf[id] === seat && seat !== -1;
      keys[i] = ((own ? 0 : 0x10_0000) + (0xf_ffff - age)) * 0x1_0000 + id;
    }
    keys.sort();
    let used = 0;
    let kept = 0;
    for (; kept < keys.length; kept++) {
      const id = keys[kept]! % 0x1_0000;
      const at = this.#records.update(known.rowOf[id]!, look, known.sentAt[id]!);
      const length = idMax + this.#records.updateEnd - at;
      if (used + length > room) break;
      used += length;
      this.updates[kept] = id;
    }
    if (kept < keys.length) this.left = true;
    this.updateCount = kept;
    this.updates.subarray(0, kept).sort();
    return used;
  }

  #keepEnters(room: number): void {
    let used = 0;
    for (let i = 0; i < this.enterCount; i++) {
      const row = this.enters[i]!;
      used += idMax + this.#records.wholeEnd(row) - this.#records.wholeAt(row);
      if (used <= room) continue;
      this.enterCount = i;
      this.left = true;
    }
  }

  /** Own rows, then by bytes, then by age. */
  #sortEnters(seat: number): void {
    const { enters, enterCount } = this;
    // Few, nearly always: insertion, without a closure and without a copy.
    if (enterCount > 48) {
      enters.subarray(0, enterCount).sort((a, b) => this.#compare(a, b, seat));
      return;
    }
    for (let i = 1; i < enterCount; i++) {
      const row = enters[i]!;
      let at = i;
      for (; at > 0 && this.#compare(enters[at - 1]!, row, seat) > 0; at--) enters[at] = enters[at - 1]!;
      enters[at] = row;
    }
  }

  #compare(a: number, b: number, seat: number): number {
    const { owner, bornAt } = this.#table;
    if (seat !== -1 && (owner[a] === seat) !== (owner[b] === seat)) return owner[a] === seat ? -1 : 1;
    const { bytes } = this.#records;
    const startA = this.#records.wholeAt(a);
    const startB = this.#records.wholeAt(b);
    const lengthA = this.#records.wholeEnd(a) - startA;
    const lengthB = this.#records.wholeEnd(b) - startB;
    for (let i = 0; i < lengthA && i < lengthB; i++) {
      const difference = bytes[startA + i]! - bytes[startB + i]!;
      if (difference !== 0) return difference;
    }
    return lengthA - lengthB || bornAt[a]! - bornAt[b]! || a - b;
  }

  /** Ids of the rows that come. They ascend. */
  setEnterId(i: number, id: number): void {
    this.#ids[i] = id;
  }

  /**
   * Writes the block. There is room for it. Returns where the next byte goes.
   *
   * @param known after the leaves and enters of this block.
   */
  write(into: Uint8Array, view: DataView, start: number, known: KnownRows, look: number): number {
    let at = start;
    into[at++] = this.#table.wire.index;
    into[at++] =
      (this.leaveCount > 0 ? parts.leaves : 0) |
      (this.enterCount > 0 ? parts.enters : 0) |
      (this.updateCount > 0 ? parts.updates : 0);
    if (this.leaveCount > 0) at = writeIdSet(into, at, this.leaves, this.leaveCount);
    if (this.enterCount > 0) at = this.#writeEnters(into, view, at);
    if (this.updateCount > 0) at = this.#writeUpdates(into, view, at, known, look);
    return at;
  }

  #writeEnters(into: Uint8Array, view: DataView, start: number): number {
    let at = writeIdSet(into, start, this.#ids, this.enterCount);
    const from = this.#records.view;
    for (let i = 0; i < this.enterCount; i++) {
      const row = this.enters[i]!;
      at = copy(from, this.#records.wholeAt(row), this.#records.wholeEnd(row), view, at);
    }
    return at;
  }

  #writeUpdates(into: Uint8Array, view: DataView, start: number, known: KnownRows, look: number): number {
    const records = this.#records;
    const { look: madeAt, at: starts, end: ends } = records.changes;
    const { changed, changedBefore } = this.#table;
    const { updates, updateCount } = this;
    const { rowOf, sentAt } = known;
    let { view: from } = records;
    const { maskBytes } = this.#table.wire;
    const repeats = writeIdSet(into, start, updates, updateCount);
    let at = repeats + repeatsLength(updateCount);
    into.fill(0, repeats, at);
    // No mask is 0.
    let before = 0;
    for (let i = 0; i < updateCount; i++) {
      const id = updates[i]!;
      const row = rowOf[id]!;
      const since = sentAt[id]!;
      sentAt[id] = look;
      let mask = changed[row]!;
      let begin = starts[row]!;
      let end = ends[row]!;
      // Nearly never; the same as `update` would find.
      if (madeAt[row] !== look || changedBefore[row]! > since) {
        begin = records.update(row, look, since);
        end = records.updateEnd;
        mask = records.updateMask;
        // Making a record may have moved all of them to a larger buffer.
        from = records.view;
      }
      if (mask === before) {
        setRepeat(into, repeats, i);
        begin += maskBytes;
      }
      before = mask;
      at = copy(from, begin, end, view, at);
    }
    return at;
  }
}

/** In words: a few bytes beyond the end are copied too, and overwritten by what comes next. */
function copy(from: DataView, start: number, end: number, into: DataView, at: number): number {
  const next = at + end - start;
  for (; start < end; start += 4, at += 4) into.setUint32(at, from.getUint32(start, true), true);
  return next;
}
