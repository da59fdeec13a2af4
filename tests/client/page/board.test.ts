/** What the board shows of a view: nothing hidden, nothing by colour alone. */
import { h } from "preact";
import { expect, test } from "vitest";
import type { Cell, Seat } from "#dot4/board.ts";
import type { LastDrop, View } from "#dot4/view.ts";
import { Board, type BoardProps } from "../../../client/page/board/board.tsx";
import { show, withData, find, type Shown } from "./render.ts";
import { viewWith } from "./views.ts";

const nothing = (): void => undefined;

function board(view: View, parts: Partial<BoardProps> = {}): readonly (Shown | string)[] {
  return show(
    h(Board, {
      view,
      seat: 0,
      mode: "drop",
      chosen: [],
      aim: null,
      focus: { row: 1, column: 1 },
      moving: false,
      still: false,
      onChoose: nothing,
      onPoint: nothing,
      onKey: nothing,
      onFocus: nothing,
      ...parts,
    }),
  );
}

const labelOf = (nodes: readonly (Shown | string)[], cell: Cell): unknown =>
  withData(nodes, "cell", cell.join(","))[0]?.props["aria-label"];

test("there are a hundred cells and forty places to drop from, and one tab stop among them", () => {
  const nodes = board(viewWith());
  expect(withData(nodes, "cell")).toHaveLength(100);
  expect(withData(nodes, "drop")).toHaveLength(40);
  expect(find(nodes, ({ props }) => props["tabIndex"] === 0)).toHaveLength(1);
});

test("every cell and every place to drop from says in words what it is", () => {
  for (const place of find(board(viewWith()), ({ props }) => props["data-spot"] !== undefined)) {
    expect(place.props["aria-label"]).toMatch(/^([A-J]\d+, |Drop from the )/);
    expect(place.props["role"]).toBe("gridcell");
  }
});

test.for<[string, Seat | null, RegExp]>([
  ["the player", 0, /D7, your stone/],
  ["the opponent", 1, /D7, opponent's stone/],
  ["a spectator", null, /D7, round stone/],
])("%s is told whose stone lies there", ([, seat, label]) => {
  expect(labelOf(board(viewWith([[[3, 6], 0]]), { seat, mode: "look" }), [3, 6])).toMatch(label);
});

test("own bombs are shown during play, and everybody's once they are revealed", () => {
  const during = board(viewWith([], { bombs: [[1, 1]] }));
  expect(withData(during, "bomb").map(({ props }) => props["data-cell"])).toEqual(["1,1"]);
  const after = board(
    viewWith([], {
      phase: "ended",
      revealed: [
        [[1, 1]],
        [
          [1, 1],
          [8, 8],
        ],
      ],
    }),
    { mode: "look" },
  );
  expect(withData(after, "bomb").map(({ props }) => [props["data-cell"], props["data-bomb"]])).toEqual([
    ["1,1", "0 1"],
    ["8,8", "1"],
  ]);
  expect(labelOf(after, [8, 8])).toBe("I9, opponent's bomb");
});

test("a spectator's board shows no bomb, whatever the view holds", () => {
  expect(withData(board(viewWith([], { bombs: [[1, 1]] }), { seat: null, mode: "look" }), "bomb")).toEqual([]);
});

test("an aim shows its whole way and where the stone would stop, and ends at an own bomb", () => {
  const view = viewWith([[[3, 5], 1]], { bombs: [[6, 2]] });
  const clear = board(view, { aim: { side: "top", line: 3 } });
  expect(withData(clear, "path").map(({ props }) => props["data-cell"])).toEqual(["3,0", "3,1", "3,2", "3,3", "3,4"]);
  const bomb = board(view, { aim: { side: "right", line: 2 } });
  expect(withData(bomb, "path").map(({ props }) => props["data-cell"])).toEqual(["6,2", "7,2", "8,2", "9,2"]);
  expect(withData(bomb, "drop", "right-2")[0]?.props["aria-label"]).toMatch(/reaches your own bomb at G3/);
});

test("nobody can be made to drop when it is not their turn", () => {
  for (const place of withData(board(viewWith(), { mode: "look" }), "drop")) {
    expect(place.props["aria-disabled"]).toBe("true");
    expect(place.props["data-usable"]).toBeUndefined();
  }
});

const dropped: LastDrop = {
  seat: 1,
  side: "left",
  line: 4,
  path: [
    [0, 4],
    [1, 4],
    [2, 4],
  ],
  explosion: null,
};

test("a drop is shown moving only while it happens", () => {
  const view = viewWith([[[2, 4], 1]], { last: dropped });
  expect(withData(board(view), "arrives")).toEqual([]);
  const [stone] = withData(board(view, { moving: true }), "arrives");
  expect(stone?.props["style"]).toEqual({ "--dx": "-3", "--dy": "0", "--steps": "3" });
  expect(labelOf(board(view), [2, 4])).toBe("C5, opponent's stone, newest stone");
});

test("an explosion leaves its nine cells marked, and shows what it took only while it happens", () => {
  const explosion = { at: [2, 4] as Cell, stones: [{ cell: [3, 4] as Cell, seat: 0 as Seat }], bombs: [] };
  const view = viewWith([], { last: { ...dropped, explosion } });
  const marks = (nodes: readonly (Shown | string)[], name: string): Shown[] =>
    find(nodes, ({ props }) => props["class"] === name);
  expect(marks(board(view), "scorched")).toHaveLength(9);
  expect(marks(board(view), "gone")).toEqual([]);
  expect(marks(board(view, { moving: true }), "gone")).toHaveLength(1);
});

test("cells chosen for bombs are selected, and say so", () => {
  const nodes = board(viewWith([], { phase: "placing" }), { mode: "place", chosen: [[4, 4]] });
  expect(withData(nodes, "picked").map(({ props }) => props["aria-selected"])).toEqual(["true"]);
  expect(labelOf(nodes, [4, 4])).toBe("E5, chosen for a bomb");
});
