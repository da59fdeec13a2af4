/** What can be seen from a place: the outline of the light, and the walls that it falls on. Pure. */
import { isWall, type Field } from "#skirmish/field.ts";
import { tile } from "#skirmish/terms.ts";

export interface Light {
  /** Around the place, in order: x and z of every corner, in metres. */
  readonly outline: Float64Array;
  /** Indices of tiles. */
  readonly walls: ReadonlySet<number>;
}

/** Lines at least, so that the edge of sight is round. */
const linesLeast = 120;
/** A line on each side of a corner: radians. */
const beside = 1e-4;

/** @param reach in metres. */
export function lightFrom(field: Field, x: number, z: number, reach: number): Light {
  const angles = anglesToCorners(field, x, z, reach);
  for (let i = 0; i < linesLeast; i++) angles.push((i / linesLeast) * 2 * Math.PI - Math.PI);
  angles.sort((a, b) => a - b);
  const outline = new Float64Array(2 * angles.length);
  const walls = new Set<number>();
  angles.forEach((angle, i) => {
    const [wayX, wayZ] = [Math.cos(angle), Math.sin(angle)];
    const { part, wall } = follow(field, x, z, wayX * reach, wayZ * reach);
    if (wall !== undefined) walls.add(wall);
    outline[2 * i] = x + wayX * reach * part;
    outline[2 * i + 1] = z + wayZ * reach * part;
  });
  return { outline, walls };
}

/** Corners of tiles along walls: light may pass there, and every tile of a wall has one, however flat it falls. */
function anglesToCorners(field: Field, x: number, z: number, reach: number): number[] {
  const angles: number[] = [];
  const [left, top] = [Math.floor((x - reach) / tile), Math.floor((z - reach) / tile)];
  const across = Math.ceil((2 * reach) / tile) + 1;
  for (let row = top; row <= top + across; row++) {
    for (let column = left; column <= left + across; column++) {
      const around = [
        isWall(field, column - 1, row - 1),
        isWall(field, column, row - 1),
        isWall(field, column - 1, row),
        isWall(field, column, row),
      ];
      const count = around.filter(Boolean).length;
      if (count === 0 || count === 4) continue;
      const [toX, toZ] = [column * tile - x, row * tile - z];
      if (Math.hypot(toX, toZ) > reach) continue;
      const angle = Math.atan2(toZ, toX);
      angles.push(angle - beside, angle, angle + beside);
    }
  }
  return angles;
}

/** As `freePart`, and which tile it ends at. */
function follow(
  field: Field,
  fromX: number,
  fromZ: number,
  wayX: number,
  wayZ: number,
): { readonly part: number; readonly wall: number | undefined } {
  let column = Math.floor(fromX / tile);
  let row = Math.floor(fromZ / tile);
  const acrossX = tile / Math.abs(wayX);
  const acrossZ = tile / Math.abs(wayZ);
  let nextX = wayX === 0 ? Infinity : ((wayX > 0 ? column + 1 : column) * tile - fromX) / wayX;
  let nextZ = wayZ === 0 ? Infinity : ((wayZ > 0 ? row + 1 : row) * tile - fromZ) / wayZ;
  for (;;) {
    const part = Math.min(nextX, nextZ);
    if (part >= 1) return { part: 1, wall: undefined };
    if (nextX < nextZ) {
      column += wayX > 0 ? 1 : -1;
      nextX += acrossX;
    } else {
      row += wayZ > 0 ? 1 : -1;
      nextZ += acrossZ;
    }
    if (isWall(field, column, row)) return { part, wall: row * field.tiles + column };
  }
}
