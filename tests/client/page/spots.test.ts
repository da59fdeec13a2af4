/** Keys and taps on the board: where they lead, and which drop they mean. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { run, sides, size } from "#dot4/board.ts";
import { decideDrop, toggleBomb, aimUnder, type By } from "../../../client/page/board/choose.ts";
import {
  aimAtRim,
  aimsRestingAt,
  spotAfterKey,
  spotOfAim,
  spotOfCell,
  targetAt,
  type Aim,
} from "../../../client/page/board/spots.ts";
import { viewWith } from "./views.ts";

const keys = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"] as const;
const aims = fc.record({ side: fc.constantFrom(...sides), line: fc.integer({ min: 0, max: size - 1 }) });
const cells = fc.tuple(fc.integer({ min: 0, max: size - 1 }), fc.integer({ min: 0, max: size - 1 }));

test("each place to drop from has its own spot, and each spot names one thing", () => {
  const spots = new Set<string>();
  for (const side of sides) {
    for (let line = 0; line < size; line++) {
      const spot = spotOfAim({ side, line });
      expect(targetAt(spot)).toEqual({ kind: "edge", aim: { side, line } });
      spots.add(`${spot.row},${spot.column}`);
    }
  }
  expect(spots.size).toBe(40);
});

test("the spot of a cell names that cell", () => {
  fc.assert(
    fc.property(cells, (cell) => {
      expect(targetAt(spotOfCell(cell))).toEqual({ kind: "cell", cell });
    }),
  );
});

test("no key ever leads to a corner or off the board", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...keys), { maxLength: 60 }), fc.boolean(), (pressed, edges) => {
      let spot = { row: 1, column: 1 };
      for (const key of pressed) {
        spot = spotAfterKey(spot, key, edges) ?? spot;
        const { kind } = targetAt(spot);
        expect(kind === "cell" || (edges && kind === "edge")).toBe(true);
      }
    }),
  );
});

test("the arrow keys alone reach all forty places to drop from", () => {
  const reached = new Set<string>();
  let spot = spotOfAim({ side: "top", line: 0 });
  for (const key of ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"]) {
    for (let i = 0; i < size; i++) {
      reached.add(JSON.stringify(targetAt(spot)));
      spot = spotAfterKey(spot, key, true)!;
    }
  }
  expect(reached.size).toBe(40);
});

test.for<[string, string, Aim]>([
  ["D7", "Home", { side: "left", line: 6 }],
  ["D7", "End", { side: "right", line: 6 }],
  ["D7", "PageUp", { side: "top", line: 3 }],
  ["D7", "PageDown", { side: "bottom", line: 3 }],
])("from %s, %s jumps to the edge", ([, key, aim]) => {
  expect(spotAfterKey(spotOfCell([3, 6]), key, true)).toEqual(spotOfAim(aim));
});

test("while bombs are hidden, keys stay on the cells", () => {
  expect(spotAfterKey({ row: 1, column: 1 }, "ArrowUp", false)).toEqual({ row: 1, column: 1 });
  expect(spotAfterKey({ row: 5, column: 5 }, "End", false)).toEqual({ row: 5, column: size });
});

test("a key that means nothing leads nowhere", () => {
  expect(spotAfterKey({ row: 1, column: 1 }, "a", true)).toBeNull();
});

test("a drop aimed at a cell comes to rest there", () => {
  const view = viewWith([
    [[3, 5], 0],
    [[7, 2], 1],
    [[0, 9], 0],
  ]);
  fc.assert(
    fc.property(cells, (cell) => {
      for (const { side, line } of aimsRestingAt(view.board, cell)) {
        expect(run(view.board, side, line).at(-1)).toEqual(cell);
      }
    }),
  );
});

test("a drop aimed by a cell of the rim enters at that cell", () => {
  fc.assert(
    fc.property(aims, ({ side, line }) => {
      const first = run(viewWith().board, side, line)[0]!;
      const aim = aimAtRim(first)!;
      expect(run(viewWith().board, aim.side, aim.line)[0]).toEqual(first);
    }),
  );
});

const top3: Aim = { side: "top", line: 3 };
const edge = { kind: "edge", aim: top3 } as const;

test.for<[string, By, Aim | null, "drop" | "hold"]>([
  ["the mouse drops at once", "mouse", null, "drop"],
  ["the Enter key drops at once", "key", null, "drop"],
  ["a finger aims first", "touch", null, "hold"],
  ["a finger that aimed elsewhere aims anew", "touch", { side: "left", line: 3 }, "hold"],
  ["a second tap on the same arrow drops", "touch", top3, "drop"],
])("on an arrow, %s", ([, by, held, kind]) => {
  expect(decideDrop(viewWith(), edge, held, by)).toEqual({ kind, aim: top3 });
});

test("a blocked line is refused with a reason, whoever asks", () => {
  const view = viewWith([[[3, 0], 1]]);
  for (const by of ["mouse", "touch", "key"] as const) {
    expect(decideDrop(view, edge, top3, by)).toEqual({ kind: "none", reason: "A stone blocks this line." });
  }
  expect(aimUnder(view, edge)).toBeNull();
});

test("tapping a cell inside tries each side from which a stone would stop there, and drops on the tap after a single one", () => {
  const view = viewWith([
    [[4, 5], 0],
    [[5, 4], 0],
  ]);
  const target = { kind: "cell", cell: [4, 4] } as const;
  const first = decideDrop(view, target, null, "touch");
  expect(first).toEqual({ kind: "hold", aim: { side: "top", line: 4 } });
  const second = decideDrop(view, target, { side: "top", line: 4 }, "touch");
  expect(second).toEqual({ kind: "hold", aim: { side: "left", line: 4 } });

  const single = viewWith([[[4, 5], 0]]);
  expect(decideDrop(single, target, { side: "top", line: 4 }, "touch")).toMatchObject({ kind: "drop" });
});

test("a cell that no stone can reach is refused with a reason", () => {
  expect(decideDrop(viewWith(), { kind: "cell", cell: [4, 4] }, null, "mouse")).toMatchObject({ kind: "none" });
});

test("at most three different cells are chosen for bombs, and a second tap takes one back", () => {
  fc.assert(
    fc.property(fc.array(cells, { maxLength: 20 }), (taps) => {
      let chosen: ReturnType<typeof toggleBomb> = [];
      for (const cell of taps) {
        const before = chosen;
        chosen = toggleBomb(chosen, cell);
        expect(chosen.length).toBeLessThanOrEqual(3);
        expect(new Set(chosen.map(String)).size).toBe(chosen.length);
        if (before.some((own) => String(own) === String(cell))) expect(chosen.map(String)).not.toContain(String(cell));
      }
    }),
  );
});
