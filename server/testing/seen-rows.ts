/** The rows that one client sees, as its messages add up to them. */
import { decodeEntities, type Acknowledgement, type FieldValue } from "#protocol/entities/message.ts";
import type { WireTable } from "#protocol/entities/layout.ts";

/** One row: its fields by name, quantised as they were sent. */
export interface SeenRow {
  readonly [field: string]: number | string;
}

export class SeenRows {
  readonly #tables: readonly WireTable[];
  readonly #rows: Map<number, Record<string, number | string>>[];
  /** What became of this client's own input rows; undefined before it was told. */
  acknowledged: Acknowledgement | undefined;

  constructor(tables: readonly WireTable[]) {
    this.#tables = tables;
    this.#rows = tables.map(() => new Map());
  }

  /** By id, ascending. @throws TypeError if the contract has no component of that name. */
  of(component: string): readonly SeenRow[] {
    const index = this.#tables.findIndex(({ name }) => name === component);
    if (index === -1) throw new TypeError(`there is no component ${component}`);
    return [...this.#rows[index]!].sort(([a], [b]) => a - b).map(([, row]) => row);
  }

  clear(): void {
    for (const rows of this.#rows) rows.clear();
    this.acknowledged = undefined;
  }

  take(body: Uint8Array): void {
    const { acknowledged, blocks } = decodeEntities(body, this.#tables);
    this.acknowledged = acknowledged ?? this.acknowledged;
    for (const { table, leaves, enters, updates } of blocks) {
      const { fields } = this.#tables[table]!;
      const rows = this.#rows[table]!;
      for (const id of leaves) rows.delete(id);
      for (const { id, values } of enters) {
        rows.set(id, Object.fromEntries(fields.map(({ name }, i) => [name, plain(values[i]!)])));
      }
      for (const { id, mask, values } of updates) {
        let next = 0;
        fields.forEach(({ name }, i) => {
          if ((mask & (1 << i)) !== 0) rows.get(id)![name] = plain(values[next++]!);
        });
      }
    }
  }
}

const plain = (value: FieldValue): number | string =>
  typeof value === "number" ? value : new TextDecoder().decode(value);
