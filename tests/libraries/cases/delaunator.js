import Delaunator from "delaunator";
import { points } from "../seeded.js";

export function run() {
  const { triangles, halfedges, hull } = Delaunator.from(points(100, 17));
  return { triangles: [...triangles], halfedges: [...halfedges], hull: [...hull] };
}
