/** Views of Dot4 for tests of the page. */
import { indexOf, size, type Cell, type Seat } from "#dot4/board.ts";
import type { View } from "#dot4/view.ts";

/** A game that has begun, with these stones and nothing else. */
export function viewWith(stones: readonly (readonly [Cell, Seat])[] = [], parts: Partial<View> = {}): View {
  const board: (Seat | null)[] = Array.from({ length: size * size }, () => null);
  for (const [cell, seat] of stones) board[indexOf(cell)] = seat;
  return {
    phase: "playing",
    board,
    turn: 0,
    deadline: 1500,
    turnSeconds: 30,
    ready: [true, true],
    drops: stones.length,
    last: null,
    scores: [
      { stones: 0, lost: 0, bombs: 3 },
      { stones: 0, lost: 0, bombs: 3 },
    ],
    bombs: [],
    result: null,
    winningLine: [],
    revealed: null,
    ...parts,
  };
}
