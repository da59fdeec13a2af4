/** The rows of one table between two boundaries, for a page that draws them more often than the room ticks. */
import type { WireTable } from "#protocol/entities/layout.ts";
import type { Rows } from "#contract/components.ts";
import { named, type Column } from "./columns.ts";
import type { ColumnsOf } from "./entities.ts";
import { between, betweenAngles, Past, type Blend } from "./past.ts";

interface Moving {
  readonly field: number;
  readonly told: Float64Array;
  readonly drawn: Float64Array;
}

/** A row that is not drawn as it was told, but where the player is already. */
export interface Ahead {
  readonly id: number;
  readonly value: (field: number) => number;
}

export class Drawing {
  /** The columns that are in between, among those that the room tells of. */
  readonly #moving: readonly Moving[];
  readonly #past: Past;
  readonly #columns: ColumnsOf<Rows>;
  #tick: number | undefined;

  /** @param ids of the rows that are there already. */
  constructor(table: WireTable, columns: readonly Column[], spacingMax: number, ids: readonly number[], tick: number) {
    const blends: Blend[] = [];
    const moving: Moving[] = [];
    const all = columns.map((told, i): Column => {
      const blend = blendOf(table.fields[i]!.field.type);
      if (blend === undefined || !(told instanceof Float64Array)) return told;
      const drawn = new Float64Array(table.capacity);
      blends.push(blend);
      moving.push({ field: i, told, drawn });
      return drawn;
    });
    this.#moving = moving;
    this.#past = new Past(table.capacity, blends, spacingMax);
    this.#columns = named(table, all);
    for (const id of ids) this.change(id, tick);
  }

  enter(id: number, tick: number): void {
    this.#past.forget(id);
    this.change(id, tick);
  }

  change(id: number, tick: number): void {
    this.#past.add(id, tick, (number) => this.#moving[number]!.told[id]!);
  }

  /** The columns at a tick, with fractions. */
  at(tick: number, ids: readonly number[], ahead?: Ahead): ColumnsOf<Rows> {
    const elapsed = this.#tick === undefined ? 0 : Math.max(0, tick - this.#tick);
    this.#tick = tick;
    for (const id of ids) {
      this.#past.read(id, tick, elapsed, (number, value) => (this.#moving[number]!.drawn[id] = value));
    }
    if (ahead !== undefined) {
      for (const { field, drawn } of this.#moving) drawn[ahead.id] = ahead.value(field);
    }
    return this.#columns;
  }
}

/** How a field's value moves; undefined if it changes at once. */
export function blendOf(type: WireTable["fields"][number]["field"]["type"]): Blend | undefined {
  if (type === "angle16") return betweenAngles;
  return type === "f32" || type === "f64" || type === "range" ? between : undefined;
}
