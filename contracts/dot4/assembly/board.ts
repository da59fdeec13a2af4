/** The board of Dot4 and how stones travel over it. Cells are numbers, row by row: `y * size + x`. */

export const size: i32 = 10;

/** What lies in a cell where no stone is, and the seat that nobody has. */
export const none: i32 = -1;

export class Board {
  /** By cell: the seat whose stone lies there, or `none`. */
  readonly stones: StaticArray<i8> = new StaticArray<i8>(size * size).fill(<i8>none);

  at(cell: i32): i32 {
    return this.stones[cell];
  }

  put(cell: i32, seat: i32): void {
    this.stones[cell] = <i8>seat;
  }

  count(seat: i32): i32 {
    let count = 0;
    for (let cell = 0; cell < size * size; cell++) if (this.at(cell) == seat) count++;
    return count;
  }

  /** Cells a stone runs over until a stone or the far edge stops it. Empty: the line is blocked at its first cell. */
  run(side: string, line: i32): i32[] {
    const cells: i32[] = [];
    for (let step = 0; step < size; step++) {
      const cell = laneCell(side, line, step);
      if (this.at(cell) != none) break;
      cells.push(cell);
    }
    return cells;
  }

  /** Whether any stone can still be dropped: every line begins at the rim, so whether a cell of the rim is empty. */
  canDrop(): bool {
    for (let i = 0; i < size; i++) {
      const last = size - 1;
      if (this.at(i) == none || this.at(last * size + i) == none) return true;
      if (this.at(i * size) == none || this.at(i * size + last) == none) return true;
    }
    return false;
  }

  /** The cells of every line of four or more through `cell`, all of one seat; empty if there is none. */
  winningLine(cell: i32): i32[] {
    const won: i32[] = [];
    if (this.at(cell) == none) return won;
    this.addLine(won, cell, 1, 0);
    this.addLine(won, cell, 0, 1);
    this.addLine(won, cell, 1, 1);
    this.addLine(won, cell, 1, -1);
    return won;
  }

  private addLine(won: i32[], cell: i32, dx: i32, dy: i32): void {
    const before = this.reach(cell, -dx, -dy);
    const length = before + 1 + this.reach(cell, dx, dy);
    if (length < 4) return;
    const step = dy * size + dx;
    for (let i = 0; i < length; i++) {
      const part = cell + (i - before) * step;
      if (!won.includes(part)) won.push(part);
    }
  }

  /** How many neighbours of `cell` in one direction hold the same seat's stones. */
  private reach(cell: i32, dx: i32, dy: i32): i32 {
    const seat = this.at(cell);
    let count = 0;
    while (true) {
      const x = (cell % size) + dx * (count + 1);
      const y = cell / size + dy * (count + 1);
      if (!isOnBoard(x, y) || this.at(y * size + x) != seat) return count;
      count++;
    }
  }
}

export function isOnBoard(x: i32, y: i32): bool {
  return x >= 0 && x < size && y >= 0 && y < size;
}

/** The cell that a stone dropped from that side reaches after so many steps. */
function laneCell(side: string, line: i32, step: i32): i32 {
  const back = size - 1 - step;
  if (side == "top") return step * size + line;
  if (side == "bottom") return back * size + line;
  if (side == "left") return line * size + step;
  return line * size + back;
}
