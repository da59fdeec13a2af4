/** What the page and the tests know of the rules in assembly/arena.ts: its moves, its views, the size of the field. */
import type { Contract } from "phatroom/contract";

export interface Move {
  readonly run: "stay" | "up" | "right" | "down" | "left";
}

export interface View {
  /** The seat that is it; -1 if nobody is. */
  readonly it: number;
  readonly runners: readonly {
    readonly seat: number;
    readonly points: number;
    readonly x: number;
    readonly y: number;
  }[];
}

export type Arena = Contract<unknown, Move, View>;

export const name = "__name__";
export const field = { width: 40, height: 24 };
