/** Brings what is replicated up to date with the game. Equal values are written too: the schema sends only changes. */
import { ArraySchema } from "@colyseus/schema";
import { viewOf } from "../../../contracts/dot4/view.ts";
import type { Cell, State, View } from "../../../contracts/dot4/dot4.ts";
import { type Dot4State, DropState } from "./state.ts";

export function show(game: State, state: Dot4State): void {
  const view = viewOf(game, { kind: "spectator" });
  state.phase = view.phase;
  view.board.forEach((stone, index) => set(state.board, index, stone ?? -1));
  state.turn = view.turn ?? -1;
  state.deadline = view.deadline ?? 0;
  state.turnSeconds = view.turnSeconds;
  if (view.last !== null && view.drops !== state.drops) state.last = dropOf(view.last);
  state.drops = view.drops;
  state.how = view.result?.how ?? "";
  state.winner = view.result?.winner ?? -1;
  fill(state.winningLine, flat(view.winningLine));
  fill(state.revealed, (view.revealed ?? []).flatMap(flat));
  for (const [seat, shown] of state.seats.entries()) {
    const { stones, lost, bombs } = view.scores[seat]!;
    shown.ready = view.ready[seat]!;
    shown.stones = stones;
    shown.lost = lost;
    shown.bombsLeft = bombs;
    fill(shown.bombs, flat(game.bombs[seat] ?? []));
  }
}

function dropOf({ seat, side, line, path, explosion }: NonNullable<View["last"]>): InstanceType<typeof DropState> {
  const stones = explosion?.stones ?? [];
  const bombs = explosion?.bombs ?? [];
  const drop = new DropState();
  drop.seat = seat;
  drop.side = side;
  drop.line = line;
  drop.path = new ArraySchema(...flat(path));
  drop.explosion = new ArraySchema(...(explosion?.at ?? []));
  drop.stonesTaken = new ArraySchema(...stones.flatMap(({ cell: [x, y], seat: owner }) => [x, y, owner]));
  drop.bombsTaken = new ArraySchema(...bombs.flatMap(({ cell: [x, y], seat: owner }) => [x, y, owner]));
  return drop;
}

const flat = (cells: readonly Cell[]): number[] => cells.flatMap(([x, y]) => [x, y]);

function fill(array: ArraySchema<number>, values: readonly number[]): void {
  if (array.length > values.length) array.clear();
  values.forEach((value, index) => set(array, index, value));
}

function set(array: ArraySchema<number>, index: number, value: number): void {
  if (index >= array.length) array.push(value);
  else if (array[index] !== value) array[index] = value;
}
