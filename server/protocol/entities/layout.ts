/**
 * What of a table travels, and in how many bits: the same on both ends, from the layouts of a manifest alone.
 *
 * `live`, `generation` and `owner` never travel. Which rows are a viewer's own is said by a list of ids; see README.md.
 */
import type { TableField, TableLayout } from "../tables.ts";

/** How one field of a row is written. Numbers are little-endian and already quantised. */
export type WireKind =
  /** So many bytes of an unsigned number. */
  | { readonly kind: "unsigned"; readonly bytes: 1 | 2 | 3 | 4; readonly max: number }
  /** Two's complement. */
  | { readonly kind: "signed"; readonly bytes: 1 | 2 | 4 }
  | { readonly kind: "float"; readonly bytes: 4 | 8 }
  /** A length in one byte, then so many bytes of UTF-8 without a zero among them. */
  | { readonly kind: "text"; readonly max: number };

export interface WireField {
  readonly name: string;
  readonly field: TableField;
  readonly wire: WireKind;
  /** Bytes on the wire; of text, the most. */
  readonly lengthMax: number;
}

export interface WireTable {
  /** Its place among the tables of the manifest. */
  readonly index: number;
  readonly name: string;
  /** Ids are below this. */
  readonly capacity: number;
  readonly fields: readonly WireField[];
  /** Bytes of a mask that has one bit for each field. */
  readonly maskBytes: number;
  /** Longest row. */
  readonly rowMax: number;
  /** Whether anybody may ever see a row of it. */
  readonly shown: boolean;
}

export const wireTables = (layouts: readonly TableLayout[]): readonly WireTable[] => layouts.map(wireTable);

function wireTable({ name, capacity, fields, audience }: TableLayout, index: number): WireTable {
  const wired = fields.map((field): WireField => {
    const wire = wireKind(field);
    return { name: field.name, field, wire, lengthMax: wire.kind === "text" ? 1 + wire.max : wire.bytes };
  });
  return {
    index,
    name,
    capacity,
    fields: wired,
    maskBytes: Math.ceil(fields.length / 8),
    rowMax: wired.reduce((sum, { lengthMax }) => sum + lengthMax, 0),
    shown: audience.who !== "nobody",
  };
}

function wireKind(field: TableField): WireKind {
  switch (field.type) {
    case "bool":
      return { kind: "unsigned", bytes: 1, max: 1 };
    case "u8":
      return { kind: "unsigned", bytes: 1, max: 0xff };
    case "u16":
    case "angle16":
      return { kind: "unsigned", bytes: 2, max: 0xffff };
    case "u32":
      return { kind: "unsigned", bytes: 4, max: 0xffff_ffff };
    case "i8":
      return { kind: "signed", bytes: 1 };
    case "i16":
      return { kind: "signed", bytes: 2 };
    case "i32":
      return { kind: "signed", bytes: 4 };
    case "f32":
      return { kind: "float", bytes: 4 };
    case "f64":
      return { kind: "float", bytes: 8 };
    case "range":
      return { kind: "unsigned", bytes: Math.ceil(field.bits / 8) as 1 | 2 | 3, max: 2 ** field.bits - 1 };
    case "text":
      return { kind: "text", max: field.bytes };
  }
}

/** A full turn, in steps of `angle16`. */
const turn = 65_536;

/** The nearest step; where there is no angle (NaN, infinity) it is 0. */
export const quantiseAngle = (radians: number): number => Math.round((radians / (2 * Math.PI)) * turn) & 0xffff;

/** From -π up to but not including π. */
export const angleOf = (steps: number): number => ((steps >= turn / 2 ? steps - turn : steps) * 2 * Math.PI) / turn;

interface Range {
  readonly min: number;
  readonly max: number;
  readonly bits: number;
}

/** The nearest step; what is outside of the range counts as its nearer end, and what is no number as `min`. */
export function quantiseRange(value: number, { min, max, bits }: Range): number {
  const steps = 2 ** bits - 1;
  const step = Math.round(((value - min) / (max - min)) * steps);
  // Not `Math.min`: a comparison with NaN is false.
  return step > 0 ? (step < steps ? step : steps) : 0;
}

export const rangeValueOf = (step: number, { min, max, bits }: Range): number =>
  min + ((max - min) * step) / (2 ** bits - 1);
