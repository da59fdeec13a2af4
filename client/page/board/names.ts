/** How places on the board are called: columns A to J from the left, rows 1 to 10 from the top. */
import type { Cell, Side } from "#dot4/board.ts";
import type { Aim } from "./spots.ts";

export const columnName = (x: number): string => String.fromCharCode(65 + x);
export const rowName = (y: number): string => String(y + 1);

/** "D7". */
export const cellName = ([x, y]: Cell): string => columnName(x) + rowName(y);

const sideNames: Record<Side, string> = { top: "the top", right: "the right", bottom: "the bottom", left: "the left" };

/** "from the top into column D". */
export const aimName = ({ side, line }: Aim): string =>
  `from ${sideNames[side]} into ${side === "top" || side === "bottom" ? `column ${columnName(line)}` : `row ${rowName(line)}`}`;
