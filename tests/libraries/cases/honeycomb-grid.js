import { defineHex, fromCoordinates, Grid, line, rectangle, ring, spiral } from "honeycomb-grid";

export function run() {
  const Hex = defineHex({ dimensions: 10 });
  const grid = new Grid(Hex, rectangle({ width: 6, height: 5 }));
  const names = (hexes) => [...hexes].map(({ q, r }) => `${q},${r}`);
  return {
    size: grid.size,
    line: names(grid.traverse(line({ start: [0, 0], stop: [3, 3] }))),
    ring: names(grid.traverse(ring({ center: [2, 2], radius: 1 }))),
    spiral: names(new Grid(Hex, spiral({ radius: 1 }))),
    some: names(grid.traverse(fromCoordinates([1, 1], [9, 9]))),
    distance: grid.distance([0, 0], [4, 2]),
    at: grid.getHex([2, 1]).corners.map(({ x, y }) => [x, y]),
  };
}
