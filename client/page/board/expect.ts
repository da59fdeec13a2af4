/** What a player can foresee of a drop: the stones and the own bombs on its way. The opponent's bombs are a surprise. */
import { run, sameCell, type Cell } from "#dot4/board.ts";
import type { View } from "#dot4/view.ts";
import type { Aim } from "./spots.ts";

export interface ExpectedDrop {
  /** The cells it runs over; the last is where it rests or explodes. Empty: a stone blocks the line. */
  readonly path: readonly Cell[];
  /** It would reach the player's own bomb at the end of `path`. */
  readonly explodes: boolean;
}

export function expectedDrop(view: View, aim: Aim): ExpectedDrop {
  const path = run(view.board, aim.side, aim.line);
  const bomb = path.findIndex((cell) => view.bombs.some((own) => sameCell(own, cell)));
  return bomb === -1 ? { path, explodes: false } : { path: path.slice(0, bomb + 1), explodes: true };
}
