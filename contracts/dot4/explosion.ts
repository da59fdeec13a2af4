/** What happens when a stone reaches a bomb: it, the bomb and everything in the 3×3 around the bomb are gone. */
import { indexOf, isOnBoard, sameCell, type Board, type Cell, type Seat } from "./board.ts";

/** Everything that an explosion took, for everybody to see. The stone that set it off is not among `stones`. */
export interface Explosion {
  /** Where the bomb lay. */
  readonly at: Cell;
  /** Stones that lay in the 3×3. */
  readonly stones: readonly { readonly cell: Cell; readonly seat: Seat }[];
  /** Bombs that lay in the 3×3, the one at `at` included. Those caught in it are destroyed, they do not go off. */
  readonly bombs: readonly { readonly cell: Cell; readonly seat: Seat }[];
}

/** Bombs still on the board, by seat; null before that seat has hidden its three. */
export type Bombs = readonly [readonly Cell[] | null, readonly Cell[] | null];

export const holdsBomb = (bombs: Bombs, cell: Cell): boolean => bombs.some((own) => includes(own, cell));

/** The up to nine cells that an explosion at `at` takes, row by row. */
export function blastCells([x, y]: Cell): Cell[] {
  const cells: Cell[] = [];
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const cell: Cell = [x + dx, y + dy];
      if (isOnBoard(cell)) cells.push(cell);
    }
  }
  return cells;
}

/** Pure: what is taken, and what is left. */
export function explode(
  board: Board,
  bombs: Bombs,
  at: Cell,
): { readonly explosion: Explosion; readonly board: Board; readonly bombs: Bombs } {
  const cells = blastCells(at);
  const left = [...board];
  const stones: { cell: Cell; seat: Seat }[] = [];
  for (const cell of cells) {
    const seat = board[indexOf(cell)];
    if (seat === null || seat === undefined) continue;
    stones.push({ cell, seat });
    left[indexOf(cell)] = null;
  }
  // By cell, then by seat: the order in which bombs were hidden is nobody's business.
  const taken = cells.flatMap((cell) =>
    ([0, 1] as const).filter((seat) => includes(bombs[seat], cell)).map((seat) => ({ cell, seat })),
  );
  const rest = (own: readonly Cell[] | null): readonly Cell[] | null =>
    own?.filter((bomb) => !includes(cells, bomb)) ?? null;
  return { explosion: { at, stones, bombs: taken }, board: left, bombs: [rest(bombs[0]), rest(bombs[1])] };
}

const includes = (cells: readonly Cell[] | null, cell: Cell): boolean =>
  cells !== null && cells.some((known) => sameCell(known, cell));
