/** Sends what a player wants, one row a tick, and keeps the player's own rows ahead of the room. */
import { encodeInputRows, decodeInputRow, encodeInputRow, inputFormat, type InputFormat } from "#protocol/input-row.ts";
import { inputProblem, type InputRow } from "#protocol/input-row.ts";
import { aheadUnits, type Acknowledgement } from "#protocol/entities/message.ts";
import type { TableLayout } from "#protocol/tables.ts";
import type { Row, Rows } from "#contract/components.ts";
import type { Input, InputFigures, Prediction } from "./input.ts";
import { OwnRows, type ToldRow } from "./own-rows.ts";
import { Pace } from "./pace.ts";
import type { Predictor } from "./predictor.ts";

export interface SenderSetup {
  /** Of all components, as a manifest has them. */
  readonly layouts: readonly TableLayout[];
  /** Name of the input table. */
  readonly table: string;
  readonly hz: number;
  readonly predictor?: Predictor | undefined;
  /** The place of a component among the layouts, and its name for fields. */
  readonly indexOf: (component: Rows) => number;
  /** Monotonic, in ms. */
  readonly now: () => number;
  readonly after: (ms: number, work: () => void) => () => void;
  /** Whether the room goes on, and hears us. */
  readonly running: () => boolean;
  /** The tick that is on the player's screen. */
  readonly seen: () => number;
  readonly send: (rows: Uint8Array) => void;
}

export class InputSender implements Input {
  readonly #setup: SenderSetup;
  readonly #format: InputFormat;
  readonly #pace: Pace;
  readonly #own: OwnRows | undefined;
  readonly prediction: Prediction | undefined;
  readonly #values: number[];
  /** Fields that count presses. */
  readonly #counted = new Set<number>();
  #sent = 0;
  #applied = 0;
  #ahead = 0;
  #cancel: (() => void) | undefined;

  /** @throws TypeError if this component cannot be an input, or the predictor is another contract's. */
  constructor(setup: SenderSetup) {
    const { layouts, table, hz, predictor } = setup;
    const layout = layouts.find(({ name }) => name === table)!;
    const problem = inputProblem(layout, layout.capacity);
    if (problem !== undefined) throw new TypeError(`no input: ${problem}`);
    this.#setup = setup;
    this.#format = inputFormat(layout);
    this.#pace = new Pace(hz);
    this.#values = this.#format.fields.map(() => 0);
    if (predictor === undefined) return;
    const own = (this.#own = ownRows(predictor, layouts, table, hz, this.#format));
    this.prediction = predictionOf(own, setup);
  }

  set(wanted: { readonly [field: string]: number }): void {
    for (const [name, value] of Object.entries(wanted)) this.#values[this.#fieldAt(name)] = value;
  }

  press(field: string): void {
    const at = this.#fieldAt(field);
    const { wire } = this.#format.fields[at]!;
    const most = wire.kind === "unsigned" ? wire.max : 127;
    this.#counted.add(at);
    this.#values[at] = (this.#values[at]! % most) + 1;
  }

  /** Begins, or goes on. */
  start(): void {
    if (this.#cancel !== undefined) return;
    this.#pace.restart();
    this.#wait();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  get figures(): InputFigures {
    return { sent: this.#sent, applied: this.#applied, ahead: this.#ahead, missed: this.#pace.missed };
  }

  /** What is predicted of the player's own rows; undefined if nothing is. */
  get own(): OwnRows | undefined {
    return this.#own;
  }

  /** The room has spoken. @param owned tables with a row of the player's own. */
  told(tick: number, { applied, ahead }: Acknowledgement, owned: ReadonlySet<number>, told: ToldRow): void {
    this.#applied = applied;
    this.#ahead = ahead / aheadUnits;
    this.#pace.acknowledged(tick, applied, this.#ahead, this.#sent);
    this.#own?.told(applied, owned, told, this.#setup.now());
  }

  /** On a new connection rows and presses are counted from the start. */
  reconnected(): void {
    this.#sent = 0;
    this.#applied = 0;
    this.#ahead = 0;
    for (const field of this.#counted) this.#values[field] = 0;
    this.#pace.restart();
    this.#own?.restart();
  }

  #wait(): void {
    const { now, after } = this.#setup;
    this.#cancel = after(Math.max(1, this.#pace.dueAt(now()) - now()), () => {
      this.#send();
      this.#wait();
    });
  }

  #send(): void {
    const { running, now, seen, send } = this.#setup;
    if (!running()) {
      this.#pace.restart();
      // Looked at again a tick later.
      this.#pace.take(now());
      return;
    }
    const count = this.#pace.take(now());
    if (count === 0) return;
    const rows: InputRow[] = [];
    for (let i = 0; i < count; i++) {
      // As the room will read it: what is predicted with is what is used there.
      const row = { n: this.#sent + 1 + i, seen: Math.max(0, Math.floor(seen())), values: this.#values };
      rows.push(decodeInputRow(this.#format, encodeInputRow(this.#format, row)));
    }
    this.#sent += count;
    for (const { n, values } of rows) this.#own?.sent(n, values, now());
    send(encodeInputRows(this.#format, rows));
  }

  /** @throws TypeError. */
  #fieldAt(name: string): number {
    const at = this.#format.fields.findIndex((field) => field.name === name);
    if (at === -1) throw new TypeError(`${this.#setup.table} has no field ${name} that is the player's to fill`);
    return at;
  }
}

function ownRows(
  predictor: Predictor,
  layouts: readonly TableLayout[],
  input: string,
  hz: number,
  { fields }: InputFormat,
): OwnRows {
  try {
    return new OwnRows(predictor, layouts, { input, fields: fields.map(({ name }) => name), hz });
  } catch (error) {
    throw new TypeError("this predictor is not the contract's", { cause: error });
  }
}

function predictionOf(own: OwnRows, { layouts, indexOf, now }: SenderSetup): Prediction {
  return {
    get active() {
      return own.active;
    },
    get errors() {
      return own.errors;
    },
    of<C extends Rows>(component: C) {
      const table = indexOf(component);
      if (!own.owns(table)) return undefined;
      const numbers = layouts[table]!.fields.flatMap(({ name, type }, field) =>
        type === "text" ? [] : [[name, own.drawn(table, field, now())] as const],
      );
      return Object.fromEntries(numbers) as { readonly [Name in keyof Row<C>]: number };
    },
  };
}
