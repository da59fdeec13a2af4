/** What a player wants in a room that ticks, as a page or a bot says it; see README.md. */
import type { Row, Rows } from "#contract/components.ts";

/** The fields of an input component that are the player's to fill: all but `seen`. */
export type Wanted<C extends Rows> = Omit<Row<C>, "seen">;

export interface Input<C extends Rows = Rows> {
  /** Wants this from now on, at every tick, until something else is wanted. Fields that are left out stay as they are. */
  set(wanted: Partial<Wanted<C>>): void;
  /** Adds one to a field that counts presses: 1 to the largest number that it holds, and on with 1. */
  press(field: keyof Wanted<C> & string): void;
  /** Sends no more rows; the room goes on with the last. Another `room.input` goes on here. */
  stop(): void;
  readonly figures: InputFigures;
  /** Undefined without a predictor. */
  readonly prediction: Prediction | undefined;
}

export interface InputFigures {
  /** Number of the newest row that was sent. */
  readonly sent: number;
  /** Number of the newest row that the room says it has used. */
  readonly applied: number;
  /** How long before its tick that row came, as the room says, in ticks. */
  readonly ahead: number;
  /** Ticks for which the room had no row and used the last one again. */
  readonly missed: number;
}

export interface Prediction {
  /** Whether there is a row of the player's own to predict, and the contract's module does so. */
  readonly active: boolean;
  readonly errors: PredictionErrors;
  /** What to draw now of the player's own row of a component: numbers by field. Undefined while there is none. */
  of<C extends Rows>(component: C): { readonly [Name in keyof Row<C>]: number } | undefined;
}

/** How far predictions were from what the room said, in units of the position; without one, the largest difference. */
export interface PredictionErrors {
  readonly last: number;
  readonly mean: number;
  readonly max: number;
  /** Predictions that were wrong by more than a thousandth. */
  readonly corrections: number;
  /** Predictions that were compared. */
  readonly compared: number;
}
