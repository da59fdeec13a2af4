import RBush from "rbush";
import { points } from "../seeded.js";

export function run() {
  const tree = new RBush(6);
  const boxes = points(300).map(([x, y], id) => ({ minX: x, minY: y, maxX: x + 0.02, maxY: y + 0.01, id }));
  tree.load(boxes);
  for (const box of boxes.slice(0, 50)) tree.remove(box);
  const found = tree.search({ minX: 0.2, minY: 0.2, maxX: 0.4, maxY: 0.5 });
  return {
    found: found.map(({ id }) => id),
    root: [tree.toJSON().minX, tree.toJSON().maxY],
    height: tree.toJSON().height,
  };
}
