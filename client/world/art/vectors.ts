/** Points, colours, and moves of points: what sketches are drawn with. */

export type Point = readonly [x: number, y: number, z: number];
/** Red, green and blue, 0 to 1, as a screen shows them. */
export type Colour = readonly [number, number, number];

/** `#rrggbb`. */
export const hex = (code: string): Colour => {
  const at = (i: number): number => parseInt(code.slice(i, i + 2), 16) / 255;
  return [at(1), at(3), at(5)];
};
export const mix = (a: Colour, b: Colour, share: number): Colour => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];
export const shade = (colour: Colour, factor: number): Colour => [
  colour[0] * factor,
  colour[1] * factor,
  colour[2] * factor,
];

export const subtract = (a: Point, b: Point): Point => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const cross = (a: Point, b: Point): Point => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const normalised = (a: Point): Point => {
  const length = Math.hypot(...a) || 1;
  return [a[0] / length, a[1] / length, a[2] / length];
};

/** Takes a point somewhere else. */
export type Move = (point: Point) => Point;
export const moveBy =
  (x: number, y: number, z: number): Move =>
  (p) => [p[0] + x, p[1] + y, p[2] + z];
export const scaleBy =
  (x: number, y = x, z = x): Move =>
  (p) => [p[0] * x, p[1] * y, p[2] * z];
export function turnY(angle: number): Move {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return (p) => [p[0] * c + p[2] * s, p[1], -p[0] * s + p[2] * c];
}
export function turnZ(angle: number): Move {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return (p) => [p[0] * c - p[1] * s, p[0] * s + p[1] * c, p[2]];
}
/** One after the other. */
export const inTurn =
  (...moves: readonly Move[]): Move =>
  (point) =>
    moves.reduce((at, move) => move(at), point);
