import fc from "fast-check";
import { expect, test } from "vitest";
import { cellAt, indexOf, type Cell } from "../../../contracts/dot4/board.ts";
import { blastCells, explode, holdsBomb } from "../../../contracts/dot4/explosion.ts";
import { Game, outOfTheWay, type Bombs } from "./game.ts";

const boards = fc.array(fc.constantFrom(null, 0 as const, 1 as const), { minLength: 100, maxLength: 100 });
const cells = fc.integer({ min: 0, max: 99 }).map(cellAt);
const hidden = fc.uniqueArray(cells, { maxLength: 3, selector: indexOf });

test.for([
  [[5, 5], 9],
  [[0, 5], 6],
  [[0, 0], 4],
  [[9, 9], 4],
] as const)("a bomb at %j takes %i cells", ([at, count]) => {
  expect(blastCells(at)).toHaveLength(count);
});

test("an explosion takes every stone and bomb of its 3×3 and nothing else", () => {
  fc.assert(
    fc.property(boards, hidden, hidden, cells, (board, first, second, at) => {
      const { explosion, board: left, bombs } = explode(board, [first, second], at);
      const inside = (cell: Cell): boolean => Math.abs(cell[0] - at[0]) <= 1 && Math.abs(cell[1] - at[1]) <= 1;
      left.forEach((stone, index) => expect(stone).toBe(inside(cellAt(index)) ? null : board[index]));
      expect(bombs).toEqual([first.filter((bomb) => !inside(bomb)), second.filter((bomb) => !inside(bomb))]);
      expect(explosion.stones).toHaveLength(
        board.filter((stone, index) => stone !== null && inside(cellAt(index))).length,
      );
      expect(explosion.bombs).toHaveLength([...first, ...second].filter(inside).length);
    }),
  );
});

test("what an explosion shows does not tell in which order bombs were hidden", () => {
  const forwards = explode(
    [],
    [
      [
        [4, 4],
        [5, 5],
        [5, 4],
      ],
      [],
    ],
    [5, 5],
  );
  const backwards = explode(
    [],
    [
      [
        [5, 5],
        [5, 4],
        [4, 4],
      ],
      [],
    ],
    [5, 5],
  );
  expect(forwards.explosion).toEqual(backwards.explosion);
});

test("players may hide bombs in the same cell, and both are used up at once", () => {
  const both: Bombs = [
    [0, 0],
    [4, 4],
    [5, 4],
  ];
  const game = Game.playing([both, both]);
  game.mustMove(0, { kind: "drop", side: "left", line: 4 });
  expect(game.state.bombs).toEqual([[[0, 0]], [[0, 0]]]);
  expect(game.state.last?.explosion?.bombs).toHaveLength(4);
});

test.for(["own", "opponent's"])("a stone explodes on the %s bomb, with what is around", (whose) => {
  const bombs: Bombs = [
    [5, 5],
    [0, 9],
    [1, 9],
  ];
  const game = Game.playing(whose === "own" ? [bombs, outOfTheWay] : [outOfTheWay, bombs]);
  game.state.board = game.state.board
    .with(indexOf([6, 6]), 1)
    .with(indexOf([4, 4]), 0)
    .with(indexOf([7, 5]), 1);
  game.mustMove(0, { kind: "drop", side: "top", line: 5 });
  expect(game.state.last?.path).toEqual([
    [5, 0],
    [5, 1],
    [5, 2],
    [5, 3],
    [5, 4],
    [5, 5],
  ]);
  expect(game.state.last?.explosion?.stones).toEqual([
    { cell: [4, 4], seat: 0 },
    { cell: [6, 6], seat: 1 },
  ]);
  expect(game.state.board.flatMap((stone, index) => (stone === null ? [] : [index]))).toEqual([indexOf([7, 5])]);
  expect(game.state.lost).toEqual([2, 1]);
  expect(game.state.turn).toBe(1);
});

test("bombs caught in an explosion do not go off", () => {
  const game = Game.playing([
    [
      [5, 5],
      [6, 5],
      [0, 9],
    ],
    outOfTheWay,
  ]);
  game.state.board = game.state.board.with(indexOf([7, 5]), 1);
  game.mustMove(0, { kind: "drop", side: "left", line: 5 });
  expect(game.state.board[indexOf([7, 5])]).toBe(1);
  expect(game.state.bombs[0]).toEqual([[0, 9]]);
});

test("a bomb behind the stone that stops it does nothing", () => {
  const game = Game.playing([
    [
      [5, 5],
      [0, 9],
      [1, 9],
    ],
    outOfTheWay,
  ]);
  game.state.board = game.state.board.with(indexOf([5, 4]), 1);
  game.mustMove(0, { kind: "drop", side: "top", line: 5 });
  expect(game.state.last).toMatchObject({
    path: [
      [5, 0],
      [5, 1],
      [5, 2],
      [5, 3],
    ],
    explosion: null,
  });
  expect(holdsBomb(game.state.bombs, [5, 5])).toBe(true);
});

test("a stone that explodes where its line would have won does not win", () => {
  const game = Game.playing([
    [
      [3, 0],
      [0, 9],
      [1, 9],
    ],
    outOfTheWay,
  ]);
  game.state.board = game.state.board.with(0, 0).with(1, 0).with(2, 0);
  game.mustMove(0, { kind: "drop", side: "top", line: 3 });
  expect(game.result).toBeNull();
  expect(game.state.last?.explosion?.at).toEqual([3, 0]);
  expect(game.state.board.slice(0, 4)).toEqual([0, 0, null, null]);
});
