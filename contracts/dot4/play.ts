/** What may be played, judged from a view alone: for the page's hints, for bots, tests and benches. Pure. */
import { cellAt, run, sides, size, type Cell, type Side } from "./board.ts";
import { bombsEach, type Drop, type Move, type Place } from "./moves.ts";
import type { View } from "./view.ts";

/** A source of whole numbers from 0 to `below - 1`. */
export interface Dice {
  below(below: number): number;
}

/** Whether this seat still has bombs to hide. */
export const mayPlace = (view: View, seat: number): boolean =>
  view.phase === "placing" && (seat === 0 || seat === 1) && !view.ready[seat];

/** Whether it is this seat's turn to drop. */
export const mayDrop = (view: View, seat: number): boolean => view.phase === "playing" && view.turn === seat;

/** Whether a stone can enter there. Bombs never block, so this tells nothing about them. */
export const isOpen = (view: View, side: Side, line: number): boolean => run(view.board, side, line).length > 0;

/** Every drop this seat may make now, by side and line. */
export function legalDrops(view: View, seat: number): Drop[] {
  if (!mayDrop(view, seat)) return [];
  const lines = Array.from({ length: size }, (_, line) => line);
  return sides.flatMap((side) =>
    lines.filter((line) => isOpen(view, side, line)).map((line): Drop => ({ kind: "drop", side, line })),
  );
}

/** The cells a stone dropped there runs over, the last being where it would rest, as far as this view tells. */
export const expectedPath = (view: View, side: Side, line: number): Cell[] => run(view.board, side, line);

/** A legal choice of three cells. */
export function randomPlace(dice: Dice): Place {
  const cells = Array.from({ length: size * size }, (_, index) => cellAt(index));
  const draw = (): Cell => cells.splice(dice.below(cells.length), 1)[0]!;
  const bombs = Array.from({ length: bombsEach }, draw).map(([x, y]): [number, number] => [x, y]);
  return { kind: "place", bombs: bombs as Place["bombs"] };
}

/** A legal move of this seat that ends nothing by itself, or null if it has to wait. */
export function randomMove(view: View, seat: number, dice: Dice): Move | null {
  if (mayPlace(view, seat)) return randomPlace(dice);
  const drops = legalDrops(view, seat);
  return drops.length === 0 ? null : drops[dice.below(drops.length)]!;
}
