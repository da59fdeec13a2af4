/** A legal input row of a contract that nothing is known of but its manifest. */
import type { InputFormat } from "#protocol/input-row.ts";
import type { TableField } from "#protocol/tables.ts";

/** @param chance from 0 up to but not including 1. */
export const randomRow = ({ fields }: InputFormat, chance: () => number): number[] =>
  fields.map(({ field }) => randomValue(field, chance()));

function randomValue(field: TableField, chance: number): number {
  switch (field.type) {
    case "range":
      return field.min + chance * (field.max - field.min);
    case "angle16":
      return chance * 2 * Math.PI;
    case "bool":
      return chance < 0.5 ? 0 : 1;
    case "i8":
    case "i16":
    case "i32":
      return Math.floor((chance - 0.5) * 2 ** bitsOf(field.type));
    default:
      return Math.floor(chance * 2 ** bitsOf(field.type));
  }
}

const bitsOf = (type: string): number => Number(/\d+$/.exec(type)?.[0] ?? 8);
