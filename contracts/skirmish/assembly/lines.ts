/** Straight lines over the field, tile by tile. Nothing but sums, products and quotients: the same on every machine. */
import { isWall, tileOf } from "./field";
import { tile } from "./terms";

/**
 * The part of the way from one place to another that is free: 1 if all of it is, else how far the first wall is.
 *
 * Amanatides and Woo: from border to border of the tiles, by which is crossed first.
 */
export function freePart(fromX: f64, fromZ: f64, toX: f64, toZ: f64): f64 {
  const wayX = toX - fromX;
  const wayZ = toZ - fromZ;
  let x = tileOf(fromX);
  let z = tileOf(fromZ);
  const stepX = wayX > 0 ? 1 : -1;
  const stepZ = wayZ > 0 ? 1 : -1;
  const acrossX = wayX == 0 ? Infinity : tile / abs(wayX);
  const acrossZ = wayZ == 0 ? Infinity : tile / abs(wayZ);
  let nextX = wayX == 0 ? Infinity : (<f64>(wayX > 0 ? x + 1 : x) * tile - fromX) / wayX;
  let nextZ = wayZ == 0 ? Infinity : (<f64>(wayZ > 0 ? z + 1 : z) * tile - fromZ) / wayZ;
  for (let left = abs(tileOf(toX) - x) + abs(tileOf(toZ) - z); left > 0; left--) {
    const at = nextX < nextZ ? nextX : nextZ;
    if (nextX < nextZ) {
      x += stepX;
      nextX += acrossX;
    } else {
      z += stepZ;
      nextZ += acrossZ;
    }
    if (isWall(x, z)) return at;
  }
  return 1;
}

/** Whether somebody at one place sees the other. The same from both, whichever way a line through a corner is rounded. */
export function sees(x0: f64, z0: f64, x1: f64, z1: f64): bool {
  const turned = x1 < x0 || (x1 == x0 && z1 < z0);
  return (turned ? freePart(x1, z1, x0, z0) : freePart(x0, z0, x1, z1)) == 1;
}
