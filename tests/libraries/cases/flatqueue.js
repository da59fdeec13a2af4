import FlatQueue from "flatqueue";
import { seeded } from "../seeded.js";

export function run() {
  const next = seeded(19);
  const queue = new FlatQueue();
  for (let i = 0; i < 100; i++) queue.push(i, next());
  const out = [];
  while (queue.length > 0) out.push([queue.peekValue(), queue.pop()]);
  return out;
}
