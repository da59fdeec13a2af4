import earcut, { deviation, flatten } from "earcut";

export function run() {
  const ring = [
    [0, 0],
    [10, 0],
    [11, 7],
    [4, 12],
    [-2, 6],
  ];
  const hole = [
    [3, 3],
    [3, 6],
    [6, 6],
    [6, 3],
  ];
  const { vertices, holes, dimensions } = flatten([ring, hole]);
  const triangles = earcut(vertices, holes, dimensions);
  return { triangles, deviation: deviation(vertices, holes, dimensions, triangles) };
}
