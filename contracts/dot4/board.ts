/** The board of Dot4 and how stones travel over it: ten by ten cells, four sides, no memory of its own. */

export type Seat = 0 | 1;

/** Column from the left, row from the top, each 0 to 9. */
export type Cell = readonly [x: number, y: number];

/** `board[y * size + x]`: the seat whose stone lies there, or null. */
export type Board = readonly (Seat | null)[];

export type Side = "top" | "right" | "bottom" | "left";

export const size = 10;
export const sides: readonly Side[] = ["top", "right", "bottom", "left"];

export const indexOf = ([x, y]: Cell): number => y * size + x;
export const cellAt = (index: number): Cell => [index % size, Math.floor(index / size)];
export const sameCell = (a: Cell, b: Cell): boolean => a[0] === b[0] && a[1] === b[1];
export const isOnBoard = ([x, y]: Cell): boolean => x >= 0 && x < size && y >= 0 && y < size;
export const otherSeat = (seat: Seat): Seat => (seat === 0 ? 1 : 0);

/** The ten cells of a line in the order in which a stone dropped from that side reaches them. */
export function lane(side: Side, line: number): Cell[] {
  const cells: Cell[] = [];
  for (let step = 0; step < size; step++) {
    const back = size - 1 - step;
    if (side === "top") cells.push([line, step]);
    else if (side === "bottom") cells.push([line, back]);
    else if (side === "left") cells.push([step, line]);
    else cells.push([back, line]);
  }
  return cells;
}

/** The cells a stone runs over until a stone or the far edge stops it. Empty: the line is blocked at its first cell. */
export function run(board: Board, side: Side, line: number): Cell[] {
  const cells = lane(side, line);
  const obstacle = cells.findIndex((cell) => board[indexOf(cell)] !== null);
  return obstacle === -1 ? cells : cells.slice(0, obstacle);
}

/** Whether any stone can still be dropped: every line begins at the rim, so whether a cell of the rim is empty. */
export const canDrop = (board: Board): boolean =>
  board.some((stone, index) => {
    const [x, y] = cellAt(index);
    return stone === null && (x === 0 || y === 0 || x === size - 1 || y === size - 1);
  });

const directions: readonly Cell[] = [
  [1, 0],
  [0, 1],
  [1, 1],
  [1, -1],
];

/**
 * The cells of every line of four or more through `cell`, all of one seat; empty if there is none.
 * Only the newest stone can complete a line: explosions take stones away and move none.
 */
export function winningLine(board: Board, cell: Cell): Cell[] {
  const seat = board[indexOf(cell)];
  if (seat === null) return [];
  const won: Cell[] = [];
  for (const direction of directions) {
    const line = [...reach(board, cell, direction, -1).reverse(), cell, ...reach(board, cell, direction, 1)];
    if (line.length < 4) continue;
    for (const part of line) if (!won.some((known) => sameCell(known, part))) won.push(part);
  }
  return won;
}

/** Neighbours of `cell` in one direction as long as they hold the same seat's stones, nearest first. */
function reach(board: Board, cell: Cell, [dx, dy]: Cell, sign: 1 | -1): Cell[] {
  const cells: Cell[] = [];
  for (let step = 1; ; step++) {
    const next: Cell = [cell[0] + dx * sign * step, cell[1] + dy * sign * step];
    if (!isOnBoard(next) || board[indexOf(next)] !== board[indexOf(cell)]) return cells;
    cells.push(next);
  }
}
