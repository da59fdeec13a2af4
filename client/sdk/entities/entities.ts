/** The rows of a room's entities that this player sees, as a page uses them. */
import type { Row, Rows } from "#contract/components.ts";
import type { TextColumn } from "#contract/text-column.ts";

/** Texts by id. */
export interface Texts {
  get(id: number): string;
}

/** One column for each field of the component, by id. What an id holds that is not in use means nothing. */
export type ColumnsOf<C extends Rows> = {
  readonly [Name in keyof Row<C>]: C[Name & keyof C] extends TextColumn ? Texts : { readonly [id: number]: number };
};

/** What listeners are called with. All of one boundary's enters and changes are in place before the first of them. */
export interface EntityEvents {
  /** A row came into sight: it is new, or the player may see it from now on. */
  enter: [id: number];
  /** Bit i of `fields`: the component's field i has changed. */
  change: [id: number, fields: number];
  /** A row is out of sight, for whatever reason. Told first of all: the columns still hold it while listeners are called. */
  leave: [id: number];
}

export interface Entities<C extends Rows = Rows> {
  /** Rows in sight. */
  readonly size: number;
  /**
   * Their ids, ascending. An id is this connection's own number for a row, from the moment it comes into sight until it
   * leaves; then another row may get it. It says nothing of where the row is in the room's table.
   */
  readonly ids: readonly number[];
  /** Those that belong to the player's own seat. */
  readonly mine: readonly number[];
  has(id: number): boolean;
  /** What the room last said. */
  readonly columns: ColumnsOf<C>;
  /**
   * What to draw now: numbers between two boundaries, a little behind what the room last said, so that rows move evenly
   * however unevenly news arrives. Texts, whole numbers and flags change at once. The same object at every call.
   */
  shown(): ColumnsOf<C>;
  /** Calls `listener` from now on. Returns how to stop. */
  on<Name extends keyof EntityEvents>(name: Name, listener: (...values: EntityEvents[Name]) => void): () => void;
}
