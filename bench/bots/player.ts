/** A player of Dot4 and where players meet, whatever carries the game: what the bots are written against. */
import type { Board, Cell, Move, Seat, View } from "../../contracts/dot4/dot4.ts";

/** As much of a view as the bots look at. */
export interface Progress {
  readonly phase: View["phase"];
  /** Who drops next; while bombs are hidden, who will begin. */
  readonly turn: Seat | null;
  readonly drops: number;
}

export interface Player {
  /** Null for who watches. */
  readonly seat: number | null;
  /** What this player is shown now. Cheap to ask for. */
  readonly progress: Progress;
  readonly board: Board;
  /** This player's own bombs, as far as they are shown. */
  readonly bombs: readonly Cell[];
  /** Calls `listener` after every change of what is shown, from now on. */
  onProgress(listener: () => void): void;
  /** Does not wait: a move that is refused shows in that nothing follows. */
  move(move: Move): void;
  close(): void;
}

export interface Place {
  /** Makes a room and sits down in it. `room` is what `join` takes. */
  open(name: string): Promise<{ readonly room: string; readonly player: Player }>;
  /** Resolves with the first view. */
  join(room: string, name: string, want?: "play" | "watch"): Promise<Player>;
}
