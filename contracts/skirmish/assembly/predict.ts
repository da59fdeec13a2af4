/**
 * One step of one fighter, as the room and the player's own page compute it: where the stick points, and not through walls.
 * It looks at the fighter's own rows and at what its player wants, and at nothing else.
 */
import { Fighter, Gear, Push } from "./components.generated";
import { girth, stickMax, stride, tile } from "./terms";

export function predict(row: i32, seat: i32): void {
  if (Fighter.health[row] == 0) return;
  Fighter.aim[row] = Push.aim[seat];
  const east = <f64>Push.east[seat];
  const south = <f64>Push.south[seat];
  if (east == 0 && south == 0) return;
  // A stick that points beyond the circle is as good as one at its edge.
  const scale = stride / max(sqrt<f64>(east * east + south * south), stickMax);
  go(row, east * scale, south * scale);
}

/** First along one side, then along the other: along a wall one slides. */
export function go(row: i32, wayX: f64, wayZ: f64): void {
  const x = <f64>Fighter.x[row];
  const z = <f64>Fighter.z[row];
  const nextX = <f64>(<f32>(x + wayX));
  const nextZ = <f64>(<f32>(z + wayZ));
  const free = isFree(row, nextX, z);
  if (free) Fighter.x[row] = <f32>nextX;
  if (isFree(row, free ? nextX : x, nextZ)) Fighter.z[row] = <f32>nextZ;
}

/** Whether a fighter's square stands on floor alone. */
function isFree(row: i32, x: f64, z: f64): bool {
  const walls = Gear.nearby[row];
  const column = <i32>Gear.column[row] - 2;
  const line = <i32>Gear.row[row] - 2;
  const left = <i32>((x - girth) / tile) - column;
  const right = <i32>((x + girth) / tile) - column;
  const top = <i32>((z - girth) / tile) - line;
  const bottom = <i32>((z + girth) / tile) - line;
  return (
    ((wallAt(walls, left, top) |
      wallAt(walls, right, top) |
      wallAt(walls, left, bottom) |
      wallAt(walls, right, bottom)) &
      1) ==
    0
  );
}

/** Its lowest bit says whether there is one. What is farther than two tiles is not known, and nobody gets there in a step. */
function wallAt(walls: u32, x: i32, z: i32): u32 {
  return <u32>x > 4 || <u32>z > 4 ? 0 : walls >> (z * 5 + x);
}
