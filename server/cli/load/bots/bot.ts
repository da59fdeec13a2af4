/** What the players of a load do in their rooms: push rows, make moves, or nothing that a contract would notice. */
import type { InputFormat } from "#protocol/input-row.ts";
import type { Value } from "#protocol/value.ts";

/** Numbers from 0 up to but not including 1. */
export type Chance = () => number;

/** They push one row a tick. */
export interface Pushers {
  readonly does: "push";
  readonly input: InputFormat;
  /** Called for each of them. What it returns is asked for the values of the next row, in the order of the fields. */
  readonly begin: (chance: Chance) => () => readonly number[];
}

/** They make moves. */
export interface Movers {
  readonly does: "move";
  /** How often each thinks of one. */
  readonly perSecond: number;
  /** The next move of somebody who sees this view; undefined if there is none to make now. */
  readonly next: (view: Value, seat: number, chance: Chance) => Value | undefined;
}

/** They ping, once a second: of their contract nothing is known. */
export interface Idlers {
  readonly does: "ping";
}

export type Bots = (Pushers | Movers | Idlers) & {
  /** Options of a room that is made for so many. */
  readonly options?: (players: number) => { readonly [name: string]: string };
};
