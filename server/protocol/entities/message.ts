/**
 * What one viewer is told of a room's rows at one boundary, as bytes and as an object. README.md has the layout.
 *
 * The worker writes the same bytes without making objects (`server/enclave/room/entities/`); this encoder is what it is
 * compared with.
 */
import { isUtf8 } from "../utf8.ts";
import { ByteReader, idSetLength, malformed, writeIdSet } from "./id-set.ts";
import { angleOf, quantiseAngle, quantiseRange, rangeValueOf, type WireField, type WireTable } from "./layout.ts";

/** First byte of every message; another layout has another. */
export const entitiesVersion = 3;
/** The same with an acknowledgement in the header. */
export const acknowledgedVersion = 4;

/** [version u8] [tick u32] */
export const entitiesHeaderLength = 5;
/** [version u8] [tick u32] [applied u32] [ahead u8] */
export const acknowledgedHeaderLength = 10;

/** Parts of a tick in which an acknowledgement says how early a row came. */
export const aheadUnits = 32;
export const aheadMax = 255;

/** What became of a player's own input rows. */
export interface Acknowledgement {
  /** Number of the newest that the room has used; 0 before the first. */
  readonly applied: number;
  /** How long the one that the last tick used had waited for it, in `aheadUnits` of a tick, up to `aheadMax`; 0 if it found none. */
  readonly ahead: number;
}

/** Which sections a block has, in their order. */
export const parts = { leaves: 1, enters: 2, updates: 4, mine: 8 } as const;
export const allParts = parts.leaves | parts.enters | parts.updates | parts.mine;

/** One field's value: a number, or the bytes of a text. */
export type FieldValue = number | Uint8Array;

export interface EnteredRow {
  readonly id: number;
  /** One for each field of the table. */
  readonly values: readonly FieldValue[];
}

export interface UpdatedRow {
  readonly id: number;
  /** Bit i: field i is among the values. Not 0. */
  readonly mask: number;
  /** Of the fields in the mask, in their order. */
  readonly values: readonly FieldValue[];
}

/** What changed in one table. Leaves come first: an id that leaves may be given out again by an enter. */
export interface EntityBlock {
  readonly table: number;
  readonly leaves: readonly number[];
  readonly enters: readonly EnteredRow[];
  readonly updates: readonly UpdatedRow[];
  /** All rows of this table that the viewer sees and owns, after this message; undefined if they are the same as before. */
  readonly mine?: readonly number[];
}

export interface EntitiesBody {
  readonly tick: number;
  /** To players in rooms that take inputs. */
  readonly acknowledged?: Acknowledgement;
  readonly blocks: readonly EntityBlock[];
}

/** Values are quantised as the worker does. @param tables of the manifest. */
export function encodeEntities({ tick, acknowledged, blocks }: EntitiesBody, tables: readonly WireTable[]): Uint8Array {
  const header = acknowledged === undefined ? entitiesHeaderLength : acknowledgedHeaderLength;
  const bytes = new Uint8Array(header + blocks.reduce((sum, block) => sum + blockMax(block, tables), 0));
  const view = new DataView(bytes.buffer);
  bytes[0] = acknowledged === undefined ? entitiesVersion : acknowledgedVersion;
  view.setUint32(1, tick, true);
  if (acknowledged !== undefined) {
    view.setUint32(entitiesHeaderLength, acknowledged.applied, true);
    bytes[acknowledgedHeaderLength - 1] = acknowledged.ahead;
  }
  let at = header;
  for (const { table: index, leaves, enters, updates, mine } of blocks) {
    const table = tables[index]!;
    bytes[at++] = index;
    bytes[at++] =
      (leaves.length > 0 ? parts.leaves : 0) |
      (enters.length > 0 ? parts.enters : 0) |
      (updates.length > 0 ? parts.updates : 0) |
      (mine === undefined ? 0 : parts.mine);
    if (leaves.length > 0) at = writeIdSet(bytes, at, leaves, leaves.length);
    if (enters.length > 0) at = writeIdSet(bytes, at, idsOf(enters), enters.length);
    for (const { values } of enters) table.fields.forEach((field, i) => (at = writeField(view, at, field, values[i]!)));
    if (updates.length > 0) at = writeIdSet(bytes, at, idsOf(updates), updates.length);
    const repeats = at;
    at += repeatsLength(updates.length);
    updates.forEach(({ mask, values }, i) => {
      if (mask === updates[i - 1]?.mask) setRepeat(bytes, repeats, i);
      else for (let byte = 0; byte < table.maskBytes; byte++) bytes[at++] = mask >>> (8 * byte);
      const fields = table.fields.filter((_, field) => (mask & (1 << field)) !== 0);
      fields.forEach((field, value) => (at = writeField(view, at, field, values[value]!)));
    });
    if (mine !== undefined) at = writeIdSet(bytes, at, mine, mine.length);
  }
  return bytes.slice(0, at);
}

/** Bytes of the bits that say which of so many updates have the mask of the one before. The first has none before it. */
export const repeatsLength = (updates: number): number => (updates + 6) >> 3;

/** Says so of update `i`. The bits were 0. @param repeats where they are. */
export function setRepeat(bytes: Uint8Array, repeats: number, i: number): void {
  bytes[repeats + ((i - 1) >> 3)]! |= 1 << ((i - 1) & 7);
}

