/**
 * What a player of a room that ticks wants in one tick: a row of one of the contract's tables, as bytes.
 *
 * ```text
 * row = [n u32 le] [seen u32 le] fields…
 * ```
 * `n` counts a player's rows from 1 on; `seen` is the tick that was on the player's screen. Fields are those of the table
 * in their order, quantised as in `entities/`, each of so many bytes: every row of a contract is as long as any other. A
 * field called `seen` does not travel: the worker fills it.
 *
 * For a stick an i8 is better than a range: 0 is exactly there. A button is counted, not held: the client adds one for each
 * press, and a row that is repeated presses nothing.
 */
import { concatBytes } from "./bytes.ts";
import { ByteReader, malformed } from "./entities/id-set.ts";
import { quantiseAngle, quantiseRange, wireTables, angleOf, rangeValueOf, type WireField } from "./entities/layout.ts";
import type { TableField, TableLayout } from "./tables.ts";

/** The field that the worker fills with the tick that the player saw, clamped. */
export const seenField = "seen";

/** Fields of an input: a stick, an aim, some buttons. */
export const inputFieldsMax = 16;

export interface InputFormat {
  /** Without `seen`. */
  readonly fields: readonly WireField[];
  /** Bytes of a row's fields. */
  readonly length: number;
}

export interface InputRow {
  readonly n: number;
  readonly seen: number;
  /** Of the fields, as they lie in the table: numbers that a player's bytes can express and no others. */
  readonly values: readonly number[];
}

/** [n u32] [seen u32] */
export const inputHeaderLength = 8;

/** Rows in one message: after a stall that was longer than what waits, the oldest are of no use to anybody. */
export const inputRowsMax = 8;

const numbers: ReadonlySet<TableField["type"]> = new Set([
  "u8",
  "i8",
  "u16",
  "i16",
  "u32",
  "i32",
  "bool",
  "angle16",
  "range",
]);

/** Why a table cannot be an input; undefined if it can. What is infinite or no number cannot come from a player. */
export function inputProblem({ name, fields, audience, capacity }: TableLayout, seats: number): string | undefined {
  if (audience.who !== "nobody") return `${name} is what players want, and nobody is shown it: its audience is nobody`;
  if (capacity !== seats) return `${name} has a row for each seat: its capacity is players.max, ${seats}`;
  const travelling = fields.filter((field) => field.name !== seenField);
  if (travelling.length === 0 || travelling.length > inputFieldsMax)
    return `${name} has 1 to ${inputFieldsMax} fields besides ${seenField}`;
  const odd = travelling.find(({ type }) => !numbers.has(type));
  if (odd !== undefined) return `${name}.${odd.name} is ${odd.type}: use range, angle16, bool or whole numbers`;
  const seen = fields.find((field) => field.name === seenField);
  return seen === undefined || seen.type === "u32" ? undefined : `${name}.${seenField} is u32`;
}

/** The format of a contract's input; undefined if it has none. */
export function inputFormatOf({ input, tables }: ContractTables): InputFormat | undefined {
  const layout = tables.find(({ name }) => name === input);
  return layout && inputFormat(layout);
}

/** Of a manifest. */
export interface ContractTables {
  readonly tables: readonly TableLayout[];
  readonly input?: string;
}

export function inputFormat(layout: TableLayout): InputFormat {
  const [table] = wireTables([layout]);
  const fields = table!.fields.filter(({ name }) => name !== seenField);
  return { fields, length: fields.reduce((sum, { lengthMax }) => sum + lengthMax, 0) };
}

/** @param row values as a game has them: the nearest that a row can express are sent. */
export function encodeInputRow({ fields, length }: InputFormat, { n, seen, values }: InputRow): Uint8Array {
  const bytes = new Uint8Array(inputHeaderLength + length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, n, true);
  view.setUint32(4, seen, true);
  let at = inputHeaderLength;
  for (const [i, { field, lengthMax }] of fields.entries()) {
    const step = stepOf(field, values[i] ?? 0);
    for (let byte = 0; byte < lengthMax; byte++) bytes[at++] = (step >> (8 * byte)) & 0xff;
  }
  return bytes;
}

/** @throws ProtocolError "malformed". */
export function decodeInputRow(format: InputFormat, bytes: Uint8Array): InputRow {
  if (bytes.length !== inputHeaderLength + format.length) throw malformed("an input of another length");
  checkInputRow(format, bytes, 0);
  const reader = new ByteReader(bytes);
  const n = reader.unsigned(4);
  const seen = reader.unsigned(4);
  return { n, seen, values: format.fields.map(({ field, lengthMax }) => valueOf(field, reader.unsigned(lengthMax))) };
}

/**
 * Whether a row may begin here; its bytes are there.
 *
 * @throws ProtocolError "malformed".
 */
export function checkInputRow({ fields }: InputFormat, bytes: Uint8Array, start: number): void {
  if ((bytes[start]! | bytes[start + 1]! | bytes[start + 2]! | bytes[start + 3]!) === 0)
    throw malformed("inputs are counted from 1 on");
  let at = start + inputHeaderLength;
  for (let i = 0; i < fields.length; i++) {
    const { field, lengthMax, wire } = fields[i]!;
    let step = 0;
    for (let byte = lengthMax - 1; byte >= 0; byte--) step = step * 256 + bytes[at + byte]!;
    if (wire.kind === "unsigned" && step > wire.max) throw malformed(`${field.name} is out of range`);
    at += lengthMax;
  }
}

/** One message of rows, in their order. */
export function encodeInputRows(format: InputFormat, rows: readonly InputRow[]): Uint8Array {
  return concatBytes(...rows.map((row) => encodeInputRow(format, row)));
}

/**
 * How many rows a message has. What is in them is for `checkInputRow`.
 *
 * @throws ProtocolError "malformed".
 */
export function countInputRows({ length }: InputFormat, bytes: Uint8Array): number {
  const count = bytes.length / (inputHeaderLength + length);
  if (!Number.isInteger(count) || count === 0 || count > inputRowsMax) throw malformed("inputs of another length");
  return count;
}

/** What travels of a value: an unsigned number of as many bytes as the field has. */
export function stepOf(field: TableField, value: number): number {
  switch (field.type) {
    case "angle16":
      return quantiseAngle(value);
    case "range":
      return quantiseRange(value, field);
    case "bool":
      return value === 0 || Number.isNaN(value) ? 0 : 1;
    default:
      return Math.trunc(value) | 0;
  }
}

/** What lies in the table of what travelled. */
export function valueOf(field: TableField, step: number): number {
  switch (field.type) {
    case "angle16":
      // The table has an f32 there: what is predicted from it must be the same number.
      return Math.fround(angleOf(step));
    case "range":
      return Math.fround(rangeValueOf(step, field));
    case "i8":
      return (step << 24) >> 24;
    case "i16":
      return (step << 16) >> 16;
    case "i32":
      return step | 0;
    default:
      return step;
  }
}
