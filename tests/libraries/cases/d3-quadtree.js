import { quadtree } from "d3-quadtree";
import { points } from "../seeded.js";

export function run() {
  const tree = quadtree(points(200, 9));
  let nodes = 0;
  tree.visit(() => {
    nodes += 1;
  });
  return { nodes, extent: tree.extent(), nearest: tree.find(0.5, 0.5), within: tree.find(2, 2, 0.1) ?? null };
}
