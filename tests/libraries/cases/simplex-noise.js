import { createNoise2D, createNoise3D } from "simplex-noise";
import { points, seeded } from "../seeded.js";

export function run() {
  const flat = createNoise2D(seeded(37));
  const deep = createNoise3D(seeded(38));
  return points(50, 41).map(([x, y]) => [flat(x * 9, y * 9), deep(x * 9, y * 9, x + y)]);
}
