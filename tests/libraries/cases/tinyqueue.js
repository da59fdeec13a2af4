import TinyQueue from "tinyqueue";
import { points } from "../seeded.js";

export function run() {
  const queue = new TinyQueue(points(80, 23), (a, b) => a[0] - b[0]);
  const out = [];
  for (let point = queue.pop(); point !== undefined; point = queue.pop()) out.push(point);
  return out;
}
