import fc from "fast-check";
import { expect, test } from "vitest";
import { indexOf, lane, sides, size, type Cell, type Seat, type Side } from "../../../contracts/dot4/board.ts";
import type { Move, State } from "../../../contracts/dot4/dot4.ts";
import { expectedPath, legalDrops, randomMove, randomPlace } from "../../../contracts/dot4/play.ts";
import { seeded } from "#testing/seeded.ts";
import { Game, type Bombs } from "./game.ts";

/** No game is longer: stones on the board + 9 × bombs used up grows with every drop. */
const dropsMax = 154;

const seeds = fc.integer({ min: 0, max: 2 ** 31 }).map(String);
const everyDrop = sides.flatMap((side) => lane("top", 0).map((_, line): Move => ({ kind: "drop", side, line })));

/** Plays random legal moves to the end, or until `each` says enough. */
function playOut(seed: string, each: (game: Game, before: State) => void): Game {
  const random = seeded("games", seed);
  const game = new Game({ seed });
  while (game.result === null) {
    const seat = game.state.phase === "placing" ? (random.below(2) as Seat) : game.state.turn!;
    const move = randomMove(game.view(seat), seat, random);
    if (move === null) continue;
    const before = structuredClone(game.state);
    game.mustMove(seat, move);
    each(game, before);
    if (game.state.drops > dropsMax) throw new Error("this game does not end");
  }
  return game;
}

const measure = ({ board, bombs }: State): number =>
  board.filter((stone) => stone !== null).length + 9 * (6 - bombs.flatMap((own) => own ?? []).length);

test("every game ends, and every drop brings the end nearer", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      playOut(seed, ({ state }, before) => {
        if (before.phase === "playing") expect(measure(state)).toBeGreaterThan(measure(before));
      });
    }),
    { numRuns: 30 },
  );
});

test("no state is illegal: stones never lie on bombs, nothing appears from nowhere, turns alternate", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      playOut(seed, ({ state, tick }, before) => {
        for (const own of state.bombs) {
          expect(new Set(own?.map(indexOf)).size).toBe(own?.length ?? 0);
          for (const bomb of own ?? []) expect(state.board[indexOf(bomb)]).toBeNull();
        }
        if (before.phase !== "playing") return;
        const stones = (board: State["board"]): number => board.filter((stone) => stone !== null).length;
        const explosion = state.last!.explosion;
        expect(stones(state.board)).toBe(stones(before.board) + (explosion === null ? 1 : -explosion.stones.length));
        expect(state.lost[0] + state.lost[1] + stones(state.board)).toBe(state.drops);
        expect(state.drops).toBe(before.drops + 1);
        expect(state.last!.seat).toBe(before.turn);
        if (state.phase === "playing") expect([state.turn, state.deadline]).toEqual([1 - before.turn!, tick + 1500]);
        else expect([state.turn, state.deadline]).toEqual([null, null]);
      });
    }),
    { numRuns: 30 },
  );
});

test("a view tells exactly which drops are legal, and where a stone goes if no bomb stops it", () => {
  fc.assert(
    fc.property(seeds, fc.nat(30), (seed, drops) => {
      const game = new Game({ seed });
      const random = seeded("legal", seed);
      for (const seat of [0, 1] as const) game.mustMove(seat, randomPlace(random));
      for (let i = 0; i < drops && game.result === null; i++) {
        game.mustMove(game.state.turn!, randomMove(game.view(game.state.turn!), game.state.turn!, random)!);
      }
      if (game.result !== null) return;
      const seat = game.state.turn!;
      const view = game.view(seat);
      const legal = legalDrops(view, seat);
      expect(legalDrops(view, 1 - seat)).toEqual([]);
      const position = structuredClone(game.state);
      for (const move of everyDrop) {
        Object.assign(game.state, structuredClone(position));
        const accepted = game.move(seat, move) === null;
        expect(accepted).toBe(
          legal.some((drop) => drop.side === (move as typeof drop).side && drop.line === (move as typeof drop).line),
        );
        const { last } = game.state;
        if (!accepted || move.kind !== "drop") continue;
        const path = expectedPath(view, move.side, move.line);
        expect(last!.path).toEqual(path.slice(0, last!.path.length));
        if (last!.explosion === null) expect(last!.path).toEqual(path);
      }
    }),
    { numRuns: 12 },
  );
});

test("nobody sees the opponent's bombs before they explode or the game ends, and all are shown then", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const game = playOut(seed, (played) => {
        for (const seat of [0, 1] as const) expect(played.view(seat).bombs).toEqual(played.state.bombs[seat] ?? []);
        if (played.result !== null) return;
        for (const viewer of [0, 1, "spectator"] as const) expect(played.view(viewer).revealed).toBeNull();
        expect(played.view("spectator").bombs).toEqual([]);
      });
      expect(game.view("spectator").revealed).toEqual(game.state.bombs);
    }),
    { numRuns: 20 },
  );
});

// The four sides are alike.

const turned: Record<Side, Side> = { top: "right", right: "bottom", bottom: "left", left: "top" };
/** A quarter turn clockwise. */
const turnCell = ([x, y]: Cell): [number, number] => [size - 1 - y, x];
const turnMove = (move: Move): Move => {
  if (move.kind === "place") return { kind: "place", bombs: move.bombs.map(turnCell) as Bombs };
  if (move.kind === "resign") return move;
  const back = move.side === "left" || move.side === "right";
  return { kind: "drop", side: turned[move.side], line: back ? size - 1 - move.line : move.line };
};
const mirrored: Record<Side, Side> = { top: "left", left: "top", bottom: "right", right: "bottom" };
const mirrorMove = (move: Move): Move => {
  if (move.kind === "place") return { kind: "place", bombs: move.bombs.map(([x, y]) => [y, x]) as Bombs };
  return move.kind === "drop" ? { ...move, side: mirrored[move.side] } : move;
};

test.for<[string, (move: Move) => Move, (cell: Cell) => Cell]>([
  ["turned", turnMove, turnCell],
  ["mirrored", mirrorMove, ([x, y]) => [y, x]],
])("a game on a board that is %s is the same game", ([, onMove, onCell]) => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const random = seeded("alike", seed);
      const [game, other] = [new Game({ seed }), new Game({ seed })];
      for (let seat: Seat = 0; game.result === null; seat = (1 - seat) as Seat) {
        const move = randomMove(game.view(seat), seat, random);
        if (move === null) continue;
        game.mustMove(seat, move);
        other.mustMove(seat, onMove(move));
        const moved = Array.from({ length: 100 }, (): Seat | null => null);
        game.state.board.forEach(
          (stone, index) => (moved[indexOf(onCell([index % size, Math.floor(index / size)]))] = stone),
        );
        expect(other.state.board).toEqual(moved);
        expect([other.result, other.state.turn, other.state.lost]).toEqual([
          game.result,
          game.state.turn,
          game.state.lost,
        ]);
      }
    }),
    { numRuns: 30 },
  );
});
