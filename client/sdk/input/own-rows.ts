/**
 * The player's own row of every component, told and predicted. From what the room says, exactly the input rows that it has
 * not used yet are done again. Pure: times go in.
 */
import type { TableLayout } from "#protocol/tables.ts";
import { betweenAngles, between, type Blend } from "../entities/past.ts";
import { blendOf } from "../entities/drawing.ts";
import type { PredictionErrors } from "./input.ts";
import { PredictorRows, type Predictor } from "./predictor.ts";

/** What a room has told of a player's own rows: of each table one value for each field, or that there is none. */
export type ToldRow = (table: number, field: number) => number;

/** A number of a row. */
interface Cell {
  readonly table: number;
  readonly field: number;
  /** Undefined if it changes at once. */
  readonly blend: Blend | undefined;
}

interface SentRow {
  readonly n: number;
  readonly values: readonly number[];
  /** Of every cell, after it. */
  readonly after: Float64Array;
}

/** Rows that may be on their way: a second at 60 Hz there and back. */
const unacknowledgedMax = 120;
/** What a correction has moved is shown bit by bit: after so long, two thirds of it. */
const easingMs = 80;
const noticeable = 1e-3;

export class OwnRows {
  readonly #rows: PredictorRows;
  readonly #tickMs: number;
  readonly #input: { readonly table: number; readonly fields: readonly number[] };
  readonly #cells: readonly Cell[];
  /** Cells of a position, by which errors are measured. */
  readonly #place: readonly number[];
  #owned: ReadonlySet<number> = new Set();
  #sent: SentRow[] = [];
  #before: Float64Array;
  #now: Float64Array;
  #steppedAt = 0;
  /** What is still to be made up for, by cell. */
  readonly #off: Float64Array;
  #offAt = 0;
  #active = false;
  #broken = false;
  #errors = { last: 0, sum: 0, max: 0, corrections: 0, compared: 0 };

