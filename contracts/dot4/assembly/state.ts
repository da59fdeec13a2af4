/** Everything a room of Dot4 knows, bombs included. */
import { Board, none } from "./board";
import { Bombs, Explosion } from "./explosion";

/** The newest drop, with everything needed to show it once more. */
export class LastDrop {
  /** Null: the stone rests on the last cell of `path`. */
  explosion: Explosion | null = null;

  constructor(
    readonly seat: i32,
    readonly side: string,
    readonly line: i32,
    /** Every cell it reached, in order; the last is where it rests or where it exploded. */
    readonly path: i32[],
  ) {}
}

export class State {
  /** "waiting", "placing", "playing" or "ended". */
  phase: string = "waiting";
  turnSeconds: i32 = 0;
  board: Board = new Board();
  /** By seat. */
  bombs: Bombs[] = [new Bombs(), new Bombs()];
  turn: i32 = none;
  /** The tick at which the current time runs out; -1 if none does. */
  deadline: i64 = -1;
  drops: i32 = 0;
  last: LastDrop | null = null;
  /** Stones lost to explosions, by seat. */
  lost: i32[] = [0, 0];
  /** How the game ended; "" while it has not. */
  how: string = "";
  winner: i32 = none;
  winningLine: i32[] = [];
}
