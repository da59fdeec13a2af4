/** What one viewer of Dot4 may see, built up field by field: an opponent's bombs are simply never put in. */
import type { Viewer } from "#contract/contract.ts";
import type { Board, Cell, Seat, Side } from "./board.ts";
import type { Explosion } from "./explosion.ts";
import { bombsEach } from "./moves.ts";
import type { State } from "./state.ts";

/** How a game ended. `full`: nobody can drop any more. */
export type How = "four" | "full" | "resigned" | "time" | "left" | "abandoned";

/** The room's result, and what a view says at the end. `winner` is null for a draw. */
export interface Result {
  readonly how: How;
  readonly winner: Seat | null;
}

/** The newest drop, with everything needed to show it once more. */
export interface LastDrop {
  readonly seat: Seat;
  readonly side: Side;
  readonly line: number;
  /** Every cell it reached, in order; the last is where it rests or where it exploded. */
  readonly path: readonly Cell[];
  /** Null: it rests on the last cell of `path`. */
  readonly explosion: Explosion | null;
}

export interface Score {
  /** On the board now. */
  readonly stones: number;
  /** Lost to explosions so far. */
  readonly lost: number;
  /** Not yet exploded. */
  readonly bombs: number;
}

export interface View {
  readonly phase: "waiting" | "placing" | "playing" | "ended";
  /** `board[y * 10 + x]`: the seat whose stone lies there, or null. */
  readonly board: Board;
  /** Who drops next; while bombs are hidden, who will begin. Null before and after the game. */
  readonly turn: Seat | null;
  /** The tick at which the current time runs out. Ticks stand still while the room is paused, and so does the clock. */
  readonly deadline: number | null;
  /** Seconds for one turn in this room. */
  readonly turnSeconds: number;
  /** Who has hidden the bombs. */
  readonly ready: readonly [boolean, boolean];
  /** Drops so far. */
  readonly drops: number;
  readonly last: LastDrop | null;
  readonly scores: readonly [Score, Score];
  /** This viewer's own bombs that have not exploded, in reading order. Empty for a spectator. */
  readonly bombs: readonly Cell[];
  readonly result: Result | null;
  /** The stones that won, four or more. Empty until a game ends by four in a row. */
  readonly winningLine: readonly Cell[];
  /** Both players' bombs that never exploded, by seat, once a game has ended by the rules. Else null. */
  readonly revealed: readonly [readonly Cell[], readonly Cell[]] | null;
}

/** Endings that the players brought about while all were present. The others a host can cause by cutting a line. */
const revealing: ReadonlySet<How> = new Set(["four", "full", "resigned", "time"]);

export function viewOf(state: State, viewer: Viewer): View {
  const [first, second] = state.bombs;
  const own = viewer.kind === "player" ? state.bombs[viewer.seat as Seat] : null;
  const reveal = state.result !== null && revealing.has(state.result.how);
  return {
    phase: state.phase,
    board: state.board,
    turn: state.turn,
    deadline: state.deadline,
    turnSeconds: state.turnSeconds,
    ready: [first !== null, second !== null],
    drops: state.drops,
    last: state.last,
    scores: [scoreOf(state, 0), scoreOf(state, 1)],
    bombs: own ?? [],
    result: state.result,
    winningLine: state.winningLine,
    revealed: reveal ? [first ?? [], second ?? []] : null,
  };
}

const scoreOf = (state: State, seat: Seat): Score => ({
  stones: state.board.filter((stone) => stone === seat).length,
  lost: state.lost[seat],
  // Three until hidden: how far somebody is with hiding them shows in `ready` alone.
  bombs: state.bombs[seat]?.length ?? bombsEach,
});
