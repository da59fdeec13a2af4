/** Columns of rows by id, as a page reads them. */
import type { FieldValue } from "#protocol/entities/message.ts";
import type { WireTable } from "#protocol/entities/layout.ts";
import type { Rows } from "#contract/components.ts";
import type { ColumnsOf } from "./entities.ts";

export class TextsById {
  readonly #texts: string[] = [];

  get(id: number): string {
    return this.#texts[id] ?? "";
  }

  set(id: number, text: string): void {
    this.#texts[id] = text;
  }
}

export type Column = Float64Array | TextsById;

export const newColumn = (capacity: number, isText: boolean): Column =>
  isText ? new TextsById() : new Float64Array(capacity);

const utf8 = new TextDecoder();

export function put(column: Column, id: number, value: FieldValue): void {
  if (column instanceof TextsById) column.set(id, typeof value === "number" ? "" : utf8.decode(value));
  else column[id] = typeof value === "number" ? value : Number.NaN;
}

/** By the names of a component's fields. */
export const named = ({ fields }: WireTable, columns: readonly Column[]): ColumnsOf<Rows> =>
  Object.freeze(Object.fromEntries(fields.map(({ name }, field) => [name, columns[field]!]))) as ColumnsOf<Rows>;
