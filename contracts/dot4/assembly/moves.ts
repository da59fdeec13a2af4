/** What a player of Dot4 may ask for, read from what a player sent. */
import { Value } from "phatroom/assembly";
import { size } from "./board";

/** Bombs each player hides before play. */
export const bombsEach: i32 = 3;

export class Move {
  constructor(readonly kind: string) {}

  /** Of "place". */
  bombs: i32[] = [];
  /** Of "drop". */
  side: string = "";
  line: i32 = 0;
}

export function readMove(value: Value): Move {
  const move = new Move(value.variant("kind", ["place", "drop", "resign"]));
  if (move.kind == "place") {
    move.bombs = readBombs(value.member("bombs"));
  } else if (move.kind == "drop") {
    move.side = value.member("side").choice(["top", "right", "bottom", "left"]);
    move.line = value.member("line").whole(0, size - 1);
  }
  value.only();
  return move;
}

function readBombs(value: Value): i32[] {
  const cells: i32[] = [];
  for (let i = 0; i < bombsEach; i++) cells.push(readCell(value.item(i)));
  value.only();
  value.check(value.typed && areDistinct(value.items), "Choose three different cells.");
  return cells;
}

/** As they were sent: also cells that are not on the board may be the same. */
function areDistinct(cells: Value[]): bool {
  return !isSame(cells[0], cells[1]) && !isSame(cells[1], cells[2]) && !isSame(cells[0], cells[2]);
}

function isSame(a: Value, b: Value): bool {
  return a.items[0].asNumber == b.items[0].asNumber && a.items[1].asNumber == b.items[1].asNumber;
}

function readCell(value: Value): i32 {
  const x = value.item(0).whole(0, size - 1);
  const y = value.item(1).whole(0, size - 1);
  value.only();
  return y * size + x;
}