  /**
   * @param input name of the input table.
   * @param fields of an input row, by name.
   */
  constructor(
    predictor: Predictor,
    layouts: readonly TableLayout[],
    { input, fields, hz }: { readonly input: string; readonly fields: readonly string[]; readonly hz: number },
  ) {
    this.#rows = new PredictorRows(predictor, layouts);
    this.#tickMs = 1000 / hz;
    const table = layouts.findIndex(({ name }) => name === input);
    const names = layouts[table]!.fields.map(({ name }) => name);
    this.#input = { table, fields: fields.map((name) => names.indexOf(name)) };
    this.#cells = layouts.flatMap(({ audience, fields: own }, index) =>
      audience.who === "nobody"
        ? []
        : own.flatMap(({ type }, field) => (type === "text" ? [] : [{ table: index, field, blend: blendOf(type) }])),
    );
    const placed = layouts.findIndex(({ position, audience }) => position !== null && audience.who !== "nobody");
    const place = layouts[placed]?.position?.map((name) =>
      layouts[placed]!.fields.findIndex((own) => own.name === name),
    );
    this.#place = place?.map((field) => this.#cellAt(placed, field)) ?? [];
    this.#before = new Float64Array(this.#cells.length);
    this.#now = new Float64Array(this.#cells.length);
    this.#off = new Float64Array(this.#cells.length);
  }

  get active(): boolean {
    return this.#active;
  }

  get errors(): PredictionErrors {
    const { last, sum, max, corrections, compared } = this.#errors;
    return { last, mean: compared === 0 ? 0 : sum / compared, max, corrections, compared };
  }

  /** A row was sent. */
  sent(n: number, values: readonly number[], now: number): void {
    if (this.#broken) return;
    if (this.#active) this.#step(values);
    this.#steppedAt = now;
    this.#sent.push({ n, values, after: this.#now });
    if (this.#sent.length > unacknowledgedMax) this.#sent.shift();
  }

  /**
   * The room has spoken, and has used rows up to `applied`.
   *
   * @param owned tables of which the player has a row. @param told of those.
   */
  told(applied: number, owned: ReadonlySet<number>, told: ToldRow, now: number): void {
    if (this.#broken) return;
    const was = this.#active;
    const drawn = was ? this.#cells.map((_, cell) => this.#drawn(cell, now)) : undefined;
    const told_ = Float64Array.from(this.#cells, ({ table, field }) => (owned.has(table) ? told(table, field) : 0));
    if (was && sameSet(owned, this.#owned)) this.#compare(this.#sent.find(({ n }) => n === applied)?.after, told_);
    this.#owned = owned;
    this.#active = owned.size > 0;
    this.#sent = this.#sent.filter(({ n }) => n > applied);
    if (!this.#active) return;
    this.#write(told_);
    this.#before = told_;
    this.#now = told_;
    for (const [i, { n, values }] of this.#sent.entries()) {
      if (!this.#step(values)) return;
      this.#sent[i] = { n, values, after: this.#now };
    }
    if (drawn !== undefined) this.#ease(drawn, now);
  }

  /** Another connection: what was sent on the last one is not asked for any more. */
  restart(): void {
    this.#sent = [];
    this.#active = false;
    this.#owned = new Set();
  }

  owns(table: number): boolean {
    return this.#active && this.#owned.has(table);
  }

  /** A number of the player's own row of this table, to be drawn now. */
  drawn(table: number, field: number, now: number): number {
    return this.#drawn(this.#cellAt(table, field), now);
  }

  #drawn(cell: number, now: number): number {
    const { blend } = this.#cells[cell]!;
    const to = this.#now[cell]!;
    if (blend === undefined) return to;
    const part = Math.min(1, Math.max(0, (now - this.#steppedAt) / this.#tickMs));
    return blend(this.#before[cell]!, to, part) + this.#off[cell]! * this.#easing(now);
  }

  #easing(now: number): number {
    return Math.exp(-(now - this.#offAt) / easingMs);
  }

  #ease(drawn: readonly number[], now: number): void {
    const before = this.#off.slice();
    this.#off.fill(0);
    for (const [cell, { blend }] of this.#cells.entries()) {
      if (blend === undefined) continue;
      const off = drawn[cell]! - this.#drawn(cell, now);
      before[cell] = blend === betweenAngles ? betweenAngles(0, off, 1) : off;
    }
    this.#off.set(before);
    this.#offAt = now;
  }

  #write(values: Float64Array): void {
    for (const table of new Set(this.#cells.map((cell) => cell.table)))
      this.#rows.setLive(table, this.#owned.has(table));
    this.#cells.forEach(({ table, field }, cell) => this.#rows.write(table, field, values[cell]!));
  }

  /** Returns whether it went well; if not, nothing is predicted any more. */
  #step(values: readonly number[]): boolean {
    const { table, fields } = this.#input;
    this.#before = this.#now;
    try {
      fields.forEach((field, i) => this.#rows.write(table, field, values[i]!));
      this.#rows.step();
      this.#now = Float64Array.from(this.#cells, (cell) => this.#rows.read(cell.table, cell.field));
      return true;
    } catch {
      this.#broken = true;
      this.#active = false;
      return false;
    }
  }

  #compare(predicted: Float64Array | undefined, told: Float64Array): void {
    if (predicted === undefined) return;
    const difference = (cell: number): number => {
      const { blend = between } = this.#cells[cell]!;
      return blend(0, told[cell]! - predicted[cell]!, 1);
    };
    const error =
      this.#place.length > 0
        ? Math.hypot(...this.#place.map(difference))
        : Math.max(0, ...this.#cells.map((_, cell) => Math.abs(difference(cell))));
    const errors = this.#errors;
    errors.last = error;
    errors.sum += error;
    errors.max = Math.max(errors.max, error);
    errors.compared += 1;
    if (error > noticeable) errors.corrections += 1;
  }

  #cellAt(table: number, field: number): number {
    return this.#cells.findIndex((cell) => cell.table === table && cell.field === field);
  }
}

const sameSet = (one: ReadonlySet<number>, other: ReadonlySet<number>): boolean =>
  one.size === other.size && [...one].every((item) => other.has(item));
