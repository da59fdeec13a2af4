/** What a screen reader says about a place on the board. */
import { sameCell, type Cell, type Seat } from "#dot4/board.ts";
import type { LastDrop, View } from "#dot4/view.ts";
import type { ExpectedDrop } from "./expect.ts";
import { aimName, cellName } from "./names.ts";
import type { Aim } from "./spots.ts";

/** Seats differ by shape as well as by colour. */
const shapeOf: readonly [string, string] = ["round", "diamond"];

/** Whether the newest drop came to rest on this cell. */
export function isRestOf(drop: LastDrop | null, cell: Cell): boolean {
  const end = drop?.path.at(-1);
  return drop !== null && drop.explosion === null && end !== undefined && sameCell(end, cell);
}

/** The seats whose bombs this viewer sees on a cell: the own ones during play, everybody's at the end. */
export function bombsAt(view: View, seat: Seat | null, cell: Cell): Seat[] {
  const lies = (bombs: readonly Cell[]): boolean => bombs.some((bomb) => sameCell(bomb, cell));
  const { revealed } = view;
  if (revealed !== null) return ([0, 1] as const).filter((owner) => lies(revealed[owner]));
  return seat !== null && lies(view.bombs) ? [seat] : [];
}

/** "D7, your stone, newest stone". */
export function cellLabel(view: View, seat: Seat | null, cell: Cell, stone: Seat | null, picked: boolean): string {
  const whose = (owner: Seat): string => (seat === null ? shapeOf[owner] : owner === seat ? "your" : "opponent's");
  const holds = [
    ...(stone === null ? [] : [`${whose(stone)} stone`]),
    ...bombsAt(view, seat, cell).map((owner) => `${whose(owner)} bomb`),
    ...(picked ? ["chosen for a bomb"] : []),
  ];
  const notes = [
    ...(isRestOf(view.last, cell) ? ["newest stone"] : []),
    ...(view.winningLine.some((part) => sameCell(part, cell)) ? ["in the winning line"] : []),
  ];
  return [cellName(cell), holds.length === 0 ? "empty" : holds.join(" and "), ...notes].join(", ");
}

/** "Drop from the top into column D, stops at D7 unless a bomb lies on the way". */
export function edgeLabel(aim: Aim, expected: ExpectedDrop): string {
  return `Drop ${aimName(aim)}, ${endOf(expected)}`;
}

/** How a drop would end, as far as its player can know. */
export function endOf({ path, explodes }: ExpectedDrop): string {
  const end = path.at(-1);
  if (end === undefined) return "blocked by a stone";
  return explodes
    ? `reaches your own bomb at ${cellName(end)}`
    : `stops at ${cellName(end)} unless a bomb lies on the way`;
}
