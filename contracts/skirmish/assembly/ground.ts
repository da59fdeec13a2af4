/** What a fighter's own row says of the ground: `predict` looks there, in the room and in the page. */
import { Fighter, Gear } from "./components.generated";
import { isWall, tileOf } from "./field";

/** After every way it has gone. */
export function lookDown(row: i32): void {
  const column = tileOf(Fighter.x[row]);
  const line = tileOf(Fighter.z[row]);
  if (column == Gear.column[row] && line == Gear.row[row]) return;
  let walls: u32 = 0;
  for (let z = 2; z >= -2; z--) {
    for (let x = 2; x >= -2; x--) walls = (walls << 1) | (isWall(column + x, line + z) ? 1 : 0);
  }
  Gear.column[row] = <u8>column;
  Gear.row[row] = <u8>line;
  Gear.nearby[row] = walls;
}
