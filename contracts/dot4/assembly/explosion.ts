/** What happens when a stone reaches a bomb: it, the bomb and everything in the 3×3 around the bomb are gone. */
import { Board, isOnBoard, none, size } from "./board";

/** A stone or a bomb that an explosion took. */
export class Taken {
  constructor(
    readonly cell: i32,
    readonly seat: i32,
  ) {}
}

/** Everything that an explosion took, for everybody to see. The stone that set it off is not among `stones`. */
export class Explosion {
  readonly stones: Taken[] = [];
  /** The one that went off included. */
  readonly bombs: Taken[] = [];

  /** @param at where the bomb lay. */
  constructor(readonly at: i32) {}
}

/** Bombs of one seat that are still on the board, in reading order; hidden all at once. */
export class Bombs {
  hidden: bool = false;
  cells: i32[] = [];

  /** In reading order, so that nothing tells in which order they were hidden. */
  hide(cells: i32[]): void {
    this.cells = cells.slice(0).sort((a, b) => a - b);
    this.hidden = true;
  }

  holds(cell: i32): bool {
    return this.cells.includes(cell);
  }

  remove(cell: i32): void {
    const index = this.cells.indexOf(cell);
    if (index >= 0) this.cells.splice(index, 1);
  }
}

/** Takes the stones and bombs around `at` off the board. */
export function explode(board: Board, bombs: Bombs[], at: i32): Explosion {
  const explosion = new Explosion(at);
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const x = (at % size) + dx;
      const y = at / size + dy;
      if (isOnBoard(x, y)) take(board, bombs, y * size + x, explosion);
    }
  }
  return explosion;
}

/** By cell, then by seat: the order in which bombs were hidden is nobody's business. */
function take(board: Board, bombs: Bombs[], cell: i32, explosion: Explosion): void {
  const stone = board.at(cell);
  if (stone != none) explosion.stones.push(new Taken(cell, stone));
  board.put(cell, none);
  for (let seat = 0; seat < 2; seat++) {
    if (!bombs[seat].holds(cell)) continue;
    explosion.bombs.push(new Taken(cell, seat));
    bombs[seat].remove(cell);
  }
}