const idsOf = (rows: readonly { readonly id: number }[]): number[] => rows.map(({ id }) => id);

function blockMax({ table: index, leaves, enters, updates, mine }: EntityBlock, tables: readonly WireTable[]): number {
  const { rowMax, maskBytes } = tables[index]!;
  const sets = [leaves, idsOf(enters), idsOf(updates), mine ?? []].map((ids) => idSetLength(ids, ids.length));
  const bits = repeatsLength(updates.length);
  return (
    2 + sets.reduce((sum, length) => sum + length) + bits + (enters.length + updates.length) * (rowMax + maskBytes)
  );
}

function writeField(view: DataView, at: number, { field, wire }: WireField, value: FieldValue): number {
  if (typeof value !== "number") {
    view.setUint8(at, value.length);
    new Uint8Array(view.buffer).set(value, at + 1);
    return at + 1 + value.length;
  }
  if (wire.kind === "float") {
    if (wire.bytes === 4) view.setFloat32(at, value, true);
    else view.setFloat64(at, value, true);
    return at + wire.bytes;
  }
  const bytes = wire.kind === "text" ? 0 : wire.bytes;
  const whole =
    field.type === "angle16" ? quantiseAngle(value) : field.type === "range" ? quantiseRange(value, field) : value;
  for (let i = 0; i < bytes; i++) view.setUint8(at + i, whole >> (8 * i));
  return at + bytes;
}

/**
 * Strict: there is one encoding for each message.
 *
 * @throws ProtocolError "malformed" for anything that is not one. Whether ids are known is for whoever keeps the rows.
 */
export function decodeEntities(bytes: Uint8Array, tables: readonly WireTable[]): EntitiesBody {
  const reader = new ByteReader(bytes);
  const version = reader.u8();
  if (version !== entitiesVersion && version !== acknowledgedVersion) throw malformed("another version");
  const tick = reader.unsigned(4);
  const acknowledged = version === entitiesVersion ? undefined : { applied: reader.unsigned(4), ahead: reader.u8() };
  const blocks: EntityBlock[] = [];
  const seen = new Set<number>();
  while (!reader.done) {
    const block = readBlock(reader, tables);
    if (seen.has(block.table)) throw malformed("a table twice");
    seen.add(block.table);
    blocks.push(block);
  }
  return { tick, ...(acknowledged === undefined ? {} : { acknowledged }), blocks };
}

function readBlock(reader: ByteReader, tables: readonly WireTable[]): EntityBlock {
  const table = tables[reader.u8()];
  if (table === undefined || !table.shown) throw malformed("a table that nobody sees");
  const has = reader.u8();
  if (has === 0 || (has & ~allParts) !== 0) throw malformed("parts that there are not");
  const some = (part: number): number[] => {
    if ((has & part) === 0) return [];
    const ids = reader.idSet(table.capacity);
    if (ids.length === 0) throw malformed("an empty part");
    return ids;
  };
  const leaves = some(parts.leaves);
  const enters = some(parts.enters).map((id) => ({
    id,
    values: table.fields.map((field) => readField(reader, field)),
  }));
  const updates = readUpdates(reader, table, some(parts.updates));
  const mine = (has & parts.mine) === 0 ? undefined : reader.idSet(table.capacity);
  return { table: table.index, leaves, enters, updates, ...(mine === undefined ? {} : { mine }) };
}

function readUpdates(reader: ByteReader, { fields, maskBytes }: WireTable, ids: readonly number[]): UpdatedRow[] {
  const repeats = reader.bits(Math.max(0, ids.length - 1));
  let mask = 0;
  return ids.map((id, i) => {
    if (i === 0 || !repeats(i - 1)) {
      const own = reader.unsigned(maskBytes);
      if (own === 0 || own >= 2 ** fields.length || (own | 0) === mask) throw malformed("a mask");
      mask = own | 0;
    }
    const values: FieldValue[] = [];
    fields.forEach((field, bit) => {
      if ((mask & (1 << bit)) !== 0) values.push(readField(reader, field));
    });
    return { id, mask, values };
  });
}

function readField(reader: ByteReader, { field, wire }: WireField): FieldValue {
  if (wire.kind === "text") {
    const length = reader.u8();
    if (length > wire.max) throw malformed("a text that is too long");
    const at = reader.skip(length);
    const text = reader.bytes.subarray(at, at + length);
    if (text.includes(0) || !isUtf8(reader.bytes, at, at + length)) throw malformed("no text");
    return text;
  }
  if (wire.kind === "float") {
    const at = reader.skip(wire.bytes);
    const view = new DataView(reader.bytes.buffer, reader.bytes.byteOffset + at, wire.bytes);
    return wire.bytes === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
  }
  const whole = reader.unsigned(wire.bytes);
  if (wire.kind === "signed") return whole >= 2 ** (8 * wire.bytes - 1) ? whole - 2 ** (8 * wire.bytes) : whole;
  if (whole > wire.max) throw malformed("a number beyond its range");
  if (field.type === "angle16") return angleOf(whole);
  return field.type === "range" ? rangeValueOf(whole, field) : whole;
}
