import fc from "fast-check";
import { expect, test } from "vitest";
import {
  canDrop,
  cellAt,
  indexOf,
  isOnBoard,
  lane,
  run,
  sides,
  size,
  winningLine,
  type Board,
  type Cell,
  type Seat,
} from "../../../contracts/dot4/board.ts";

const empty: Board = Array.from({ length: size * size }, () => null);
const withStones = (seat: Seat, cells: readonly Cell[], board = empty): Board =>
  cells.reduce((laid, cell) => laid.with(indexOf(cell), seat), board);
const boards = fc.array(fc.constantFrom(null, null, null, 0 as const, 1 as const), { minLength: 100, maxLength: 100 });
const lines = fc.integer({ min: 0, max: size - 1 });

test("a cell and its index name the same place", () => {
  for (let index = 0; index < size * size; index++) expect(indexOf(cellAt(index))).toBe(index);
});

test.for([
  ["top", [3, 0], [3, 9]],
  ["bottom", [3, 9], [3, 0]],
  ["left", [0, 3], [9, 3]],
  ["right", [9, 3], [0, 3]],
] as const)("a lane from the %s runs straight across", ([side, first, last]) => {
  const cells = lane(side, 3);
  expect([cells.length, cells[0], cells.at(-1)]).toEqual([size, first, last]);
});

test("a stone runs over empty cells only, and as far as it can", () => {
  fc.assert(
    fc.property(boards, fc.constantFrom(...sides), lines, (board, side, line) => {
      const cells = run(board, side, line);
      const whole = lane(side, line);
      expect(cells).toEqual(whole.slice(0, cells.length));
      expect(cells.every((cell) => board[indexOf(cell)] === null)).toBe(true);
      const next = whole[cells.length];
      expect(next === undefined || board[indexOf(next)] !== null).toBe(true);
    }),
  );
});

test("somebody can drop as long as some line is open", () => {
  fc.assert(
    fc.property(boards, (board) => {
      const open = sides.some((side) => lane("top", 0).some((_, line) => run(board, side, line).length > 0));
      expect(canDrop(board)).toBe(open);
    }),
  );
});

test("nobody can drop when the rim is full, whatever is inside", () => {
  const rim = empty.map((_, index): Seat | null => {
    const [x, y] = cellAt(index);
    return x % 9 === 0 || y % 9 === 0 ? 0 : null;
  });
  expect(canDrop(rim)).toBe(false);
  expect(canDrop(rim.with(37, 1))).toBe(false);
  expect(canDrop(rim.with(7, null))).toBe(true);
});

test.for([
  ["row", [1, 0]],
  ["column", [0, 1]],
  ["falling diagonal", [1, 1]],
  ["rising diagonal", [1, -1]],
] as const)("four in a %s win, completed at any of its stones", ([, [dx, dy]]) => {
  const start: Cell = [3, dy === -1 ? 6 : 3];
  const four = [0, 1, 2, 3].map((i): Cell => [start[0] + i * dx, start[1] + i * dy]);
  const board = withStones(1, four);
  for (const newest of four) expect(winningLine(board, newest)).toEqual(four);
  const three = withStones(1, four.slice(0, 3));
  expect(winningLine(three, four[0]!)).toEqual([]);
  const broken = withStones(0, [four[2]!], board);
  expect(winningLine(broken, four[0]!)).toEqual([]);
});

test("a line does not go around the edge", () => {
  const board = withStones(0, [
    [8, 4],
    [9, 4],
    [0, 5],
    [1, 5],
  ]);
  expect(winningLine(board, [9, 4])).toEqual([]);
});

test("one stone may complete two lines, and both are shown", () => {
  const board = withStones(0, [
    [0, 0],
    [1, 0],
    [2, 0],
    [3, 0],
    [3, 1],
    [3, 2],
    [3, 3],
  ]);
  expect(winningLine(board, [3, 0])).toHaveLength(7);
});

/** Every window of four on the board, the slow way. */
const windows: Cell[][] = empty
  .flatMap((_, index) =>
    [
      [1, 0],
      [0, 1],
      [1, 1],
      [1, -1],
    ].map(([dx, dy]) => [0, 1, 2, 3].map((i): Cell => [cellAt(index)[0] + i * dx!, cellAt(index)[1] + i * dy!])),
  )
  .filter((window) => window.every(isOnBoard));

test("a line is found exactly where four of a kind lie in a row", () => {
  fc.assert(
    fc.property(boards, lines, lines, (board, x, y) => {
      const seat = board[indexOf([x, y])];
      const won = windows.filter(
        (window) =>
          seat !== null &&
          window.some((cell) => cell[0] === x && cell[1] === y) &&
          window.every((cell) => board[indexOf(cell)] === seat),
      );
      const line = winningLine(board, [x, y]);
      expect(line.map(indexOf)).toEqual(expect.arrayContaining(won.flat().map(indexOf)));
      // Not more than that, but for a line's fifth stone and further ones.
      expect(line.length > 0).toBe(won.length > 0);
      expect(line.every((cell) => board[indexOf(cell)] === seat)).toBe(true);
    }),
    { numRuns: 500 },
  );
});
