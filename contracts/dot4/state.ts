/** Everything a room of Dot4 knows, bombs included. Plain data. */
import type { Board, Cell, Seat } from "./board.ts";
import type { Bombs } from "./explosion.ts";
import type { LastDrop, Result, View } from "./view.ts";

export interface State {
  phase: View["phase"];
  turnSeconds: number;
  board: Board;
  bombs: Bombs;
  turn: Seat | null;
  deadline: number | null;
  drops: number;
  last: LastDrop | null;
  /** Stones lost to explosions, by seat. */
  lost: [number, number];
  result: Result | null;
  winningLine: readonly Cell[];
}
