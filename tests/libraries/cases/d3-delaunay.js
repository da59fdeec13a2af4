import { Delaunay } from "d3-delaunay";
import { points } from "../seeded.js";

export function run() {
  const delaunay = Delaunay.from(points(60, 13));
  const voronoi = delaunay.voronoi([0, 0, 1, 1]);
  return { hull: [...delaunay.hull], cell: voronoi.cellPolygon(7), neighbours: [...delaunay.neighbors(7)] };
}
