import KDBush from "kdbush";
import { points } from "../seeded.js";

export function run() {
  const all = points(400, 5);
  const index = new KDBush(all.length);
  for (const [x, y] of all) index.add(x, y);
  index.finish();
  return { box: index.range(0.1, 0.1, 0.3, 0.2), near: index.within(0.5, 0.5, 0.1) };
}
