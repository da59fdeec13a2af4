import PF from "pathfinding";
import { seeded } from "../seeded.js";

export function run() {
  const next = seeded(29);
  const walls = Array.from({ length: 20 }, () => Array.from({ length: 20 }, () => (next() < 0.25 ? 1 : 0)));
  walls[0][0] = walls[19][19] = 0;
  const finders = [new PF.AStarFinder({ diagonalMovement: PF.DiagonalMovement.Never }), new PF.JumpPointFinder()];
  return finders.map((finder) => finder.findPath(0, 0, 19, 19, new PF.Grid(walls)));
}
