/**
 * Where one can be on the board: a grid of 12 by 12 spots, the outer ring of which are the forty places where a stone
 * can be dropped. Pure, so that keys and taps can be tested without a page.
 */
import { isOnBoard, run, sides, size, type Board, type Cell, type Side } from "#dot4/board.ts";

/** Row and column in the grid of 12 by 12. Row 0 is the upper edge, row 1 the first row of cells. */
export interface Spot {
  readonly row: number;
  readonly column: number;
}

/** A line and the side from which a stone is dropped into it. */
export interface Aim {
  readonly side: Side;
  readonly line: number;
}

export type Target =
  | { readonly kind: "cell"; readonly cell: Cell }
  | { readonly kind: "edge"; readonly aim: Aim }
  | { readonly kind: "corner" };

const last = size + 1;

export function targetAt({ row, column }: Spot): Target {
  const cell: Cell = [column - 1, row - 1];
  if (isOnBoard(cell)) return { kind: "cell", cell };
  const onRows = row >= 1 && row <= size;
  const onColumns = column >= 1 && column <= size;
  if (row === 0 && onColumns) return { kind: "edge", aim: { side: "top", line: column - 1 } };
  if (row === last && onColumns) return { kind: "edge", aim: { side: "bottom", line: column - 1 } };
  if (column === 0 && onRows) return { kind: "edge", aim: { side: "left", line: row - 1 } };
  if (column === last && onRows) return { kind: "edge", aim: { side: "right", line: row - 1 } };
  return { kind: "corner" };
}

export const spotOfCell = ([x, y]: Cell): Spot => ({ row: y + 1, column: x + 1 });

export function spotOfAim({ side, line }: Aim): Spot {
  switch (side) {
    case "top":
      return { row: 0, column: line + 1 };
    case "bottom":
      return { row: last, column: line + 1 };
    case "left":
      return { row: line + 1, column: 0 };
    case "right":
      return { row: line + 1, column: last };
  }
}

const steps: { readonly [key: string]: readonly [rows: number, columns: number] } = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-size - 1, 0],
  PageDown: [size + 1, 0],
  Home: [0, -size - 1],
  End: [0, size + 1],
};

/**
 * Where a key leads. Arrows go one spot; Home, End, Page up and Page down go to the edge of the row or column. On the
 * ring an arrow turns the corner into the next side, and a jump stops before it.
 *
 * @param edges whether the ring can be reached; while bombs are hidden it cannot.
 * @returns null for a key that leads nowhere.
 */
export function spotAfterKey(spot: Spot, key: string, edges: boolean): Spot | null {
  const step = steps[key];
  if (step === undefined) return null;
  const [low, high] = edges ? [0, last] : [1, size];
  const row = clamp(spot.row + step[0], low, high);
  const column = clamp(spot.column + step[1], low, high);
  if (targetAt({ row, column }).kind !== "corner") return { row, column };
  const walked = Math.abs(step[0] + step[1]) === 1;
  const along = step[0] === 0 ? { row: clamp(row, 1, size), column } : { row, column: clamp(column, 1, size) };
  const back = step[0] === 0 ? { row, column: clamp(column, 1, size) } : { row: clamp(row, 1, size), column };
  return walked ? along : back;
}

/** The drop that enters the board at this cell; null for cells that are not on the rim. At a corner, by its column. */
export function aimAtRim([x, y]: Cell): Aim | null {
  if (y === 0) return { side: "top", line: x };
  if (y === size - 1) return { side: "bottom", line: x };
  if (x === 0) return { side: "left", line: y };
  if (x === size - 1) return { side: "right", line: y };
  return null;
}

/** Every drop whose stone would come to rest on this cell, as far as the stones tell. */
export function aimsRestingAt(board: Board, [x, y]: Cell): Aim[] {
  const aims = sides.map((side): Aim => ({ side, line: side === "top" || side === "bottom" ? x : y }));
  return aims.filter(({ side, line }) => {
    const end = run(board, side, line).at(-1);
    return end !== undefined && end[0] === x && end[1] === y;
  });
}

/** The drop after `current` among those that would rest on this cell, so that tapping again tries the next side. */
export function nextAimAt(board: Board, cell: Cell, current: Aim | null): Aim | null {
  const aims = aimsRestingAt(board, cell);
  const at = aims.findIndex((aim) => sameAim(aim, current));
  return aims[(at + 1) % aims.length] ?? null;
}

export const sameAim = (a: Aim | null, b: Aim | null): boolean =>
  a !== null && b !== null && a.side === b.side && a.line === b.line;

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
