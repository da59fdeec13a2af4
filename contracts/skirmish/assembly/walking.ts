/** How fighters move: where their stick points, not through walls, and not into each other. */
import { Fighter } from "./components.generated";
import { rowsEnd, standing, stands } from "./fighters";
import { lookDown } from "./ground";
import { go, predict } from "./predict";
import { girth, seats } from "./terms";

/** How far each is pushed by the others. */
const pushX = new StaticArray<f64>(seats);
const pushZ = new StaticArray<f64>(seats);

export function walkAll(): void {
  for (let row = 0; row < rowsEnd; row++) {
    if (!stands(row)) continue;
    predict(row, Fighter.owner[row]);
    lookDown(row);
  }
}

/** Whoever overlaps steps back by half of it, as long as a wall lets them. All of them see where the others stood before. */
export function pushApart(): void {
  const between = 2 * girth;
  for (let row = 0; row < rowsEnd; row++) {
    if (!stands(row)) continue;
    const x = <f64>Fighter.x[row];
    const z = <f64>Fighter.z[row];
    let wayX: f64 = 0;
    let wayZ: f64 = 0;
    standing.around(x, z, between);
    for (let other = standing.next(); other >= 0; other = standing.next()) {
      const fromX = x - <f64>Fighter.x[other];
      const fromZ = z - <f64>Fighter.z[other];
      const square = fromX * fromX + fromZ * fromZ;
      if (other == row || square >= between * between) continue;
      const distance = sqrt<f64>(square);
      // Two at one place part along the sides: the lower row to the west.
      const scale = distance == 0 ? 0 : (between - distance) / (2 * distance);
      wayX += distance == 0 ? (row < other ? -girth : girth) : fromX * scale;
      wayZ += fromZ * scale;
    }
    unchecked((pushX[row] = wayX));
    unchecked((pushZ[row] = wayZ));
  }
  for (let row = 0; row < rowsEnd; row++) {
    const wayX = unchecked(pushX[row]);
    const wayZ = unchecked(pushZ[row]);
    if ((wayX == 0 && wayZ == 0) || !stands(row)) continue;
    go(row, wayX, wayZ);
    lookDown(row);
  }
}
